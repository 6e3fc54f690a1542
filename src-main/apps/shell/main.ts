/** @file The Electron shell: window, guards and the engine's utility process. It does no work of its own. */
import { app, dialog, session } from "electron";
import { toAppError } from "#shared/domain/app-error";
import { EngineHost } from "../../engine/engine-host";
import { registerAppScheme, serveAppProtocol } from "./app-protocol";
import { installMenu } from "./menu";
import { servePorts } from "./ports";
import { guardNavigation } from "./security/navigation-guard";
import { blockNetwork } from "./security/offline-guard";
import { denyPermissions } from "./security/permission-guard";
import { startUtilityEngine } from "./utility-engine";
import { createWindow } from "./window";

registerAppScheme();
guardNavigation(app);

async function start(): Promise<void> {
  await app.whenReady();
  denyPermissions(session.defaultSession);
  blockNetwork(session.defaultSession);
  installMenu();
  const host = new EngineHost({
    spawn: startUtilityEngine,
    init: { libraryPath: null, readOnly: false, device: null, threads: null, offline: true },
    onDown: (error, willRestart) => {
      window?.webContents.send("semblance:engine-down");
      if (!willRestart) dialog.showErrorBox("Semblance", `${error.message}\n\n${error.hint ?? ""}`);
    },
    onUp: () => window?.webContents.send("semblance:engine-up"),
  });
  let window: Electron.BrowserWindow | null = null;
  try {
    await host.start();
  } catch (thrown) {
    const error = toAppError(thrown);
    dialog.showErrorBox("Semblance", `${error.message}\n\n${error.hint ?? ""}`);
    app.exit(1);
    return;
  }
  serveAppProtocol(host);
  window = createWindow();
  servePorts(window, host);
  app.on("second-instance", () => window?.focus());
  app.on("window-all-closed", () => app.quit());
  app.on("before-quit", () => void host.stop());
}

if (app.requestSingleInstanceLock()) void start();
else app.quit();
