/** @file A folder as a LoRA test leaves it: pictures of one character at several weights, which becomes something else from weight 1 on. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { pngChunk, textChunk } from "./metadata-samples";

/** The weights, and for each the sample pictures that stand for what was generated. */
const shownAt = {
  "0.5": ["mira-06", "mira-07", "mira-08"],
  "0.7": ["mira-09", "mira-10", "mira-12"],
  "0.9": ["mira-13", "mira-14", "mira-15"],
  "1": ["cat--ink", "cat--glass", "cat--chalk"],
  "1.1": ["cottage--ink", "cottage--poster", "cottage--riso"],
} as const;

/** Writes them as PNG with the note of a generator, named `w<weight>-<number>.png`. Returns how many there are. */
export async function writeLoraTest(folder: string, sampleFolder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  let seed = 100;
  for (const [weight, names] of Object.entries(shownAt)) {
    for (const [index, name] of names.entries()) {
      const parameters = `courier in the rain <lora:mira-000008:${weight}>\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: ${seed++}, Model: base`;
      const png = await sharp(join(sampleFolder, `${name}.webp`))
        .png()
        .toBuffer();
      const end = pngChunk("IEND", new Uint8Array());
      await writeFile(
        join(folder, `w${weight}-${index + 1}.png`),
        Buffer.concat([png.subarray(0, -end.length), textChunk("parameters", parameters), end]),
      );
    }
  }
  return seed - 100;
}
