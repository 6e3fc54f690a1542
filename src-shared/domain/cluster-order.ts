/**
 * @file An order of pictures in which like stands beside like: hierarchical clustering by average linkage, its leaves turned so that neighbours agree.
 *
 * Clusters are found by chains of nearest neighbours (Murtagh 1983), which needs the time of one look at the matrix. Where two clusters become one,
 * of the four ways to put them end to end that one is taken whose ends are the most alike (Gruvaeus & Wainer 1972).
 */
import { defined } from "../lib/assert";

/** Scores of all pairs, the same both ways round; more is more alike, null where there is none. */
export type SimilarityMatrix = readonly (readonly (number | null)[])[];

interface Clustering {
  /** Similarities of pictures, row by row, without gaps. */
  readonly pictures: Float64Array;
  /** The same of clusters, each in the row of one of its pictures. */
  readonly clusters: Float64Array;
  /** Pictures of a cluster in order; null for rows whose cluster went into another. */
  readonly leaves: (readonly number[] | null)[];
}

/**
 * Indices in an order in which like stands beside like, the end that is more like all others first. Depends on the similarities alone, up to ties:
 * the same pictures in another order come out in the same order. A pair without a score counts as the least alike of all.
 */
export function clusterOrder(similarities: SimilarityMatrix): readonly number[] {
  const count = similarities.length;
  if (count === 0) return [];
  const pictures = withoutGaps(similarities);
  const clustering: Clustering = {
    pictures,
    clusters: Float64Array.from(pictures),
    leaves: Array.from({ length: count }, (_, index) => [index]),
  };
  const chain: number[] = [];
  for (let merges = 0; merges < count - 1;) {
    if (chain.length === 0) chain.push(clustering.leaves.findIndex((leaves) => leaves !== null));
    const top = defined(chain.at(-1), "the chain has begun");
    const previous = chain.at(-2) ?? -1;
    const nearest = nearestOf(clustering, top, previous);
    if (nearest !== previous) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    merge(clustering, top, nearest);
    merges += 1;
  }
  const order = defined(
    clustering.leaves.find((leaves) => leaves !== null),
    "one cluster is left",
  );
  return likeness(pictures, count, order.at(-1)) > likeness(pictures, count, order[0]) ? [...order].reverse() : order;
}

function withoutGaps(similarities: SimilarityMatrix): Float64Array {
  let least = Infinity;
  for (const row of similarities) for (const score of row) if (score !== null && score < least) least = score;
  const whole = new Float64Array(similarities.length ** 2).fill(Number.isFinite(least) ? least : 0);
  for (const [i, row] of similarities.entries())
    for (const [j, score] of row.entries()) if (score !== null) whole[i * similarities.length + j] = score;
  return whole;
}

/** The cluster most like that of row `from`; among equals `preferred`, without which a chain of equals would have no end, then the first. */
function nearestOf({ clusters, leaves }: Clustering, from: number, preferred: number): number {
  const count = leaves.length;
  let nearest = preferred;
  let best = preferred === -1 ? -Infinity : at(clusters, from * count + preferred);
  for (let other = 0; other < count; other++) {
    if (other === from || leaves[other] === null) continue;
    const similarity = at(clusters, from * count + other);
    if (similarity <= best) continue;
    nearest = other;
    best = similarity;
  }
  return nearest;
}

/** Puts the cluster of row `b` to that of row `a`. */
function merge({ pictures, clusters, leaves }: Clustering, a: number, b: number): void {
  const count = leaves.length;
  const [leavesOfA, leavesOfB] = [defined(leaves[a], "a cluster"), defined(leaves[b], "a cluster")];
  const [sizeOfA, sizeOfB] = [leavesOfA.length, leavesOfB.length];
  for (let other = 0; other < count; other++) {
    if (other === a || other === b || leaves[other] === null) continue;
    const mean = (sizeOfA * at(clusters, a * count + other) + sizeOfB * at(clusters, b * count + other)) / (sizeOfA + sizeOfB);
    clusters[a * count + other] = mean;
    clusters[other * count + a] = mean;
  }
  leaves[a] = joined(pictures, count, [leavesOfA, leavesOfB]);
  leaves[b] = null;
}

/** Two rows of pictures end to end, each turned so that the ends that meet are as alike as can be. */
function joined(pictures: Float64Array, count: number, [a, b]: readonly [readonly number[], readonly number[]]): readonly number[] {
  const [turnedA, turnedB] = [[...a].reverse(), [...b].reverse()];
  const ways = [[a, b] as const, [a, turnedB] as const, [turnedA, b] as const, [turnedA, turnedB] as const];
  const meeting = ways.map(([left, right]) => at(pictures, defined(left.at(-1), "an end") * count + defined(right[0], "an end")));
  const [left, right] = defined(ways[meeting.indexOf(Math.max(...meeting))], "one of the four");
  return [...left, ...right];
}

/** How like all others a picture is. */
function likeness(pictures: Float64Array, count: number, picture: number | undefined): number {
  const row = defined(picture, "an end") * count;
  return pictures.subarray(row, row + count).reduce((sum, similarity) => sum + similarity, 0);
}

function at(values: Float64Array, index: number): number {
  return defined(values[index], "within the matrix");
}
