/** @file The one window: sandboxed, isolated, without Node. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BrowserWindow } from "electron";
import { appOrigin } from "./app-protocol";

const preloadPath = join(fileURLToPath(new URL("../preload", import.meta.url)), "preload.cjs");

export function createWindow(): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: "#1f1f1f",
    title: "Semblance",
    webPreferences: { preload: preloadPath, sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}
