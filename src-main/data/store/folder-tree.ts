/** @file The tree of folders that hold pictures, with how many different pictures lie in and below each. */
import { dirname } from "node:path";
import type { LibraryFolder, RootId } from "#shared/domain/library";
import type { FileTable } from "./file-table";
import { naturalPathKey } from "./natural-key";
import type { PathNumbers } from "./path-numbers";

export interface TreeRoot {
  readonly id: RootId;
  readonly path: string;
  readonly name: string;
}

interface Folder {
  readonly rootId: RootId;
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly parent: Folder | null;
  count: number;
}

/** Counts each picture once per folder, however many of its files lie below it. Parents come before children, names in natural order. */
export function folderTree(roots: readonly TreeRoot[], files: FileTable, paths: PathNumbers): LibraryFolder[] {
  const folders = new Map<string, Folder>();
  for (const root of roots) folders.set(root.path, { rootId: root.id, path: root.path, name: root.name, depth: 0, parent: null, count: 0 });

  const folderAt = (path: string): Folder | null => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    if (dirname(path) === path) return null;
    const parent = folderAt(dirname(path));
    if (parent === null) return null;
    const folder: Folder = {
      rootId: parent.rootId,
      path,
      name: path.slice(parent.path.length).replace(/^[\\/]/, ""),
      depth: parent.depth + 1,
      parent,
      count: 0,
    };
    folders.set(path, folder);
    return folder;
  };

  const numbered = Array.from<Folder | null | undefined>({ length: paths.folderCount });
  const folderOf = (file: number): Folder | null => (numbered[paths.folderOf(file)] ??= folderAt(dirname(paths.textAt(file))));

  for (const asset of files.assets) {
    const own = files.filesOf(asset);
    const counted = own.length > 1 ? new Set<Folder>() : null;
    for (const file of own) {
      for (let folder = folderOf(file); folder !== null; folder = folder.parent) {
        if (counted?.has(folder) === true) break;
        counted?.add(folder);
        folder.count += 1;
      }
    }
  }

  const keyed = [...folders.values()].map((folder) => ({ folder, key: naturalPathKey(folder.path) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return keyed.map(({ folder: { rootId, path, name, depth, count } }) => ({ rootId, path, name, depth, count }));
}
