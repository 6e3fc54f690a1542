/** @file Reads one file of a root: bytes to asset id, and for bytes that are new to the library pixels and thumbnails. */
import { stat } from "node:fs/promises";
import type { AssetId } from "#shared/domain/asset";
import { type AppError, appError, toAppError } from "#shared/domain/app-error";
import { decodeImage } from "../../data/imaging/decode";
import { readImageHeader } from "../../data/imaging/header";
import { hashFile } from "../../data/library/asset-hash";
import type { AssetRecord, DescribedAsset, Store } from "../../data/store/store-types";
import type { RawImage } from "../../platform/raw-image";
import { describeAsset } from "./describe-asset";
import type { MeasureRecipe } from "./measure-recipes";

export type ReadPicture =
  /** Bytes that must be measured or described; `missing` are the recipes they lack, `described` is null when they were described before. */
  | {
      readonly kind: "new";
      readonly asset: AssetRecord;
      readonly image: RawImage;
      readonly missing: readonly MeasureRecipe[];
      readonly described: DescribedAsset | null;
    }
  /** Bytes that the library has, or that this run measures under another path. */
  | { readonly kind: "known"; readonly assetId: AssetId }
  /** Bytes that are no picture. */
  | { readonly kind: "bad"; readonly error: AppError }
  /** Bytes that could not be had this time. */
  | { readonly kind: "unreadable"; readonly error: AppError }
  /** The library itself could not be written: no picture after this one would fare better. */
  | { readonly kind: "fatal"; readonly error: AppError };

export interface FileReader {
  /** Never rejects: what went wrong is part of the answer. */
  read(path: string): Promise<ReadPicture>;
}

/** Creates the reader of one run. Equal bytes under several paths are decoded once. */
export function createFileReader(store: Store, active: readonly MeasureRecipe[]): FileReader {
  const claimed = new Map<AssetId, { readonly path: string; readonly outcome: Promise<ReadPicture> }>();

  async function missingRecipes(assetId: AssetId): Promise<readonly MeasureRecipe[]> {
    const missing: MeasureRecipe[] = [];
    for (const recipe of active) {
      const table = store.findEmbeddings(recipe.id);
      if (table === null || !(await table.has(assetId))) missing.push(recipe);
    }
    return missing;
  }

  async function readNew(path: string, assetId: AssetId): Promise<ReadPicture> {
    try {
      const isKnown = store.assets.has(assetId);
      const missing = await missingRecipes(assetId);
      const isDescribed = store.metadata.has(assetId);
      if (isKnown && isDescribed && missing.length === 0) return { kind: "known", assetId };
      const { width, height, format } = await readImageHeader(path);
      const image = await decodeImage(path, { mode: "corrected" });
      // The small thumbnail is made from the large one: the picture itself is decoded for it once.
      const large = await store.thumbnails.ensure(assetId, 512, path);
      await store.thumbnails.ensure(assetId, 256, large);
      const described = isDescribed ? null : await describeAsset(store, assetId, path);
      return { kind: "new", asset: { id: assetId, width, height, format }, image, missing, described };
    } catch (error) {
      return failed(error);
    }
  }

  return {
    async read(path) {
      const before = await stampOf(path);
      let assetId: AssetId;
      try {
        assetId = await hashFile(path);
      } catch (error) {
        return failed(error);
      }
      const first = claimed.get(assetId);
      if (first !== undefined) return ofTwin(await first.outcome, first.path, path);
      const reading = readNew(path, assetId).then(async (read) =>
        read.kind === "new" && (await stampOf(path)) !== before ? changed(path) : read,
      );
      // Only the outcome is remembered, not the pixels.
      claimed.set(assetId, { path, outcome: reading.then((read) => (read.kind === "new" ? { kind: "known", assetId } : read)) });
      return reading;
    },
  };
}

/** Size and time of a file; null when it is gone. */
async function stampOf(path: string): Promise<string | null> {
  return stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => null,
  );
}

/** The pixels need not be those of the bytes that were hashed. */
function changed(path: string): ReadPicture {
  const hint = "It is looked at again by the next run.";
  return { kind: "unreadable", error: appError("image/unreadable", `${path} changed while it was read.`, { hint }) };
}

/** What was found out about bytes under one path, told about another: the reason of a bad file names the file. */
function ofTwin(read: ReadPicture, firstPath: string, path: string): ReadPicture {
  if (read.kind !== "bad") return read;
  const { code, message } = read.error;
  return { kind: "bad", error: appError(code, message.replaceAll(firstPath, path), { cause: read.error }) };
}

function failed(thrown: unknown): ReadPicture {
  const error = toAppError(thrown);
  if (error.code.startsWith("disk/") || error.code.startsWith("library/")) return { kind: "fatal", error };
  return { kind: error.code === "image/unreadable" ? "unreadable" : "bad", error };
}
