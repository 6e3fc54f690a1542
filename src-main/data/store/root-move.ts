/**
 * @file A root whose folder lies somewhere else now: its rows get new paths where they are.
 *
 * [Note: Moved roots] The list of roots names the new place first, and the old one as `movedFrom`. Then each table is rewritten in one commit that
 * also changes the id of the root, so that a rewritten row is never taken for one that is still to be rewritten, even where one place lies inside
 * the other. Last, `movedFrom` goes. Killed in between, the next start does the rest. The new id follows from the new path: the old path may be added again.
 */
import { sep } from "node:path";
import type { RootId } from "#shared/domain/library";
import type { RowRewrite } from "./keyed-table";
import type { LibraryIndex } from "./library-index";
import { sqlIn, sqlString } from "./sql";

export interface RootMove {
  readonly from: { readonly id: RootId; readonly path: string };
  readonly to: { readonly id: RootId; readonly path: string };
}

/** Without the separator that only the root of a disk ends with. */
const bare = (path: string): string => (path.endsWith(sep) ? path.slice(0, -1) : path);

/** Where a file of the moved root lies now. */
export function movedPath(path: string, { from, to }: RootMove): string {
  return bare(to.path) + path.slice(bare(from.path).length);
}

/** The rewrite of one table's rows. */
export function rowsOfMove({ from, to }: RootMove, more: Readonly<Record<string, string>> = {}): RowRewrite {
  // The engine below counts characters where JavaScript counts halves of them.
  const rest = `substr(path, ${Array.from(bare(from.path)).length + 1})`;
  return {
    where: sqlIn("rootId", [from.id]),
    values: { path: `concat(${sqlString(bare(to.path))}, ${rest})`, rootId: sqlString(to.id), ...more },
  };
}

/** The sentence of an issue, told about the new place. */
export function messageOfMove({ from, to }: RootMove): string {
  return `replace(message, ${sqlString(from.path)}, ${sqlString(to.path)})`;
}

/** Gives files in memory their new paths. The index must know the new root. */
export function moveInIndex(index: LibraryIndex, move: RootMove): void {
  const files = index.filesOfRoot(move.from.id);
  for (const file of files) index.removeFile(file.path);
  for (const file of files) index.putFile({ ...file, path: movedPath(file.path, move), rootId: move.to.id });
}
