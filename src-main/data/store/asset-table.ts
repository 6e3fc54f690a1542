/** @file Pictures in memory, as columns by the number of the picture. */
import { imageFormats, type ImageFormat } from "#shared/domain/asset";
import type { AssetNumbers } from "./asset-numbers";
import { NumberColumn } from "./number-column";
import { NumberSet } from "./number-set";
import type { AssetRecord } from "./store-types";

export class AssetTable {
  readonly #ids: AssetNumbers;
  readonly #known = new NumberSet();
  readonly #widths = new NumberColumn(Uint32Array);
  readonly #heights = new NumberColumn(Uint32Array);
  readonly #formats = new NumberColumn(Uint8Array);

  constructor(ids: AssetNumbers) {
    this.#ids = ids;
  }

  has(asset: number): boolean {
    return this.#known.has(asset);
  }

  put(asset: number, { width, height, format }: Omit<AssetRecord, "id">): void {
    this.#known.add(asset);
    this.#widths.set(asset, width);
    this.#heights.set(asset, height);
    this.#formats.set(asset, imageFormats.indexOf(format));
  }

  remove(asset: number): void {
    this.#known.delete(asset);
  }

  record(asset: number): AssetRecord | null {
    if (!this.#known.has(asset)) return null;
    const format = imageFormats[this.#formats.get(asset)] as ImageFormat;
    return { id: this.#ids.textAt(asset), width: this.#widths.get(asset), height: this.#heights.get(asset), format };
  }

  /** How many pixels a picture has. */
  pixels(asset: number): number {
    return this.#widths.get(asset) * this.#heights.get(asset);
  }

  /** The pictures by number. */
  [Symbol.iterator](): Iterator<number> {
    return this.#known[Symbol.iterator]();
  }
}
