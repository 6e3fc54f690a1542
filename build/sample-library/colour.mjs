/** @file Colours as "#rrggbb" and as [r, g, b] of 0..255. */

/** "#rgb" or "#rrggbb" to three numbers. */
export function hex(colour) {
  const long = colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}` : colour;
  return [1, 3, 5].map((at) => parseInt(long.slice(at, at + 2), 16));
}

/** Three numbers to "#rrggbb", clamped. */
export function rgb(channels) {
  return `#${channels
    .map((value) =>
      Math.max(0, Math.min(255, Math.round(value)))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** Mixes two colours; `share` of the second. */
export function mix(first, second, share) {
  const other = hex(second);
  return rgb(hex(first).map((value, channel) => value + (other[channel] - value) * share));
}

/** Brightness of three channels, 0..1. */
export function luminance([r, g, b]) {
  return (0.3 * r + 0.59 * g + 0.11 * b) / 255;
}

/** The colour of a palette nearest to `colour`; brightness counts double, so that forms stay readable. */
export function snap(colour, palette) {
  const wanted = hex(colour);
  const distance = (candidate) => {
    const other = hex(candidate);
    const brightness = (luminance(wanted) - luminance(other)) * 255;
    return 2 * brightness ** 2 + wanted.reduce((sum, value, channel) => sum + (value - other[channel]) ** 2, 0);
  };
  return palette.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}
