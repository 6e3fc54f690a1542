/**
 * @file Centres of many vectors, for codebooks: made once over thousands of rows, so a bounded number of rounds is worth more than the last digit.
 * Source: Lloyd's iteration; Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007.
 */
import { seededRandom } from "../../platform/seeded-random";

export interface Centres {
  /** [count, channels] */
  readonly data: Float32Array;
  readonly count: number;
  readonly channels: number;
}

const mostRounds = 20;

export interface KMeansOptions extends Omit<Centres, "data"> {
  readonly seed: number;
  readonly rounds?: number;
}

/** Up to `count` centres of the rows [rows, channels]: fewer where there are fewer rows. Equal seeds give equal centres. */
export function kMeans(rows: Float32Array, { channels, count, seed, rounds = mostRounds }: KMeansOptions): Centres {
  let centres = spreadCentres(rows, { channels, count: Math.min(count, rows.length / channels), seed });
  let labels = nearestCentres(rows, centres);
  for (let round = 0; round < rounds; round++) {
    centres = meansOf(rows, labels, centres);
    const moved = nearestCentres(rows, centres);
    const isSettled = moved.every((label, row) => label === labels[row]);
    labels = moved;
    if (isSettled) break;
  }
  return centres;
}

/** The nearest centre of every row [rows, channels]; of equally near ones the first. */
export function nearestCentres(rows: Float32Array, { data, count, channels }: Centres): Int32Array {
  const labels = new Int32Array(rows.length / channels);
  // |x - c|² is least where x·c - |c|²/2 is largest.
  const halfSquares = Float64Array.from({ length: count }, (_, centre) => squaredLength(data, centre * channels, channels) / 2);
  for (let row = 0; row < labels.length; row++) {
    const from = row * channels;
    let best = -Infinity;
    for (let centre = 0; centre < count; centre++) {
      let nearness = -(halfSquares[centre] as number);
      for (let i = 0, c = centre * channels; i < channels; i++, c++) nearness += (rows[from + i] as number) * (data[c] as number);
      if (nearness <= best) continue;
      best = nearness;
      labels[row] = centre;
    }
  }
  return labels;
}

/** How many of the labels each of `count` centres has, as shares that sum to one. */
export function labelShares(labels: Int32Array, count: number): Float32Array {
  const shares = new Float32Array(count);
  for (const label of labels) shares[label] = (shares[label] as number) + 1 / labels.length;
  return shares;
}

function squaredLength(data: Float32Array, from: number, channels: number): number {
  let sum = 0;
  for (let i = from; i < from + channels; i++) sum += (data[i] as number) ** 2;
  return sum;
}

/** The mean of the rows of each centre; one without rows stays where it is. */
function meansOf(rows: Float32Array, labels: Int32Array, { data, count, channels }: Centres): Centres {
  const sums = new Float64Array(count * channels);
  const sizes = new Int32Array(count);
  labels.forEach((label, row) => {
    sizes[label] = (sizes[label] as number) + 1;
    for (let i = 0; i < channels; i++)
      sums[label * channels + i] = (sums[label * channels + i] as number) + (rows[row * channels + i] as number);
  });
  const means = data.map((old, at) => {
    const size = sizes[Math.floor(at / channels)] as number;
    return size === 0 ? old : (sums[at] as number) / size;
  });
  return { data: means, count, channels };
}

/** k-means++: each centre is a row drawn by its squared distance from the nearest centre before. */
function spreadCentres(rows: Float32Array, { channels, count, seed }: Omit<Centres, "data"> & { readonly seed: number }): Centres {
  const random = seededRandom(seed);
  const rowCount = rows.length / channels;
  const data = new Float32Array(count * channels);
  const distances = new Float64Array(rowCount).fill(1);
  for (let centre = 0; centre < count; centre++) {
    const chosen = drawIndex(distances, random()) * channels;
    data.set(rows.subarray(chosen, chosen + channels), centre * channels);
    for (let row = 0; row < rowCount; row++) {
      let distance = 0;
      for (let i = 0; i < channels; i++) distance += ((rows[row * channels + i] as number) - (rows[chosen + i] as number)) ** 2;
      distances[row] = centre === 0 ? distance : Math.min(distances[row] as number, distance);
    }
  }
  return { data, count, channels };
}

/** The index that a number in [0, 1) falls on when every index has room for its weight. */
function drawIndex(weights: Float64Array, at: number): number {
  let left = at * weights.reduce((sum, weight) => sum + weight, 0);
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index] as number;
    if (left < 0) return index;
  }
  return 0;
}
