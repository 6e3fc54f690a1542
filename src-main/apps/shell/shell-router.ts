/** @file What only a desktop window can do: the folder dialog and the file manager. */
import { implement } from "@orpc/server";
import { type BrowserWindow, dialog, shell } from "electron";
import { shellContract } from "#shared/contract/shell-contract";
import type { EngineHost } from "../../engine/engine-host";

const contract = implement(shellContract);

/** The router served to the window's page on its shell port. */
export function createShellRouter(window: BrowserWindow, host: EngineHost) {
  return contract.router({
    chooseFolders: contract.chooseFolders.handler(async () => {
      const { filePaths } = await dialog.showOpenDialog(window, { properties: ["openDirectory", "multiSelections"] });
      return filePaths;
    }),
    showInFolder: contract.showInFolder.handler(async ({ input }) => {
      const file = await host.media({ kind: "picture", assetId: input.assetId });
      shell.showItemInFolder(file.headers?.["x-semblance-original"] ?? file.path);
      return {};
    }),
  });
}
