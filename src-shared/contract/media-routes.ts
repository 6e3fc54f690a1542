/** @file URLs of pictures and feature tokens. The base is `app://semblance` in Electron and the page's own origin on the headless host. */
import type { AssetId } from "../domain/asset";
import type { TripletSide } from "../domain/benchmark";
import type { MetricName } from "../domain/feature-recipe";

/** Thumbnail sizes that exist: the longest side in pixels. */
export const thumbnailSizes = [256, 512, 1024] as const;
export type ThumbnailSize = (typeof thumbnailSizes)[number];

/** WebP thumbnail of an asset. */
export function thumbnailUrl(assetId: AssetId, size: ThumbnailSize): string {
  return `/media/thumbnail/${size}/${assetId}`;
}

/** The picture at full size in a format every browser shows (the original where it is one). */
export function pictureUrl(assetId: AssetId): string {
  return `/media/picture/${assetId}`;
}

/**
 * Unit-length feature vectors of the patches, float32 little endian, [rows * columns, channels];
 * the header `x-semblance-shape` is "rows,columns,channels".
 */
export function tokensUrl(assetId: AssetId, metric: MetricName): string {
  return `/media/tokens/${metric}/${assetId}`;
}

/** WebP thumbnail of a picture of a set of judgements, by the place of its triplet. */
export function judgedUrl({ setId, index, side }: JudgedPicture, size: ThumbnailSize): string {
  return `/media/judged/${size}/${setId}/${index}/${side}`;
}

/** A picture of a triplet; it need not be in the library. */
export interface JudgedPicture {
  readonly setId: string;
  readonly index: number;
  readonly side: TripletSide | "reference";
}

/** POST the bytes of a picture from outside the library; answers an AssetSummary as JSON. */
export const outsideImageUrl = "/media/outside";

export type MediaRequest =
  | { readonly kind: "thumbnail"; readonly assetId: AssetId; readonly size: ThumbnailSize }
  | { readonly kind: "picture"; readonly assetId: AssetId }
  | ({ readonly kind: "judged"; readonly size: ThumbnailSize } & JudgedPicture)
  | { readonly kind: "tokens"; readonly assetId: AssetId; readonly metric: MetricName };
