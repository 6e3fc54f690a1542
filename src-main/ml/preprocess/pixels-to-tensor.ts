/** @file From 8-bit RGB rows to the float planes a network reads. */
import { defined } from "#shared/lib/assert";
import type { RawImage } from "../../platform/raw-image";
import type { Float32Tensor } from "../tensor/tensor";
import { tensor } from "../tensor/tensor";

/** What each of the 256 byte values becomes, per channel. A byte has few values, so every float step is done once. */
export type ByteTables = readonly [red: Float32Array, green: Float32Array, blue: Float32Array];

/** Makes the three tables from a float32 formula; `channel` is 0, 1 or 2. */
export function byteTables(valueOf: (byte: number, channel: number) => number): ByteTables {
  const table = (channel: number): Float32Array => Float32Array.from({ length: 256 }, (_, byte) => valueOf(byte, channel));
  return [table(0), table(1), table(2)];
}

/**
 * Stacks pictures of one size: N times [H, W, 3] bytes to [N, 3, H, W] float32.
 * Throws when there is no picture or the sizes differ, because a batch has one shape.
 */
export function pixelsToTensor(images: readonly RawImage[], tables: ByteTables): Float32Tensor {
  const { width, height } = defined(images[0], "a batch holds at least one picture");
  const plane = width * height;
  const data = new Float32Array(images.length * 3 * plane);
  images.forEach((image, index) => {
    if (image.width !== width || image.height !== height)
      throw new Error(`A batch of ${width}x${height} pictures cannot hold one of ${image.width}x${image.height}`);
    tables.forEach((table, channel) => {
      const to = (index * 3 + channel) * plane;
      for (let pixel = 0; pixel < plane; pixel++) data[to + pixel] = table[image.data[pixel * 3 + channel]!]!;
    });
  });
  return tensor([images.length, 3, height, width], data);
}
