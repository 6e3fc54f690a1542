/**
 * @file Which part of a picture stands in front: a coarse bitmap of the whole upright picture, as people paint it and as a library keeps it.
 *
 * Runs of equal pixels are counted row by row from the top left, the first run does not count (it may be of length 0). A painted mask is a few hundred numbers
 * that any language reads, and cannot be longer than its pixels. Source of the layout: uncompressed run lengths of the COCO data set, here row by row.
 */
import { z } from "zod";
import { tokenGridSchema } from "./score";

/** A mask decides about tiles of which there are at most a hundred a side, so it need not be finer than this. */
export const longestMaskSide = 256;

const sideSchema = z.number().int().min(1).max(longestMaskSide);

export const maskSchema = z
  .object({
    width: sideSchema,
    height: sideSchema,
    runs: z
      .array(z.number().int().nonnegative())
      .min(1)
      .max(longestMaskSide ** 2 + 1),
  })
  .refine(({ width, height, runs }) => runs.reduce((sum, run) => sum + run, 0) === width * height, {
    message: "the runs must cover every pixel once",
  });
export type Mask = Readonly<z.infer<typeof maskSchema>>;

/** Where a mask comes from: a person gave it, the picture is transparent elsewhere, or it is guessed from the features of the picture. */
export const maskSourceSchema = z.enum(["given", "transparency", "estimate"]);
export type MaskSource = z.infer<typeof maskSourceSchema>;

/** The mask in use for a picture under a metric: as pixels, and as tiles of the metric row by row (1 is foreground). */
export const maskInUseSchema = z.object({
  source: maskSourceSchema,
  mask: maskSchema,
  grid: tokenGridSchema,
  tiles: z.array(z.number().int().min(0).max(1)),
});
export type MaskInUse = Readonly<z.infer<typeof maskInUseSchema>>;

/** A pair scored as whole pictures and by what stands in front in both. */
export const foregroundPairSchema = z.object({ whole: z.number(), foreground: z.number().nullable() });
export type ForegroundPair = Readonly<z.infer<typeof foregroundPairSchema>>;

/** Pixels of a mask, one byte each: 1 counts. */
export interface MaskPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Counts the runs of a mask; every byte but 0 counts. */
export function packMask({ width, height, data }: MaskPixels): Mask {
  const runs: number[] = [];
  let length = 0;
  let counts = false;
  for (const byte of data) {
    if ((byte !== 0) !== counts) {
      runs.push(length);
      length = 0;
      counts = !counts;
    }
    length += 1;
  }
  return { width, height, runs: [...runs, length] };
}

/** The pixels of a mask. */
export function unpackMask({ width, height, runs }: Mask): MaskPixels {
  const data = new Uint8Array(width * height);
  let start = 0;
  runs.forEach((length, run) => {
    if (run % 2 === 1) data.fill(1, start, start + length);
    start += length;
  });
  return { width, height, data };
}

/** The size of a mask of a picture: its shape, at most {@link longestMaskSide} long. */
export function maskSize({ width, height }: { readonly width: number; readonly height: number }): {
  readonly width: number;
  readonly height: number;
} {
  const factor = Math.min(1, longestMaskSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
