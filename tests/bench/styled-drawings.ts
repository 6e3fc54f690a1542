/** @file Drawings of sixteen things in ten manners, the same in every run: labelled pictures that no model was trained on. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { seededRandom } from "#main/platform/seeded-random";

/** Parts of a thing on a field of 100 by 100: `body` first, what lies on it later. */
export type Part = readonly [role: "body" | "detail" | "accent", path: string];

const circle = (x: number, y: number, r: number): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
const box = (x: number, y: number, width: number, height: number): string => `M${x} ${y}h${width}v${height}h${-width}Z`;

export const things: Readonly<Record<string, readonly Part[]>> = {
  house: [
    ["body", box(22, 45, 56, 40)],
    ["accent", "M15 47L50 15L85 47Z"],
    ["detail", box(43, 60, 14, 25)],
    ["detail", box(28, 53, 10, 10)],
  ],
  tree: [
    ["detail", box(45, 60, 10, 30)],
    ["body", circle(50, 38, 25)],
    ["body", circle(33, 50, 14)],
    ["accent", circle(60, 44, 5)],
  ],
  fish: [
    ["body", "M12 50Q38 20 70 50Q38 80 12 50Z"],
    ["accent", "M67 50L90 32V68Z"],
    ["detail", circle(27, 46, 4)],
  ],
  car: [
    ["body", "M8 62H92V75H8Z"],
    ["body", "M22 62L34 42H66L80 62Z"],
    ["detail", circle(28, 76, 10)],
    ["detail", circle(72, 76, 10)],
    ["accent", box(42, 47, 18, 12)],
  ],
  cup: [
    ["body", "M25 30H68L62 82H31Z"],
    ["accent", "M68 38Q88 40 84 54Q80 66 65 64L66 58Q76 58 77 50Q77 45 68 45Z"],
    ["detail", box(23, 26, 48, 6)],
  ],
  star: [["body", "M50 10L61 38L91 39L67 58L76 87L50 70L24 87L33 58L9 39L39 38Z"]],
  flower: [
    ["detail", box(48, 50, 4, 42)],
    ["body", [0, 1, 2, 3, 4].map((k) => circle(50 + 16 * Math.sin(k * 1.2566), 36 - 16 * Math.cos(k * 1.2566), 11)).join("")],
    ["accent", circle(50, 36, 9)],
  ],
  face: [
    ["body", circle(50, 52, 34)],
    ["detail", circle(38, 45, 5)],
    ["detail", circle(62, 45, 5)],
    ["accent", "M34 62Q50 82 66 62Q50 70 34 62Z"],
  ],
  boat: [
    ["body", "M12 66H88L74 86H26Z"],
    ["detail", box(48, 14, 4, 52)],
    ["accent", "M54 18L82 60H54Z"],
  ],
  key: [
    ["body", `${circle(28, 50, 18)}${circle(28, 50, 8)}`],
    ["detail", box(45, 46, 45, 8)],
    ["accent", `${box(74, 54, 6, 12)}${box(84, 54, 6, 9)}`],
  ],
  umbrella: [
    ["body", "M10 52Q14 16 50 16Q86 16 90 52Q80 44 70 52Q60 44 50 52Q40 44 30 52Q20 44 10 52Z"],
    ["detail", "M48 50H52V80Q52 92 42 90Q36 88 37 82H41Q42 87 46 86Q48 85 48 80Z"],
  ],
  book: [
    ["body", "M8 28Q30 18 50 30Q70 18 92 28V80Q70 70 50 82Q30 70 8 80Z"],
    ["detail", box(48, 30, 4, 51)],
    ["accent", `${box(18, 40, 22, 3)}${box(60, 40, 22, 3)}${box(18, 52, 22, 3)}`],
  ],
  mushroom: [
    ["detail", "M42 50H58L62 88H38Z"],
    ["body", "M12 54Q16 16 50 16Q84 16 88 54Z"],
    ["accent", `${circle(36, 36, 6)}${circle(60, 30, 5)}${circle(68, 44, 4)}`],
  ],
  rocket: [
    ["body", "M50 8Q70 30 66 70H34Q30 30 50 8Z"],
    ["accent", "M34 56L18 78L36 72ZM66 56L82 78L64 72Z"],
    ["detail", circle(50, 38, 8)],
  ],
  crown: [
    ["body", "M14 76L10 30L32 52L50 22L68 52L90 30L86 76Z"],
    ["detail", box(14, 76, 72, 9)],
    ["accent", `${circle(50, 62, 5)}${circle(28, 64, 4)}${circle(72, 64, 4)}`],
  ],
  clock: [
    ["body", circle(50, 50, 36)],
    ["accent", circle(50, 50, 28)],
    ["detail", "M48 50V28H52V48L68 58L66 62Z"],
  ],
};

