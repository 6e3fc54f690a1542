/** @file Opens an address in the person's browser where the system has a way to. */
import { spawn } from "node:child_process";

/** Whether a browser window could appear here at all. */
export function hasDisplay(): boolean {
  return process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

/** Asks the system to open `address`; resolves to false when there is no opener. */
export function openBrowser(address: string): Promise<boolean> {
  const [command, args] = openCommand(address);
  return new Promise((resolve) => {
    const opener = spawn(command, args, { stdio: "ignore", detached: true });
    opener.once("error", () => resolve(false));
    opener.once("spawn", () => {
      opener.unref();
      resolve(true);
    });
  });
}

function openCommand(address: string): [string, string[]] {
  switch (process.platform) {
    case "darwin":
      return ["open", [address]];
    case "win32":
      return ["explorer.exe", [address]];
    default:
      return ["xdg-open", [address]];
  }
}
