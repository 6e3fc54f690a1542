/** @file The three pictures of a triplet on disk: told apart by their bytes, decoded once for all metrics. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { ScoringMode } from "#shared/domain/feature-recipe";
import { decodeImage } from "../../data/imaging/decode";
import type { Triplet } from "../../data/datasets/triplet";
import { hashFile } from "../../data/library/asset-hash";
import type { RawImage } from "../../platform/raw-image";

export interface BenchPicture {
  readonly path: string;
  /** Throws image/unreadable. */
  id(): Promise<AssetId>;
  /** Throws image/... */
  decode(): Promise<RawImage>;
  /** Whether other triplets of the run show it too. Features of the others would only take the place of the library's own in its cache. */
  readonly recurs: boolean;
}

export interface OpenTriplet {
  readonly reference: BenchPicture;
  readonly a: BenchPicture;
  readonly b: BenchPicture;
  readonly prompt: string | null;
}

/** Opens a triplet; nothing is read before it is asked for, and nothing twice while the triplet is in use. */
export type TripletOpener = (triplet: Triplet) => OpenTriplet;

/** Creates the opener of a run's triplets, whose dataset lies in `folder`. */
export function createTripletOpener(
  triplets: readonly Triplet[],
  { folder, mode }: { readonly folder: string; readonly mode: ScoringMode },
): TripletOpener {
  const uses = new Map<string, number>();
  for (const path of triplets.flatMap(({ reference, a, b }) => [reference, a, b])) uses.set(path, (uses.get(path) ?? 0) + 1);
  const picture = (path: string): BenchPicture => ({ ...openPicture(resolve(folder, path), mode), recurs: (uses.get(path) ?? 0) > 1 });
  return ({ reference, a, b, prompt }) => ({ reference: picture(reference), a: picture(a), b: picture(b), prompt });
}

function openPicture(path: string, mode: ScoringMode): Omit<BenchPicture, "recurs"> {
  let id: Promise<AssetId> | null = null;
  let pixels: Promise<RawImage> | null = null;
  return {
    path,
    id: () => (id ??= hashFile(path)),
    decode: () => (pixels ??= decodeImage(path, { mode })),
  };
}

/** What tells a triplet's files from later ones at the same paths; null when one of them is not there. */
export async function fingerprintOf({ reference, a, b }: OpenTriplet): Promise<string | null> {
  const parts: string[] = [];
  for (const { path } of [reference, a, b]) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile() !== true) return null;
    parts.push(`${found.size} ${Math.round(found.mtimeMs)}`);
  }
  return parts.join(" ");
}