interface Colours {
  readonly background: string;
  readonly fill: Readonly<Record<Part[0], string>>;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly definitions?: string;
  /** Drawn over the background and under the thing. */
  readonly ground?: string;
}

interface Finish {
  readonly size: number;
  readonly random: () => number;
}

interface Manner {
  readonly colours: Colours;
  readonly finish?: (drawing: Sharp, options: Finish) => Promise<Sharp> | Sharp;
}

const none = { body: "none", detail: "none", accent: "none" } as const;
const pattern = (id: string, content: string, size: number): string =>
  `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">${content}</pattern>`;
const lines = (id: string, colour: string, width: number, angle: number): string =>
  `<pattern id="${id}" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><rect width="${width}" height="4" fill="${colour}"/></pattern>`;
const shade = (id: string, light: string, dark: string): string =>
  `<radialGradient id="${id}" cx="35%" cy="30%" r="80%"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>`;

const manners: Readonly<Record<string, Manner>> = {
  flat: { colours: { background: "#ffffff", fill: { body: "#e53935", detail: "#1e88e5", accent: "#fdd835" } } },
  outline: { colours: { background: "#ffffff", fill: none, stroke: "#111111", strokeWidth: 1.6 } },
  neon: {
    colours: { background: "#0a0618", fill: none, stroke: "#38f5d0", strokeWidth: 2.2 },
    finish: async (drawing) => {
      const sharpLines = await drawing.png().toBuffer();
      return sharp(await sharp(sharpLines).blur(7).png().toBuffer()).composite([{ input: sharpLines, blend: "screen" }]);
    },
  },
  blueprint: {
    colours: {
      background: "#12408a",
      fill: none,
      stroke: "#f2f7ff",
      strokeWidth: 1,
      definitions: pattern("grid", '<path d="M8 0H0V8" fill="none" stroke="#7ea2dc" stroke-width="0.4"/>', 8),
      ground: "url(#grid)",
    },
  },
  sepia: {
    colours: { background: "#d9c19a", fill: { body: "#8a5a33", detail: "#4d2f18", accent: "#b98a55" } },
    finish: (drawing, options) => withNoise(drawing.blur(2.2), options, 40),
  },
  pixel: {
    colours: { background: "#9ad0ec", fill: { body: "#2e7d32", detail: "#5d4037", accent: "#ff7043" } },
    finish: async (drawing, { size }) =>
      sharp(await drawing.resize(30, 30, { kernel: "nearest" }).png().toBuffer()).resize(size, size, { kernel: "nearest" }),
  },
  halftone: {
    colours: {
      background: "#f7eed8",
      fill: { body: "url(#red)", detail: "#1b2a6b", accent: "url(#blue)" },
      definitions:
        pattern("red", '<circle cx="1.8" cy="1.8" r="1.35" fill="#d7263d"/>', 3.6) +
        pattern("blue", '<circle cx="1.5" cy="1.5" r="1" fill="#1b2a6b"/>', 3),
    },
  },
  hatch: {
    colours: {
      background: "#fbfaf5",
      fill: { body: "url(#wide)", detail: "url(#dense)", accent: "url(#cross)" },
      stroke: "#222222",
      strokeWidth: 0.7,
      definitions: lines("wide", "#333", 0.7, 45) + lines("dense", "#222", 1.8, -45) + lines("cross", "#444", 0.9, 90),
    },
  },
  pastel: {
    colours: {
      background: "#ffe9f1",
      fill: { body: "#b9e3ff", detail: "#c9b8f5", accent: "#fff3b0" },
      stroke: "#ffffff",
      strokeWidth: 3.2,
    },
  },
  studio: {
    colours: {
      background: "#8d9096",
      fill: { body: "url(#body)", detail: "url(#detail)", accent: "url(#accent)" },
      definitions: shade("body", "#f4d7b5", "#6b3f1d") + shade("detail", "#dfe6ea", "#39454d") + shade("accent", "#c9e7b2", "#2c5a23"),
      ground: "url(#body)",
    },
    finish: (drawing, options) => withNoise(drawing.blur(0.8), options, 18),
  },
};

