/** @file Colours of signed values, of numbered things and of places, each even to the eye. */
import type { Rgb } from "./cividis";

/** Colour of a value in [-1, 1] whose 0 has a meaning: blue below, near-white, orange above; values outside are taken for the nearer end. */
export function divergingColour(value: number): Rgb {
  const strength = Math.min(1, Math.abs(value));
  return oklch(0.97 - 0.5 * strength, 0.15 * strength, value < 0 ? 250 : 50);
}

/** Colour of the `index`-th of `count` kinds of things: hues all around, neighbours also of different lightness. */
export function kindColour(index: number, count: number): Rgb {
  return oklch([0.72, 0.52, 0.86][index % 3] ?? 0.72, 0.13, 30 + (360 * index) / Math.max(1, count));
}

/** Colour of a place on the wheel: the hue tells the direction from the middle, the strength how far out; `across` and `down` in [-1, 1]. */
export function wheelColour(across: number, down: number): Rgb {
  const distance = Math.min(1, Math.hypot(across, down) / Math.SQRT2);
  return oklch(0.78 - 0.2 * distance, 0.22 * distance, (Math.atan2(down, across) * 180) / Math.PI);
}

/**
 * A colour of even lightness [0, 1], chroma and hue in degrees as sRGB; what a screen cannot show is cut off.
 * Source: B. Ottosson, "A perceptual color space for image processing", 2020.
 */
function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gammaByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gammaByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gammaByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

function gammaByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, value)));
}
