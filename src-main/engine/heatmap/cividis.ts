/**
 * @file The cividis colour ramp: even steps look even, also to colour-blind eyes and in grey.
 * Source: Nuñez, Anderton, Renslow, "Optimizing colormaps with consideration for color vision deficiency", PLOS ONE 2018; 17 samples of it.
 */

export type Rgb = readonly [red: number, green: number, blue: number];

// prettier-ignore
const samples: readonly Rgb[] = [
  [0, 32, 81], [1, 43, 101], [17, 54, 108], [38, 66, 110], [60, 77, 110], [81, 88, 110], [98, 100, 111], [114, 112, 113], [127, 124, 117],
  [140, 136, 119], [154, 148, 120], [169, 161, 119], [187, 175, 113], [206, 189, 104], [226, 203, 92], [243, 218, 79], [253, 234, 69],
];

/** Colour of a value in [0, 1]; values outside are taken for the nearer end. */
export function cividis(value: number): Rgb {
  const position = Math.min(1, Math.max(0, value)) * (samples.length - 1);
  const index = Math.min(samples.length - 2, Math.floor(position));
  const share = position - index;
  const from = samples[index] ?? [0, 0, 0];
  const to = samples[index + 1] ?? from;
  const mix = (channel: 0 | 1 | 2): number => Math.round(from[channel] + share * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}
