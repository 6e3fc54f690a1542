/** @file Relays two message ports and two notices to the page; exposes nothing else. */
import { ipcRenderer } from "electron";

const requests = new Set(["semblance:request-engine-port", "semblance:request-shell-port"]);

window.addEventListener("message", (event: MessageEvent<{ type?: string }>) => {
  if (event.source === window && event.data?.type && requests.has(event.data.type)) ipcRenderer.send(event.data.type);
});

for (const channel of ["semblance:engine-port", "semblance:shell-port"]) {
  ipcRenderer.on(channel, (event) =>
    window.postMessage({ type: channel }, window.location.origin, event.ports as unknown as Transferable[]),
  );
}
for (const channel of ["semblance:engine-down", "semblance:engine-up"]) {
  ipcRenderer.on(channel, () => window.postMessage({ type: channel }, window.location.origin));
}
