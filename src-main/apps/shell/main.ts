/** @file The Electron shell: window, guards and the engine's utility process. It does no work of its own. */
import { app, dialog, session } from "electron";
import { type AppError, toAppError } from "#shared/domain/app-error";
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
  let window: Electron.BrowserWindow | null = null;
  const createHost = (readOnly: boolean): EngineHost =>
    new EngineHost({
      spawn: startUtilityEngine,
      init: { libraryPath: null, readOnly, device: null, threads: null, offline: true },
      onDown: (error, willRestart) => {
        window?.webContents.send("semblance:engine-down");
        if (!willRestart) tell(error);
      },
      onUp: () => window?.webContents.send("semblance:engine-up"),
    });
  const host = await startHost(createHost);
  if (host === null) return app.exit(1);
  serveAppProtocol(host);
  window = createWindow();
  servePorts(window, host);
  app.on("second-instance", () => window?.focus());
  app.on("window-all-closed", () => app.quit());
  app.on("before-quit", () => void host.stop());
}

function tell({ message, hint }: AppError): void {
  dialog.showErrorBox("Semblance", `${message}\n\n${hint ?? ""}`);
}

/** Starts the engine; a library that another program has is opened read-only if the person wants it. Null when there is none to be had. */
async function startHost(createHost: (readOnly: boolean) => EngineHost): Promise<EngineHost | null> {
  const wantsReadOnly = process.argv.includes("--read-only");
  for (const readOnly of wantsReadOnly ? [true] : [false, true]) {
    const host = createHost(readOnly);
    try {
      await host.start();
      return host;
    } catch (thrown) {
      const error = toAppError(thrown);
      if (readOnly || error.code !== "library/locked") {
        tell(error);
        return null;
      }
      const buttons = ["Open read-only", "Quit"];
      const detail = "Close the other program and start again, or look without changing anything.";
      const { response } = await dialog.showMessageBox({
        type: "question",
        message: error.message,
        detail,
        buttons,
        defaultId: 0,
        cancelId: 1,
      });
      if (response !== 0) return null;
    }
  }
  return null;
}

if (app.requestSingleInstanceLock()) void start();
else app.quit();
