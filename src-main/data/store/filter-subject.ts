/** @file A picture as a filter sees it: read through to what the library knows, nothing copied. */
import type { Annotation } from "#shared/domain/annotation";
import type { AssetId, ImageFormat } from "#shared/domain/asset";
import type { FileAccount, FilterSubject } from "#shared/domain/asset-filter-fields";
import type { PaletteColour } from "#shared/domain/asset-metadata";
import type { FileEntry } from "./file-entry";
import type { AssetRecord } from "./store-types";

/** What is known of an asset beside its files. */
export interface AssetFacts {
  isMeasured(id: AssetId): boolean;
  annotation(id: AssetId): Annotation;
  account(id: AssetId): FileAccount | null;
  palette(id: AssetId): readonly PaletteColour[];
}

/** Cheap to make; what costs something is read when a condition asks for it. */
export class AssetSubject implements FilterSubject {
  readonly #asset: AssetRecord;
  readonly #files: readonly FileEntry[];
  readonly #facts: AssetFacts;
  readonly isMissing: boolean;

  constructor(asset: AssetRecord, files: readonly FileEntry[], { facts, isMissing }: { facts: AssetFacts; isMissing: boolean }) {
    this.#asset = asset;
    this.#files = files;
    this.#facts = facts;
    this.isMissing = isMissing;
  }

  get id(): AssetId {
    return this.#asset.id;
  }

  get paths(): readonly string[] {
    return this.#files.map(({ record }) => record.path);
  }

  get sizeBytes(): number {
    return this.#files[0]?.record.sizeBytes ?? 0;
  }

  get modifiedMs(): number {
    return this.#files.reduce((latest, { record }) => Math.max(latest, record.mtimeMs), 0);
  }

  get width(): number {
    return this.#asset.width;
  }

  get height(): number {
    return this.#asset.height;
  }

  get format(): ImageFormat {
    return this.#asset.format;
  }

  get annotation(): Annotation {
    return this.#facts.annotation(this.id);
  }

  get account(): FileAccount | null {
    return this.#facts.account(this.id);
  }

  get palette(): readonly PaletteColour[] {
    return this.#facts.palette(this.id);
  }

  get isMeasured(): boolean {
    return this.#facts.isMeasured(this.id);
  }
}
