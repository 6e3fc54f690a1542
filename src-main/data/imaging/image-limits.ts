/** @file How many pixels are too many, and what a failed decoder means. */
import { AppError, appError } from "#shared/domain/app-error";
import { BmpFault } from "./bmp-header";

/** 300 megapixels, 900 MB once decoded. */
export const MAX_PIXELS = 300_000_000;

const smallerCopy = "Save a smaller copy of the picture.";

/** Throws image/too-large when a picture has more pixels than `maxPixels`. */
export function checkPixels(size: { readonly width: number; readonly height: number }, name: string, maxPixels: number = MAX_PIXELS): void {
  if (size.width * size.height <= maxPixels) return;
  throw appError(
    "image/too-large",
    `${name} has ${size.width} x ${size.height} pixels; at most ${Math.floor(maxPixels / 1e6)} million are read.`,
    { hint: smallerCopy },
  );
}

/** Turns what a decoder threw into image/undecodable with its reason; an AppError is returned as it is. */
export function toDecodeError(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error;
  if (String(error).includes("exceeds pixel limit"))
    return appError("image/too-large", `${name} has more than ${MAX_PIXELS / 1e6} million pixels.`, { hint: smallerCopy, cause: error });
  // libvips keeps one message buffer for all threads, so what it says of a file may be said of another; the cause carries it for the log.
  const reason = error instanceof BmpFault ? error.message : "it is damaged or cut short";
  return appError("image/undecodable", `${name} cannot be decoded: ${reason}.`, {
    hint: "Copy the file again from where it came from.",
    cause: error,
  });
}
