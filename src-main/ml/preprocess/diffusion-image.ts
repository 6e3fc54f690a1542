/**
 * @file Pictures as the VAE of a diffusion model reads them: squashed to a square, from -1 to 1.
 * Source: `process_image` of the published DiffSim code (diffsim/diffsim.py).
 */
import type { RawImage } from "../../platform/raw-image";
import type { Float32Tensor } from "../tensor/tensor";
import { byteTables, pixelsToTensor } from "./pixels-to-tensor";
import { resize } from "./resize";
import type { PassOrder } from "./resize";

const { fround } = Math;
const signedTables = byteTables((byte) => fround(fround(fround(byte / 255) - 0.5) / 0.5));

/** Squashes to `size` x `size` with Lanczos; the aspect ratio is lost, as in the published code. */
export function squashToSquare(image: RawImage, size: number, passOrder: PassOrder = "pillow-11"): RawImage {
  return resize(image, { width: size, height: size }, { filter: "lanczos", passOrder });
}

/** Pictures to [N, 3, size, size] float32 in [-1, 1], channel order RGB. */
export function diffusionImages(images: readonly RawImage[], size: number): Float32Tensor {
  return pixelsToTensor(
    images.map((image) => squashToSquare(image, size)),
    signedTables,
  );
}
