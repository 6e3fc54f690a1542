/** @file Keeps every page of the app on the app's own origin. */
import type { App } from "electron";
import { appOrigin } from "../app-protocol";

/** Blocks navigation elsewhere, new windows and embedded views. */
export function guardNavigation(app: App): void {
  app.on("web-contents-created", (_event, contents) => {
    const stayHome = (event: Electron.Event, url: string): void => {
      if (!url.startsWith(`${appOrigin}/`)) event.preventDefault();
    };
    contents.on("will-navigate", (event) => stayHome(event, event.url));
    contents.on("will-redirect", (event) => stayHome(event, event.url));
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
  });
}
