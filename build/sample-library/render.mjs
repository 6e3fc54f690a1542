/**
 * @file From a scene to SVG text and to pixels. `canvas` is `{ size, r, sharp, frame }`: side in pixels, seeded
 * generator, the image library, and the part of the 100 x 100 box that is kept.
 */
import { luminance, mix } from "./colour.mjs";

/** SVG text of a 100 x 100 box. */
export function svg(size, defs, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100"><defs>${defs}</defs>${body}</svg>`;
}

function gradient(id, direction, stops) {
  const text = stops.map(([offset, colour]) => `<stop offset="${offset}" stop-color="${colour}"/>`).join("");
  return `<linearGradient id="${id}" x1="0" y1="0" ${direction}>${text}</linearGradient>`;
}

/**
 * Plain or softly lit vector rendering.
 * `tone` maps every colour, `lit` is the strength of the light, `outline` a colour, `wrapShape` may put a shape into a filter,
 * `defs` and `over` add definitions and a top layer, `ground` replaces the background.
 */
export function vector(scene, options) {
  const {
    size,
    tone = (c) => c,
    lit = 0,
    outline = null,
    outlineWidth = 0.6,
    wrapShape = (x) => x,
    defs = "",
    over = "",
    ground,
  } = options;
  const definitions = [defs];
  const fillOf = (colour) => {
    if (!lit) return colour;
    const id = `g${definitions.length}`;
    const stops = [
      [0, mix(colour, "#fff6e0", lit)],
      [0.5, colour],
      [1, mix(colour, "#1a1430", lit * 1.3)],
    ];
    definitions.push(gradient(id, 'x2=".8" y2="1"', stops));
    return `url(#${id})`;
  };
  const stroke = (shape) => {
    const colour = outline && !shape.body ? outline : tone(shape.stroke);
    return `<path d="${shape.d}" fill="none" stroke="${colour}" stroke-width="${shape.w}" stroke-linecap="round" stroke-linejoin="round"/>`;
  };
  const form = (shape) => {
    const width = shape.z > 1 ? outlineWidth * 1.5 : outlineWidth;
    const edge = outline ? ` stroke="${outline}" stroke-width="${width}" stroke-linejoin="round"` : "";
    return `<path d="${shape.d}" fill="${fillOf(tone(shape.fill))}"${edge}/>`;
  };
  const body = scene.shapes.map((shape) => wrapShape(shape.line ? stroke(shape) : form(shape), shape)).join("");
  const [top, bottom] = scene.bg.map(tone);
  const sky = gradient("sky", 'x2="0" y2="1"', [
    [0, top],
    [1, bottom],
  ]);
  const composed = `<g transform="${scene.transform ?? ""}">${body}</g>`;
  return svg(size, sky + definitions.join(""), `<rect width="100" height="100" fill="${ground ?? "url(#sky)"}"/>${composed}${over}`);
}

/** Renders SVG text to a PNG. */
export function toPng(text, { sharp }) {
  return sharp(Buffer.from(text)).png().toBuffer();
}

/** Renders SVG text to RGB bytes, `size` x `size`. */
export async function toPixels(text, { size, sharp }) {
  return new Uint8Array(await sharp(Buffer.from(text)).flatten({ background: "#fff" }).resize(size, size).removeAlpha().raw().toBuffer());
}

/** Encodes RGB bytes as a PNG. */
export function fromPixels(bytes, { size, sharp }) {
  return sharp(Buffer.from(bytes), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

/** The colour under a point, clamped to the picture. */
export function pixelAt(pixels, size, x, y) {
  const column = Math.max(0, Math.min(size - 1, Math.trunc(x)));
  const row = Math.max(0, Math.min(size - 1, Math.trunc(y)));
  const index = 3 * (row * size + column);
  return [pixels[index], pixels[index + 1], pixels[index + 2]];
}

/** Brightness under a point, 0..1. */
export function brightnessAt(pixels, size, x, y) {
  return luminance(pixelAt(pixels, size, x, y));
}

/** Runs `shade(x, y)` for every pixel and encodes the colours it returns. */
export function shadePixels(canvas, shade) {
  const { size } = canvas;
  const out = Buffer.alloc(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const colour = shade(x, y);
      for (let channel = 0; channel < 3; channel++) out[3 * (y * size + x) + channel] = clamp(colour[channel], 255);
    }
  }
  return fromPixels(out, canvas);
}

/** Limits a value to 0..`high`. */
export function clamp(value, high = 1) {
  return Math.max(0, Math.min(high, value));
}
