/**
 * @file Resizing a picture that still has its transparency, as Pillow does: colours count by their opacity, so hidden ones do not bleed into the edges.
 * Source: Pillow `Image.resize` of mode RGBA, `Convert.c` (rgbA2rgba, rgba2rgbA).
 */
import type { MaskImage, RawImage } from "../../platform/raw-image";
import { resizeSamples, type ImageSize, type ResizeOptions } from "./resize";

/** Resizes `image` with `alpha`, which is of its size, and drops the alpha afterwards. Where nothing is opaque the colour is black. */
export function resizeWithAlpha(image: RawImage, alpha: MaskImage, size: ImageSize, options: ResizeOptions): RawImage {
  const { width, height } = image;
  const premultiplied = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const opacity = alpha.data[pixel] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      const product = (image.data[pixel * 3 + channel] ?? 0) * opacity + 128;
      premultiplied[pixel * 4 + channel] = ((product >> 8) + product) >> 8;
    }
    premultiplied[pixel * 4 + 3] = opacity;
  }
  const resized = resizeSamples({ width, height, channels: 4, data: premultiplied }, size, options);
  const data = new Uint8Array(size.width * size.height * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3) * 4;
    const [value, opacity] = [resized.data[pixel + (i % 3)] ?? 0, resized.data[pixel + 3] ?? 0];
    data[i] = opacity === 0 || opacity === 255 ? value : Math.min(255, Math.floor((255 * value) / opacity));
  }
  return { ...size, data };
}
