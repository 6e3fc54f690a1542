/** @file From an AssetId to pixels: which file holds its bytes, and whether that file still is what was indexed. */
import { realpath, stat } from "node:fs/promises";
import { appError, toAppError } from "#shared/domain/app-error";
import type { AssetFile, AssetId } from "#shared/domain/asset";
import type { Crop } from "#shared/domain/search";
import { decodeImage } from "../../data/imaging/decode";
import { readImageHeader } from "../../data/imaging/header";
import { hashFile } from "../../data/library/asset-hash";
import type { Store } from "../../data/store/store-types";
import type { RawImage } from "../../platform/raw-image";
import { cropPixels } from "./crop-pixels";

export interface PictureSource {
  /**
   * Real path of a file that holds the asset's bytes. A file that changed since it was indexed is hashed before it is used, so that a path
   * that was replaced (by another picture, or by a link to something else) is never served under this id.
   * @throws asset/not-found when no such file is left
   */
  path(assetId: AssetId): Promise<string>;
  /** Makes a file known by its bytes although no folder of the library holds it, for as long as this engine lives. Nothing is copied. Throws image/... */
  addFile(path: string): Promise<AssetId>;
  /** Pixels of the picture, or of a part of it. */
  decode(assetId: AssetId, crop?: Crop | null): Promise<RawImage>;
}

/** Creates the source over the library's files and its pictures from outside. */
export function createPictureSource(store: Store): PictureSource {
  const added = new Map<AssetId, KnownFile>();

  async function path(assetId: AssetId): Promise<string> {
    const detail = store.assets.get(assetId);
    const own = added.get(assetId);
    for (const file of [...(detail?.files ?? []), ...(own === undefined ? [] : [own])]) {
      const found = await fileWithBytes(file, assetId);
      if (found !== null) return found;
    }
    const outside = await store.outside.path(assetId);
    if (outside !== null) return outside;
    const name = detail?.name ?? `The picture ${assetId}`;
    throw appError("asset/not-found", `${name} is no longer where it was.`, { hint: "Plug in its drive, or scan the library again." });
  }

  return {
    path,
    async addFile(file) {
      // Says what is wrong with a path that is no picture.
      await readImageHeader(file);
      const { size, mtimeMs } = await stat(file);
      const assetId = await hashFile(file);
      added.set(assetId, { path: file, sizeBytes: size, modifiedMs: mtimeMs });
      return assetId;
    },
    async decode(assetId, crop = null) {
      const file = await path(assetId);
      const image = await decodeImage(file, { mode: "corrected" }).catch(async (error: unknown) => {
        throw file === (await store.outside.path(assetId)) ? calledBy(store.outside.nameOf(assetId), file, error) : error;
      });
      return crop === null ? image : cutOut(image, crop);
    },
  };
}

/** An error about our own copy of a picture, told about the picture that the person gave. */
function calledBy(name: string, copy: string, error: unknown): Error {
  const { code, message, hint } = toAppError(error);
  return appError(code, message.replace(copy, name), { ...(hint === undefined ? {} : { hint }), cause: error });
}

type KnownFile = Pick<AssetFile, "path" | "sizeBytes" | "modifiedMs">;

async function fileWithBytes(file: KnownFile, assetId: AssetId): Promise<string | null> {
  try {
    const real = await realpath(file.path);
    const { size, mtimeMs, isFile } = await stat(real).then((found) => ({
      size: found.size,
      mtimeMs: found.mtimeMs,
      isFile: found.isFile(),
    }));
    if (!isFile) return null;
    if (size === file.sizeBytes && mtimeMs === file.modifiedMs) return real;
    return (await hashFile(real)) === assetId ? real : null;
  } catch {
    // Gone or not readable: another file of the same asset may still be there.
    return null;
  }
}

/** The part of a picture inside `crop` (fractions), at least one pixel each way. */
export function cutOut(image: RawImage, crop: Crop): RawImage {
  const left = Math.min(image.width - 1, Math.round(crop.x * image.width));
  const top = Math.min(image.height - 1, Math.round(crop.y * image.height));
  const width = Math.max(1, Math.min(image.width - left, Math.round(crop.width * image.width)));
  const height = Math.max(1, Math.min(image.height - top, Math.round(crop.height * image.height)));
  return cropPixels(image, [left, top, width, height], "the picture");
}
