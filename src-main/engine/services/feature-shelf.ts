/** @file The features of one run's pictures: in memory as far as it goes, beyond that in files of a temporary folder. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defined } from "#shared/lib/assert";
import { decodeFeatureFile, encodeFeatureFile } from "../../data/store/feature-file";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { toDiskError } from "../../platform/disk-error";
import { featureBytes, packFeatures, toStoredPrecision, unpackFeatures } from "./feature-blobs";

export interface FeatureShelf {
  readonly count: number;
  /** Puts features beside the earlier ones, at half precision. Throws disk/... */
  add(features: ImageFeatures): Promise<void>;
  get(index: number): Promise<ImageFeatures>;
  /** Ranges of indices of which two fit into memory together; all in one where nothing had to be written. */
  blocks(): readonly (readonly [start: number, end: number])[];
  dispose(): Promise<void>;
}

/** An empty shelf that keeps up to `memoryBytes` in memory and writes into a folder of its own in `place`. */
export function createFeatureShelf(memoryBytes: number, place: string = tmpdir()): FeatureShelf {
  const kept: (ImageFeatures | null)[] = [];
  let folder: string | null = null;
  let bytes = 0;

  const fileOf = (index: number): string => join(folder ?? "", `${index}.features`);

  async function writeOut(index: number, features: ImageFeatures): Promise<void> {
    folder ??= await mkdtemp(join(place, "semblance-features-"));
    const file = fileOf(index);
    await writeFile(file, encodeFeatureFile(packFeatures(features))).catch((error: unknown) => {
      throw toDiskError(error, file);
    });
  }

  return {
    get count() {
      return kept.length;
    },
    async add(fresh) {
      const features = toStoredPrecision(fresh);
      bytes += featureBytes(features);
      const isKept = bytes <= memoryBytes;
      if (!isKept) await writeOut(kept.length, features);
      kept.push(isKept ? features : null);
    },
    async get(index) {
      const inMemory = kept[index] ?? null;
      if (inMemory !== null) return inMemory;
      const blob = decodeFeatureFile(await readFile(fileOf(index)));
      return defined(blob === null ? null : unpackFeatures(blob), "a file of this run is as it was written");
    },
    blocks() {
      const size = folder === null ? kept.length : Math.max(1, Math.floor((memoryBytes / bytes) * kept.length * 0.5));
      return Array.from({ length: Math.ceil(kept.length / Math.max(1, size)) }, (_, block) => [
        block * size,
        Math.min(kept.length, (block + 1) * size),
      ]);
    },
    async dispose() {
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
