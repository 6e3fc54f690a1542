/**
 * @file The few colours that a picture is made of.
 * Source: k-means over a histogram, begun as in Celebi 2011, "Improving the performance of k-means for color quantization"; distances in OKLab
 */
import type { PaletteColour } from "#shared/domain/asset-metadata";
import { colourDistance, type OkLab, okLabOf } from "#shared/lib/colour";
import type { RawImage } from "../../platform/raw-image";

const maxColours = 6;
const rounds = 12;
/** Closer than this, two colours look like one. */
const sameColour = 0.06;
/** A colour of a smaller share is an accident. */
const leastShare = 0.005;
/** Shares are told in ten thousandths. */
const shareUnits = 10_000;
/** From this opacity on a pixel counts. */
const opaque = 128;

interface Cell {
  readonly colour: OkLab;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly weight: number;
}

/**
 * Up to six colours, the largest first; their shares sum to 1. Transparent pixels do not count (`opacity` has one byte a pixel). The same pixels
 * always give the same colours; a picture without an opaque pixel has none.
 */
export function dominantColours(image: RawImage, opacity: Uint8Array): PaletteColour[] {
  const cells = histogram(image, opacity);
  if (cells.length === 0) return [];
  let groups = assign(cells, firstCentres(cells));
  for (let round = 0; round < rounds; round += 1)
    groups = assign(
      cells,
      groups.map((group) => meanOf(group).colour),
    );
  const total = weightOf(cells);
  const merged = merge(groups).sort((a, b) => weightOf(b) - weightOf(a));
  const kept = merged.filter((group, place) => place === 0 || weightOf(group) >= total * leastShare);
  return withShares(kept);
}

/** The colours of 16 levels a channel that occur, each with the mean of its pixels. */
function histogram({ width, height, data }: RawImage, opacity: Uint8Array): readonly Cell[] {
  const sums = new Float64Array(4096 * 4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if ((opacity[pixel] ?? 0) < opaque) continue;
    const [red, green, blue] = [data[pixel * 3] ?? 0, data[pixel * 3 + 1] ?? 0, data[pixel * 3 + 2] ?? 0];
    const at = ((red >> 4) * 256 + (green >> 4) * 16 + (blue >> 4)) * 4;
    sums[at] = (sums[at] ?? 0) + red;
    sums[at + 1] = (sums[at + 1] ?? 0) + green;
    sums[at + 2] = (sums[at + 2] ?? 0) + blue;
    sums[at + 3] = (sums[at + 3] ?? 0) + 1;
  }
  const cells: Cell[] = [];
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at + 3] ?? 0;
    if (weight === 0) continue;
    const [red, green, blue] = [(sums[at] ?? 0) / weight, (sums[at + 1] ?? 0) / weight, (sums[at + 2] ?? 0) / weight];
    cells.push({ colour: okLabOf(hexOf(red, green, blue)), red, green, blue, weight });
  }
  return cells;
}

/** The most frequent colour, then again and again the one that matters most and is farthest from those chosen. */
function firstCentres(cells: readonly Cell[]): readonly OkLab[] {
  const heaviest = cells.reduce((best, cell) => (cell.weight > best.weight ? cell : best));
  const centres = [heaviest.colour];
  const distances = cells.map(() => Number.POSITIVE_INFINITY);
  while (centres.length < Math.min(maxColours, cells.length)) {
    const latest = centres.at(-1) ?? heaviest.colour;
    let [best, bestGain] = [0, -1];
    for (const [index, cell] of cells.entries()) {
      distances[index] = Math.min(distances[index] ?? 0, squaredDistance(cell.colour, latest));
      const gain = (distances[index] ?? 0) * cell.weight;
      if (gain > bestGain) [best, bestGain] = [index, gain];
    }
    centres.push(cells[best]?.colour ?? latest);
  }
  return centres;
}

/** Compares as `colourDistance` does, without its root: this is what takes the time. */
function squaredDistance(one: OkLab, other: OkLab): number {
  return (one.lightness - other.lightness) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2;
}

type Group = readonly Cell[];

/** Each cell with the nearest centre; groups without a cell are left out. */
function assign(cells: readonly Cell[], centres: readonly OkLab[]): readonly Group[] {
  const groups = centres.map((): Cell[] => []);
  for (const cell of cells) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (const [index, centre] of centres.entries()) {
      const distance = squaredDistance(cell.colour, centre);
      if (distance < least) [nearest, least] = [index, distance];
    }
    groups[nearest]?.push(cell);
  }
  return groups.filter((group) => group.length > 0);
}

function weightOf(group: Group): number {
  return group.reduce((sum, cell) => sum + cell.weight, 0);
}

/** The group as one cell: its mean colours and its whole weight. */
function meanOf(group: Group): Cell {
  let [lightness, a, b, red, green, blue, weight] = [0, 0, 0, 0, 0, 0, 0];
  for (const cell of group) {
    lightness += cell.colour.lightness * cell.weight;
    a += cell.colour.a * cell.weight;
    b += cell.colour.b * cell.weight;
    red += cell.red * cell.weight;
    green += cell.green * cell.weight;
    blue += cell.blue * cell.weight;
    weight += cell.weight;
  }
  const colour = { lightness: lightness / weight, a: a / weight, b: b / weight };
  return { colour, red: red / weight, green: green / weight, blue: blue / weight, weight };
}

/** Joins groups that look alike, the heaviest taking in the others. */
function merge(groups: readonly Group[]): Group[] {
  const merged: Group[] = [];
  for (const group of [...groups].sort((a, b) => weightOf(b) - weightOf(a))) {
    const like = merged.findIndex((other) => colourDistance(meanOf(other).colour, meanOf(group).colour) < sameColour);
    const known = merged[like];
    if (known === undefined) merged.push(group);
    else merged[like] = [...known, ...group];
  }
  return merged;
}

/** Whole ten thousandths that sum to one: what rounding down leaves goes to the largest colours, so that their order stays. */
function withShares(groups: readonly Group[]): PaletteColour[] {
  const total = groups.reduce((sum, group) => sum + weightOf(group), 0);
  const floors = groups.map((group) => Math.floor((weightOf(group) / total) * shareUnits));
  const rest = shareUnits - floors.reduce((sum, units) => sum + units, 0);
  const units = floors.map((floor, index) => floor + Number(index < rest));
  return groups.map((group, index) => {
    const { red, green, blue } = meanOf(group);
    return { colour: hexOf(red, green, blue), share: (units[index] ?? 0) / shareUnits };
  });
}

function hexOf(...channels: readonly number[]): string {
  return `#${channels.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}
