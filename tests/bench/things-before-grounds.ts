/** @file Sixteen drawn things before twelve pictures of the sample library, with their true masks: the same thing stands before eight of them. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { seededRandom } from "#main/platform/seeded-random";
import type { MaskImage } from "#main/platform/raw-image";
import { type Part, things } from "./styled-drawings";

export interface PlacedThing {
  readonly path: string;
  readonly subject: string;
  /** Index of what is behind. */
  readonly ground: number;
  readonly mask: MaskImage;
}

export const sampleLibrary = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
const side = 224;
const groundsPerThing = 8;

/** Draws them into `folder`, the same in every run. Place, size, lean and hue of a thing differ from picture to picture. */
export async function drawThingsBeforeGrounds(folder: string): Promise<readonly PlacedThing[]> {
  await mkdir(folder, { recursive: true });
  const grounds = await chosenGrounds();
  const random = seededRandom(3);
  const placed: PlacedThing[] = [];
  for (const [index, [subject, parts]] of Object.entries(things).entries()) {
    for (let k = 0; k < groundsPerThing; k++) {
      const ground = (index * 5 + k) % grounds.length;
      const thing = await sharp(Buffer.from(svgOf(parts, random)))
        .png()
        .toBuffer();
      const path = join(folder, `${subject}-${ground}.png`);
      await sharp(await behind(grounds[ground] ?? "", random))
        .composite([{ input: thing }])
        .flatten()
        .png()
        .toFile(path);
      const alpha = await sharp(thing).extractChannel("alpha").raw().toBuffer();
      placed.push({ path, subject, ground, mask: { width: side, height: side, data: new Uint8Array(alpha) } });
    }
  }
  return placed;
}

/** One picture of each subject, each in another style. */
async function chosenGrounds(): Promise<readonly string[]> {
  const files = (await readdir(sampleLibrary)).filter((name) => name.includes("--")).sort();
  const subjects = [...new Set(files.map((name) => name.split("--")[0] ?? ""))];
  return subjects.map((subject, index) => {
    const own = files.filter((name) => name.startsWith(`${subject}--`));
    return join(sampleLibrary, own[(index * 5) % own.length] ?? "");
  });
}

async function behind(path: string, random: () => number): Promise<Buffer> {
  const brightness = 0.9 + 0.2 * random();
  return sharp(path).resize(side, side, { fit: "cover" }).modulate({ brightness }).png().toBuffer();
}

function svgOf(parts: readonly Part[], random: () => number): string {
  const between = (low: number, high: number): string => (low + random() * (high - low)).toFixed(2);
  const hue = Math.floor(random() * 360);
  const fills = {
    body: `hsl(${hue}, 70%, 50%)`,
    detail: `hsl(${(hue + 120) % 360}, 50%, 35%)`,
    accent: `hsl(${(hue + 60) % 360}, 80%, 65%)`,
  };
  const place = `translate(${between(38, 62)} ${between(38, 62)}) rotate(${between(-14, 14)}) scale(${between(0.45, 0.7)}) translate(-50 -50)`;
  const drawn = parts.map(
    ([role, path]) => `<path d="${path}" fill="${fills[role]}" fill-rule="evenodd" stroke="#222" stroke-width="1.2"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 100 100"><g transform="${place}">${drawn.join("")}</g></svg>`;
}
