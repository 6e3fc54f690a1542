/** @file Makes small pictures, each different from every other, the same in every run. */
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import sharp, { type Sharp } from "sharp";

export interface PictureOptions {
  readonly width?: number;
  readonly height?: number;
}

/** A picture of shapes decided by `seed`; seeds of the same remainder by five share their colours. */
export function picture(seed: number, { width = 96, height = 72 }: PictureOptions = {}): Sharp {
  const hue = (seed % 5) * 70;
  const shapes = Array.from({ length: 6 }, (_, shape) => {
    const number = (seed * 31 + shape * 17) % 97;
    const fill = `hsl(${hue + shape * 9}, 70%, ${25 + ((number * 7) % 55)}%)`;
    return shape % 2 === 0
      ? `<circle cx="${number % width}" cy="${(number * 3) % height}" r="${6 + (number % 17)}" fill="${fill}"/>`
      : `<rect x="${(number * 5) % width}" y="${number % height}" width="${8 + (number % 25)}" height="${5 + (seed % 11)}" fill="${fill}"/>`;
  });
  const mark = `<rect x="${seed % width}" y="0" width="1" height="${1 + (Math.floor(seed / width) % height)}" fill="white"/>`;
  const background = `<rect width="100%" height="100%" fill="hsl(${hue}, 40%, 80%)"/>`;
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${background}${shapes.join("")}${mark}</svg>`),
  );
}

/** Writes the picture of `seed` to `path` in the format of its extension. */
export async function writePicture(path: string, seed: number, options: PictureOptions = {}): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await picture(seed, options).flatten().toFile(path);
}
