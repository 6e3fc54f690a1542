/** @file No request leaves the machine: everything that is not the app's own scheme is cancelled. */
import type { Session } from "electron";

export function blockNetwork(session: Session): void {
  session.webRequest.onBeforeRequest((details, callback) => {
    const isLocal = /^(app|blob|data|devtools):/.test(details.url);
    callback({ cancel: !isLocal });
  });
}