/** Grain. libvips would draw another one in every run. */
async function withNoise(drawing: Sharp, { random, size }: Finish, deviation: number): Promise<Sharp> {
  // Six uniform numbers are near enough to a normal one.
  const normal = (): number => Math.SQRT2 * (random() + random() + random() + random() + random() + random() - 3);
  const pixels = Uint8ClampedArray.from({ length: size * size }, () => 128 + deviation * normal());
  const grain = sharp(pixels, { raw: { width: size, height: size, channels: 1 } }).toColourspace("srgb");
  return sharp(await drawing.png().toBuffer()).composite([{ input: await grain.png().toBuffer(), blend: "soft-light" }]);
}

export interface LabelledPicture {
  readonly path: string;
  readonly subject: string;
  readonly style: string;
}

const sizePixels = 224;

/**
 * Draws every thing in every manner into `folder`. Where it stands, how large, how it leans, which way it faces and all hues differ from picture
 * to picture, so that neither the palette gives the manner away nor the outline the thing.
 */
export async function drawStyledThings(folder: string): Promise<readonly LabelledPicture[]> {
  await mkdir(folder, { recursive: true });
  const random = seededRandom(7);
  const drawn: LabelledPicture[] = [];
  for (const [subject, parts] of Object.entries(things)) {
    for (const [style, manner] of Object.entries(manners)) {
      const between = (low: number, high: number): string => (low + random() * (high - low)).toFixed(2);
      const isMirrored = random() < 0.5;
      const place = `translate(${between(44, 56)} ${between(44, 56)}) rotate(${between(-14, 14)}) scale(${isMirrored ? "-" : ""}1 1) scale(${between(0.62, 0.88)}) translate(-50 -50)`;
      const drawing = sharp(Buffer.from(svgOf(parts, manner.colours, place)));
      const path = join(folder, `${subject}--${style}.png`);
      const finished = (await manner.finish?.(drawing, { size: sizePixels, random })) ?? drawing;
      await sharp(await finished.png().toBuffer())
        .modulate({ hue: Math.floor(random() * 360), brightness: 0.9 + 0.2 * random() })
        .flatten()
        .png()
        .toFile(path);
      drawn.push({ path, subject, style });
    }
  }
  return drawn;
}

function svgOf(
  parts: readonly Part[],
  { background, fill, stroke = "none", strokeWidth = 0, definitions = "", ground }: Colours,
  place: string,
): string {
  const drawn = parts.map(
    ([role, path]) =>
      `<path d="${path}" fill="${fill[role]}" fill-rule="evenodd" stroke="${stroke}" stroke-width="${strokeWidth}" stroke-linejoin="round"/>`,
  );
  const field = (colour: string): string => `<rect width="100" height="100" fill="${colour}"/>`;
  const under = ground === undefined ? "" : `<g opacity="0.55">${field(ground)}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePixels}" height="${sizePixels}" viewBox="0 0 100 100"><defs>${definitions}</defs>${field(background)}${under}<g transform="${place}">${drawn.join("")}</g></svg>`;
}
