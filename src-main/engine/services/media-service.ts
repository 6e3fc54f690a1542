/** @file Files that answer requests for pictures, thumbnails and tokens. Only by asset id or place in a known set, never by a path from outside. */
import { createHash } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MediaRequest } from "#shared/contract/media-routes";
import { appError } from "#shared/domain/app-error";
import type { AssetId, ImageFormat } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import { readImageHeader } from "../../data/imaging/header";
import { encodeForViewing, renderThumbnail } from "../../data/imaging/thumbnail";
import { createFileBudget } from "../../data/store/file-budget";
import type { Store } from "../../data/store/store-types";
import type { AttentionFeatures } from "../../ml/scoring/attention-features";
import { widened } from "../../ml/scoring/feature-array";
import { writeFileAtomic } from "../../platform/atomic-file";
import type { MediaFile } from "../host-protocol";
import type { BenchmarkService } from "./benchmark-service";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipes } from "./measure-recipes";
import type { PictureSource } from "./picture-source";

/** Formats every browser shows as they are; the others are shown as WebP. */
const browserFormats: Readonly<Partial<Record<ImageFormat, string>>> = {
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  bmp: "image/bmp",
};
/** Longest side of a picture that had to be converted for viewing. */
const viewingSide = 4096;
/** Converted pictures and tokens are made again when they are asked for; the least used go beyond this. */
const budgetBytes = 2_000_000_000;

export interface MediaService {
  file(request: MediaRequest): Promise<MediaFile>;
}

export interface MediaParts {
  readonly store: Store;
  readonly pictures: PictureSource;
  readonly features: FeatureSource;
  readonly recipes: MeasureRecipes;
  readonly benchmarks: Pick<BenchmarkService, "picturePath">;
  /** Where files are kept that exist for viewing only. */
  readonly folder: string;
}

/** Creates the service over one library. */
export function createMediaService({ store, pictures, features, recipes, benchmarks, folder }: MediaParts): MediaService {
  const kinds = { viewing: join(folder, "viewing"), tokens: join(folder, "tokens") } as const;
  const budgets = { viewing: createFileBudget(kinds.viewing, budgetBytes), tokens: createFileBudget(kinds.tokens, budgetBytes) } as const;

  /** Makes a file for viewing unless it is there. */
  async function ensure(kind: keyof typeof kinds, path: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<void> {
    if (await isThere(path)) return budgets[kind].used(path);
    const bytes = await make();
    await writeFileAtomic(path, bytes);
    await budgets[kind].written(path, bytes.byteLength);
  }

  async function thumbnail(assetId: AssetId, size: Extract<MediaRequest, { kind: "thumbnail" }>["size"]): Promise<MediaFile> {
    const known = store.thumbnails.path(assetId, size);
    const path = (await isThere(known)) ? known : await store.thumbnails.ensure(assetId, size, await pictures.path(assetId));
    return { path, contentType: "image/webp" };
  }

  async function picture(assetId: AssetId): Promise<MediaFile> {
    const path = await pictures.path(assetId);
    const { format } = await readImageHeader(path);
    const contentType = browserFormats[format];
    if (contentType !== undefined) return { path, contentType };
    const converted = join(kinds.viewing, `${assetId}.webp`);
    await ensure("viewing", converted, () => encodeForViewing(path, viewingSide));
    return { path: converted, contentType: "image/webp" };
  }

  /** Pictures of judgements need not be in the library, so their thumbnails lie with what is made for viewing. */
  async function judged(request: Extract<MediaRequest, { kind: "judged" }>): Promise<MediaFile> {
    const path = await benchmarks.picturePath(request);
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw appError("asset/not-found", `${path} is not there any more.`, { hint: "Plug in its drive, or add the set again." });
    });
    const name = createHash("sha256").update(`${path} ${size} ${mtimeMs} ${request.size}`).digest("hex").slice(0, 32);
    const thumbnailPath = join(kinds.viewing, `judged-${name}.webp`);
    await ensure("viewing", thumbnailPath, () => renderThumbnail(path, request.size));
    return { path: thumbnailPath, contentType: "image/webp" };
  }

  async function tokens(assetId: AssetId, metric: MetricName): Promise<MediaFile> {
    const recipe = await recipes.of(metric);
    const { attention } = await features.of(recipe, assetId);
    if (attention === null) throw noTokens(metric);
    const { rows, columns } = attention.grid;
    const channels = attention.heads * attention.headDim;
    const path = join(kinds.tokens, recipe.id, `${assetId}.f32`);
    await ensure("tokens", path, () => {
      const vectors = patchVectors(attention);
      return new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
    });
    return { path, contentType: "application/octet-stream", headers: { "x-semblance-shape": `${rows},${columns},${channels}` } };
  }

  return {
    file(request) {
      if (request.kind === "judged") return judged(request);
      if (request.kind === "thumbnail") return thumbnail(request.assetId, request.size);
      return request.kind === "picture" ? picture(request.assetId) : tokens(request.assetId, request.metric);
    },
  };
}

/** The sentence for a metric whose features hold no tokens. */
export function noTokens(metric: MetricName): Error {
  return appError("usage/invalid", `${metric} compares whole pictures and has no tokens to draw a map from.`, {
    hint: "Use a metric with tokens, for example starter-style.",
  });
}

/** Unit-length vectors of the patches, [rows * columns, heads * headDim], from the self-attention output; class and register tokens are left out. */
function patchVectors({ heads, tokens, headDim, grid, output }: AttentionFeatures): Float32Array {
  const values = widened(output);
  const patches = grid.rows * grid.columns;
  const channels = heads * headDim;
  const vectors = new Float32Array(patches * channels);
  for (let patch = 0; patch < patches; patch += 1) {
    const vector = vectors.subarray(patch * channels, (patch + 1) * channels);
    for (let head = 0; head < heads; head += 1) {
      const from = (head * tokens + grid.prefix + patch) * headDim;
      vector.set(values.subarray(from, from + headDim), head * headDim);
    }
    const norm = Math.hypot(...vector) || 1;
    for (let channel = 0; channel < channels; channel += 1) vector[channel] = (vector[channel] ?? 0) / norm;
  }
  return vectors;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
