/** @file Pictures from outside the library: dropped, pasted or chosen files become assets that Find can ask about. */
import { outsideImageUrl } from "#shared/contract/media-routes";
import { appError, appErrorShapeSchema } from "#shared/domain/app-error";
import { type AssetSummary, assetSummarySchema } from "#shared/domain/asset";

const extension = /\.(jpe?g|png|webp|gif|tiff?|bmp|avif)$/i;

/** The files that may be pictures. */
export function imageFiles(files: Iterable<File>): readonly File[] {
  return [...files].filter((file) => file.type.startsWith("image/") || extension.test(file.name));
}

/**
 * Sends a picture to the engine, which keeps it outside of the library.
 * @throws image/undecodable and others, as the engine names them
 */
export async function postOutsideImage(file: Blob): Promise<AssetSummary> {
  const response = await fetch(outsideImageUrl, { method: "POST", body: file });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return assetSummarySchema.parse(answer);
  const shape = appErrorShapeSchema.safeParse((answer as { error?: unknown } | null)?.error);
  if (shape.success) throw appError(shape.data.code, shape.data.message, shape.data.hint === undefined ? {} : { hint: shape.data.hint });
  throw appError("image/undecodable", "The image could not be read.", { hint: "Use a JPEG, PNG, WebP, GIF, TIFF, BMP or AVIF file." });
}
