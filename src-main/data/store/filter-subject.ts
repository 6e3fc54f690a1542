/** @file A picture as a filter sees it: read through to what the library knows, nothing copied. */
import type { Annotation } from "#shared/domain/annotation";
import type { AssetId, ImageFormat } from "#shared/domain/asset";
import type { FileAccount, FilterSubject } from "#shared/domain/asset-filter-fields";
import type { PaletteColour } from "#shared/domain/asset-metadata";
import type { AssetRecord, FileRecord } from "./store-types";

/** What is known of a picture beside its files, by its number. */
export interface AssetFacts {
  isMeasured(asset: number): boolean;
  annotation(asset: number): Annotation;
  account(asset: number): FileAccount | null;
  palette(asset: number): readonly PaletteColour[];
}

interface SubjectParts {
  readonly asset: AssetRecord;
  readonly number: number;
  readonly files: readonly FileRecord[];
  readonly facts: AssetFacts;
  readonly isMissing: boolean;
}

/** Cheap to make; what costs something is read when a condition asks for it. */
export class AssetSubject implements FilterSubject {
  readonly #asset: AssetRecord;
  readonly #number: number;
  readonly #files: readonly FileRecord[];
  readonly #facts: AssetFacts;
  readonly isMissing: boolean;

  constructor({ asset, number, files, facts, isMissing }: SubjectParts) {
    this.#asset = asset;
    this.#number = number;
    this.#files = files;
    this.#facts = facts;
    this.isMissing = isMissing;
  }

  get id(): AssetId {
    return this.#asset.id;
  }

  get paths(): readonly string[] {
    return this.#files.map(({ path }) => path);
  }

  get sizeBytes(): number {
    return this.#files[0]?.sizeBytes ?? 0;
  }

  get modifiedMs(): number {
    return this.#files.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0);
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
    return this.#facts.annotation(this.#number);
  }

  get account(): FileAccount | null {
    return this.#facts.account(this.#number);
  }

  get palette(): readonly PaletteColour[] {
    return this.#facts.palette(this.#number);
  }

  get isMeasured(): boolean {
    return this.#facts.isMeasured(this.#number);
  }
}
