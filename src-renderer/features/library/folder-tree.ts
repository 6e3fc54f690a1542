/** @file The folder tree as flat rows: roots with their folders, closed branches left out. */
import type { LibraryFolder, WatchedRoot } from "#shared/domain/library";

export interface FolderRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly count: number;
  readonly root: WatchedRoot;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
}

/** Rows in the order they are drawn. `folders` come depth first under their root; `open` holds the paths of open branches. */
export function folderRows(
  roots: readonly WatchedRoot[],
  folders: readonly LibraryFolder[],
  open: ReadonlySet<string>,
): readonly FolderRow[] {
  return roots.flatMap((root) => {
    const own = folders.filter((folder) => folder.rootId === root.id);
    const whole =
      own[0]?.depth === 0 ? own : [{ rootId: root.id, path: root.path, name: root.name, depth: 0, count: root.fileCount }, ...own];
    return visibleRows(whole, root, open);
  });
}

function visibleRows(folders: readonly LibraryFolder[], root: WatchedRoot, open: ReadonlySet<string>): readonly FolderRow[] {
  const rows: FolderRow[] = [];
  let closedDepth = Infinity;
  for (const [index, folder] of folders.entries()) {
    if (folder.depth > closedDepth) continue;
    const hasChildren = (folders[index + 1]?.depth ?? 0) > folder.depth;
    const isOpen = hasChildren && open.has(folder.path);
    closedDepth = isOpen ? Infinity : folder.depth;
    rows.push({
      path: folder.path,
      name: folder.depth === 0 ? root.name : folder.name,
      depth: folder.depth,
      count: folder.count,
      root,
      hasChildren,
      isOpen,
    });
  }
  return rows;
}
