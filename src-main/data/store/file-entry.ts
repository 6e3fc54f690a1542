/** @file A file in the library's memory, with the keys it is sorted and searched by, made when first needed. */
import { basename, sep } from "node:path";
import { foldText, naturalKey, naturalPathKey } from "./natural-key";
import type { FileRecord } from "./store-types";

/** True when `path` is `folder` or lies below it. Both absolute and normalised. */
export function isInFolder(path: string, folder: string): boolean {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder.endsWith(sep) || path.startsWith(sep, folder.length);
}

/** Immutable but for its memory of derived keys; a changed file is a new entry. */
export class FileEntry {
  readonly record: FileRecord;
  readonly name: string;
  readonly #rootPath: string;
  #nameKey: string | undefined;
  #pathKey: string | undefined;
  #searchText: string | undefined;

  constructor(record: FileRecord, rootPath: string) {
    this.record = record;
    this.name = basename(record.path);
    this.#rootPath = rootPath;
  }

  get nameKey(): string {
    return (this.#nameKey ??= naturalKey(this.name));
  }

  get pathKey(): string {
    return (this.#pathKey ??= naturalPathKey(this.record.path));
  }

  /** Path from the root's own name on, so that the name of somebody's home folder does not match every picture. */
  get searchText(): string {
    return (this.#searchText ??= foldText(basename(this.#rootPath) + this.record.path.slice(this.#rootPath.length)));
  }
}
