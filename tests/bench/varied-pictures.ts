/** @file Any number of small varied pictures, the same in every run: parts of the sample library cut, turned, tinted and roughened, and drawn patterns among them. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { samplePath } from "#main/engine/services/library-service";
import { seededRandom } from "#main/platform/seeded-random";
import { picture } from "../support/pictures";

const side = 160;
/** One in so many is a drawn pattern. */
const patternEvery = 6;
/** Pictures that are made at the same time. */
const atOnce = 8;

/** Writes `count` pictures into `folder`. */
export async function writeVariedPictures(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const samples = (await readdir(samplePath())).filter((name) => name.endsWith(".webp")).sort();
  for (let from = 0; from < count; from += atOnce) {
    const seeds = Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => from + index);
    await Promise.all(seeds.map((seed) => write(join(folder, `${String(seed).padStart(6, "0")}.jpg`), seed, samples)));
  }
}

async function write(path: string, seed: number, samples: readonly string[]): Promise<void> {
  const made = seed % patternEvery === 0 ? picture(seed, { width: side, height: side }).flatten() : await variant(seed, samples);
  await made.jpeg({ quality: 88 }).toFile(path);
}

/** A part of a sample picture, changed in a few ways that chance chooses. */
async function variant(seed: number, samples: readonly string[]): Promise<Sharp> {
  const random = seededRandom(seed + 1);
  const name = samples[Math.floor(random() * samples.length)] ?? "";
  const { data, info } = await sharp(join(samplePath(), name)).removeAlpha().toBuffer({ resolveWithObject: true });
  const share = 0.35 + 0.6 * random();
  const [width, height] = [Math.floor(info.width * share), Math.floor(info.height * share)];
  const left = Math.floor(random() * (info.width - width));
  const top = Math.floor(random() * (info.height - height));
  let made = sharp(data).extract({ left, top, width, height }).resize(side, side, { fit: "fill" });
  if (random() < 0.5) made = made.flop();
  if (random() < 0.2) made = made.flip();
  const hue = random() < 0.5 ? 0 : Math.floor(360 * random());
  made = made.modulate({ hue, saturation: 0.3 + 1.4 * random(), brightness: 0.7 + 0.6 * random() });
  const treatment = random();
  if (treatment < 0.15) return made.blur(0.5 + 3 * random());
  if (treatment < 0.25) return made.greyscale();
  if (treatment < 0.35) return made.negate({ alpha: false });
  if (treatment < 0.45) return made.tint({ r: Math.floor(255 * random()), g: Math.floor(255 * random()), b: Math.floor(255 * random()) });
  return treatment < 0.55 ? made.sharpen({ sigma: 3 }) : made;
}
