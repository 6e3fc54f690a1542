/** @file Pictures and their files as the tables hold them. */
import { AssetTable } from "./asset-table";
import { FileTable } from "./file-table";
import type { LibraryKeys } from "./library-keys";

export interface Pictures {
  readonly keys: LibraryKeys;
  readonly assets: AssetTable;
  readonly files: FileTable;
}

/** No pictures yet. */
export function createPictures(keys: LibraryKeys): Pictures {
  return { keys, assets: new AssetTable(keys.id), files: new FileTable(keys) };
}
