/** @file How a picture looks in a few bytes: its colours and its perceptual hash, from its thumbnail. */
import sharp from "sharp";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import type { ImageSource } from "./image-file";
import { nameOf } from "./image-file";
import { toDecodeError } from "./image-limits";
import { dominantColours } from "./palette";
import { perceptualHash } from "./perceptual-hash";

/** Enough for six colours and 32 x 32 greys. */
const side = 128;

export type Look = Pick<AssetMetadata, "palette" | "phash">;

/**
 * Describes a thumbnail as `renderThumbnail` makes it. Always the thumbnail and never the picture itself, so that a picture is described equally
 * whenever that happens; it is decoded fast, and its colours are those a screen shows. @throws image/undecodable
 */
export async function describeLook(thumbnail: ImageSource): Promise<Look> {
  try {
    const picture = sharp(thumbnail).resize({ width: side, height: side, fit: "inside", withoutEnlargement: true });
    const { data, info } = await picture.toColourspace("srgb").ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const colours = new Uint8Array(width * height * 3);
    const onWhite = new Uint8Array(width * height * 3);
    const opacity = new Uint8Array(width * height);
    for (let pixel = 0; pixel < opacity.length; pixel += 1) {
      const alpha = data[pixel * 4 + 3] ?? 0;
      opacity[pixel] = alpha;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = data[pixel * 4 + channel] ?? 0;
        colours[pixel * 3 + channel] = value;
        onWhite[pixel * 3 + channel] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
      }
    }
    return {
      palette: dominantColours({ width, height, data: colours }, opacity),
      phash: perceptualHash({ width, height, data: onWhite }),
    };
  } catch (error) {
    throw toDecodeError(error, nameOf(thumbnail));
  }
}
