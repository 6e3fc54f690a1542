/** @file Colours as people see and name them. Source: Ottosson, "A perceptual color space for image processing", 2020 (OKLab). */

/** Lightness 0..1 and the two opponent axes of OKLab. */
export interface OkLab {
  readonly lightness: number;
  readonly a: number;
  readonly b: number;
}

export const colourNames = [
  "black",
  "grey",
  "white",
  "red",
  "orange",
  "brown",
  "yellow",
  "green",
  "cyan",
  "blue",
  "purple",
  "pink",
] as const;
export type ColourName = (typeof colourNames)[number];

/** Light of each of the 256 values of a channel. */
const light = Float64Array.from({ length: 256 }, (_, byte) => {
  const value = byte / 255;
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});
const linear = (byte: number): number => light[byte] ?? 0;

/** `colour` is `#rrggbb`. */
export function okLabOf(colour: string): OkLab {
  const bits = Number.parseInt(colour.slice(1), 16);
  return okLabOfBytes(bits >> 16, (bits >> 8) & 255, bits & 255);
}

/** The channels of sRGB, 0 to 255 each. */
export function okLabOfBytes(redByte: number, greenByte: number, blueByte: number): OkLab {
  const [red, green, blue] = [linear(redByte), linear(greenByte), linear(blueByte)];
  const long = Math.cbrt(0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue);
  const medium = Math.cbrt(0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue);
  const short = Math.cbrt(0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue);
  return {
    lightness: 0.210_454_255_3 * long + 0.793_617_785 * medium - 0.004_072_046_8 * short,
    a: 1.977_998_495_1 * long - 2.428_592_205 * medium + 0.450_593_709_9 * short,
    b: 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766 * short,
  };
}

/** Euclidean distance in OKLab: 0.02 is just visible, 0.1 is another shade, black to white is 1. */
export function colourDistance(one: OkLab, other: OkLab): number {
  return Math.hypot(one.lightness - other.lightness, one.a - other.a, one.b - other.b);
}

/** Hues in degrees up to which a name reaches, in order; what lies beyond the last is pink again. */
const hueNames: readonly (readonly [upTo: number, name: ColourName])[] = [
  [18, "pink"],
  [42, "red"],
  [78, "orange"],
  [118, "yellow"],
  [170, "green"],
  [220, "cyan"],
  [285, "blue"],
  [337, "purple"],
];

/** The everyday name of a colour. Dark, little saturated oranges and reds are brown, light reds and purples pink. */
export function colourNameOf({ lightness, a, b }: OkLab): ColourName {
  const chroma = Math.hypot(a, b);
  if (lightness < 0.2) return "black";
  if (chroma < 0.035) return lightness < 0.27 ? "black" : lightness > 0.92 ? "white" : "grey";
  const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
  const name = hueNames.find(([upTo]) => hue < upTo)?.[1] ?? "pink";
  const isWarm = name === "red" || name === "orange" || name === "yellow";
  if (isWarm && lightness < 0.6 && chroma < 0.13) return "brown";
  if (name === "red" && lightness > 0.75) return "pink";
  return name === "purple" && hue > 320 && lightness > 0.6 ? "pink" : name;
}
