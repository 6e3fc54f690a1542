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
}

export interface OpenTriplet {
  readonly reference: BenchPicture;
  readonly a: BenchPicture;
  readonly b: BenchPicture;
  readonly prompt: string | null;
}

/** A triplet of the dataset in `folder`; nothing is read before it is asked for, and nothing twice. */
export function openTriplet(triplet: Triplet, folder: string, mode: ScoringMode): OpenTriplet {
  const picture = (path: string): BenchPicture => openPicture(resolve(folder, path), mode);
  return { reference: picture(triplet.reference), a: picture(triplet.a), b: picture(triplet.b), prompt: triplet.prompt };
}

function openPicture(path: string, mode: ScoringMode): BenchPicture {
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
