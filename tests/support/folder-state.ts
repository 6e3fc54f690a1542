/** @file What a folder holds, exactly: to prove that nothing in it was touched. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";

export interface FolderStateOptions {
  /** Also the times at which folders got or lost names, and at which anything about a name changed, even back and forth. */
  readonly isExact?: boolean;
}

/** Every name below `folder` with its kind, size, modification time and content. Files that may not be read count by their size and time. */
export async function folderState(folder: string, { isExact = false }: FolderStateOptions = {}): Promise<Readonly<Record<string, string>>> {
  const state: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const { mtimeMs, ctimeMs, size, mode } = await lstat(path);
    const times = isExact ? ` ${mtimeMs} ${ctimeMs}` : "";
    if (entry.isDirectory()) {
      state[path] = `folder ${mode}${times}`;
      Object.assign(state, await folderState(path, { isExact }));
    } else if (entry.isSymbolicLink()) state[path] = `link ${await readlink(path)} ${mtimeMs}`;
    else {
      const content = await readFile(path).then(
        (bytes) => createHash("sha256").update(bytes).digest("hex"),
        () => "closed",
      );
      state[path] = `file ${size} ${mtimeMs} ${mode} ${content}${times}`;
    }
  }
  return state;
}
