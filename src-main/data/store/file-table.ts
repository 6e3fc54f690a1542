/** @file Files in memory, as columns by the number of the path, and from each picture the way to its files. */
import type { RootId } from "#shared/domain/library";
import type { LibraryKeys } from "./library-keys";
import { NumberColumn } from "./number-column";
import { NumberSet } from "./number-set";
import type { FileRecord } from "./store-types";

/** Numbers that may be none are kept with one added, since a column is 0 where it was never written. */
export class FileTable {
  readonly #keys: LibraryKeys;
  readonly #known = new NumberSet();
  readonly #assets = new NumberColumn(Uint32Array);
  readonly #roots = new NumberColumn(Uint16Array);
  readonly #rootIds: RootId[] = [];
  readonly #sizes = new NumberColumn(Float64Array);
  readonly #times = new NumberColumn(Float64Array);
  /** The files of a picture as a chain, in the order in which they came. */
  readonly #firstOfAsset = new NumberColumn(Uint32Array);
  readonly #lastOfAsset = new NumberColumn(Uint32Array);
  readonly #nextOfAsset = new NumberColumn(Uint32Array);
  readonly #assetsWithFiles = new NumberSet();
  readonly #sharedAssets = new NumberSet();

  constructor(keys: LibraryKeys) {
    this.#keys = keys;
  }

  get size(): number {
    return this.#known.size;
  }

  /** The files by number. */
  [Symbol.iterator](): Iterator<number> {
    return this.#known[Symbol.iterator]();
  }

  /** Pictures that have a file. */
  get assets(): Pick<NumberSet, "has" | "size" | typeof Symbol.iterator> {
    return this.#assetsWithFiles;
  }

  /** Those with more than one file: only they can come up twice in a list. */
  get sharedAssets(): Pick<NumberSet, "has" | "size"> {
    return this.#sharedAssets;
  }

  has(file: number): boolean {
    return this.#known.has(file);
  }

  /** Adds a file that is not there, of the picture `asset` or of none. */
  add(file: number, asset: number | null, { rootId, sizeBytes, mtimeMs }: Omit<FileRecord, "path" | "assetId">): void {
    this.#known.add(file);
    this.#roots.set(file, this.#rootNumber(rootId));
    this.#sizes.set(file, sizeBytes);
    this.#times.set(file, mtimeMs);
    this.#assets.set(file, asset === null ? 0 : asset + 1);
    if (asset !== null) this.#append(asset, file);
  }

  remove(file: number): void {
    if (!this.#known.delete(file)) return;
    const asset = this.assetOf(file);
    if (asset !== null) this.#detach(asset, file);
  }

  record(file: number): FileRecord {
    const asset = this.assetOf(file);
    return {
      path: this.#keys.path.textAt(file),
      rootId: this.rootOf(file),
      assetId: asset === null ? null : this.#keys.id.textAt(asset),
      sizeBytes: this.#sizes.get(file),
      mtimeMs: this.timeOf(file),
    };
  }

  assetOf(file: number): number | null {
    const asset = this.#assets.get(file);
    return asset === 0 ? null : asset - 1;
  }

  rootOf(file: number): RootId {
    return this.#rootIds[this.#roots.get(file)] as RootId;
  }

  /** When the file was modified, in ms. */
  timeOf(file: number): number {
    return this.#times.get(file);
  }

  /** The files of a picture, the one that came first in front. */
  filesOf(asset: number): number[] {
    const files: number[] = [];
    for (let next = this.#firstOfAsset.get(asset); next !== 0; next = this.#nextOfAsset.get(next - 1)) files.push(next - 1);
    return files;
  }

  #append(asset: number, file: number): void {
    const last = this.#lastOfAsset.get(asset);
    if (last === 0) this.#firstOfAsset.set(asset, file + 1);
    else {
      this.#nextOfAsset.set(last - 1, file + 1);
      this.#sharedAssets.add(asset);
    }
    this.#nextOfAsset.set(file, 0);
    this.#lastOfAsset.set(asset, file + 1);
    this.#assetsWithFiles.add(asset);
  }

  #detach(asset: number, file: number): void {
    const others = this.filesOf(asset).filter((other) => other !== file);
    this.#firstOfAsset.set(asset, 0);
    this.#lastOfAsset.set(asset, 0);
    this.#assetsWithFiles.delete(asset);
    this.#sharedAssets.delete(asset);
    for (const other of others) this.#append(asset, other);
  }

  #rootNumber(rootId: RootId): number {
    const known = this.#rootIds.indexOf(rootId);
    return known >= 0 ? known : this.#rootIds.push(rootId) - 1;
  }
}
