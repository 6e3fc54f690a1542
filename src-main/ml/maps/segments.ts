/**
 * @file Pictures in segments: tiles whose vectors lie near one another, by k-means.
 * Source: Lloyd's iteration as scikit-learn's `KMeans` stops it; Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007.
 */
import { seededRandom } from "../../platform/seeded-random";
import { rowVector, type VectorRows } from "./vector-rows";

export interface Clusters {
  /** One vector [channels] a cluster. */
  readonly centroids: readonly Float32Array[];
  /** The cluster of each vector. */
  readonly labels: Int32Array;
  /** Sum of the squared distances of the vectors from their centroids. */
  readonly inertia: number;
  readonly iterations: number;
}

const mostIterations = 300;
/** Iteration ends when the squared moves of the centroids sum to less than this share of the mean variance of the channels. */
const tolerance = 1e-4;
const starts = 4;

/**
 * Sorts vectors into `k` clusters, or into one for each vector where there are fewer: the tightest of some seeded starts. Equal seeds give equal clusters.
 * Clusters are numbered by size, the largest first.
 */
export function clusterRows(rows: VectorRows, k: number, seed: number): Clusters {
  const random = seededRandom(seed);
  const tried = Array.from({ length: starts }, () => refineClusters(rows, spreadCentroids(rows, Math.min(k, rows.count), random)));
  return numberedBySize(tried.reduce((best, next) => (next.inertia < best.inertia ? next : best)));
}

/** Moves centroids until they settle. One that no vector is near goes to the vector farthest from its own. */
export function refineClusters(rows: VectorRows, start: readonly Float32Array[]): Clusters {
  const limit = tolerance * meanVariance(rows);
  let centroids: readonly Float64Array[] = start.map((centroid) => Float64Array.from(centroid));
  let assignment = assign(rows, centroids);
  let iterations = 0;
  for (let move = Infinity; move > limit && iterations < mostIterations; iterations++) {
    const moved = meansOf(rows, assignment, centroids.length);
    move = moved.reduce((sum, centroid, cluster) => sum + squaredDistance(centroid, centroids[cluster] ?? centroid), 0);
    centroids = moved;
    assignment = assign(rows, centroids);
  }
  const inertia = assignment.distances.reduce((sum, distance) => sum + distance, 0);
  return { centroids: centroids.map((centroid) => Float32Array.from(centroid)), labels: assignment.labels, inertia, iterations };
}

interface Assignment {
  readonly labels: Int32Array;
  /** Squared distance of each vector from its centroid. */
  readonly distances: Float64Array;
}

/** The nearest centroid of every vector; of equally near ones the first. */
function assign(rows: VectorRows, centroids: readonly Float64Array[]): Assignment {
  const labels = new Int32Array(rows.count);
  const distances = new Float64Array(rows.count).fill(Infinity);
  for (let row = 0; row < rows.count; row++) {
    const vector = rowVector(rows, row);
    centroids.forEach((centroid, cluster) => {
      const distance = squaredDistance(vector, centroid);
      if (distance >= (distances[row] as number)) return;
      distances[row] = distance;
      labels[row] = cluster;
    });
  }
  return { labels, distances };
}

/** The mean vector of each cluster. */
function meansOf(rows: VectorRows, { labels, distances }: Assignment, clusters: number): readonly Float64Array[] {
  const belongings = labels.slice();
  const sizes = new Int32Array(clusters);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  const farthest = [...distances.keys()].sort((row, other) => (distances[other] as number) - (distances[row] as number));
  sizes.forEach((size, cluster) => {
    const row = size === 0 ? farthest.shift() : undefined;
    if (row === undefined) return;
    const former = belongings[row] as number;
    sizes[former] = (sizes[former] as number) - 1;
    sizes[cluster] = 1;
    belongings[row] = cluster;
  });
  const means = Array.from({ length: clusters }, () => new Float64Array(rows.channels));
  belongings.forEach((cluster, row) => {
    const mean = means[cluster] as Float64Array;
    const size = sizes[cluster] as number;
    rowVector(rows, row).forEach((x, i) => (mean[i] = (mean[i] as number) + x / size));
  });
  return means;
}

/** k-means++: each centroid is a vector drawn by its squared distance from the nearest one before. */
function spreadCentroids(rows: VectorRows, k: number, random: () => number): readonly Float32Array[] {
  const centroids: Float32Array[] = [];
  const distances = new Float64Array(rows.count).fill(1);
  while (centroids.length < k) {
    const chosen = rowVector(rows, drawIndex(distances, random()));
    for (let row = 0; row < rows.count; row++) {
      const distance = squaredDistance(rowVector(rows, row), chosen);
      distances[row] = centroids.length === 0 ? distance : Math.min(distances[row] as number, distance);
    }
    centroids.push(chosen);
  }
  return centroids;
}

/** The index that a number in [0, 1) falls on when every index has room for its weight; the first where all weights are 0. */
function drawIndex(weights: Float64Array, at: number): number {
  let rest = at * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => (rest -= weight) < 0);
  return Math.max(0, found);
}

function numberedBySize({ centroids, labels, ...rest }: Clusters): Clusters {
  const sizes = centroids.map((_, cluster) => labels.reduce((count, label) => count + (label === cluster ? 1 : 0), 0));
  const order = [...centroids.keys()].sort((one, other) => (sizes[other] ?? 0) - (sizes[one] ?? 0));
  return {
    ...rest,
    centroids: order.flatMap((cluster) => centroids[cluster] ?? []),
    labels: labels.map((label) => order.indexOf(label)),
  };
}

/** Mean over the channels of the variance of the vectors. */
function meanVariance(rows: VectorRows): number {
  const { count, channels, data } = rows;
  const mean = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels] = (mean[i % channels] as number) + (data[i] as number) / count;
  return data.reduce((sum, x, i) => sum + (x - (mean[i % channels] as number)) ** 2, 0) / Math.max(1, data.length);
}

function squaredDistance(a: Float32Array | Float64Array, b: Float32Array | Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2;
  return sum;
}
