/** @file What a matrix shows beyond its scores: an order in which like stands by like, and the pictures that are unlike the others. */
import { clusterOrder, type SimilarityMatrix } from "#shared/domain/cluster-order";
import { lowOutliers, meansWithOthers } from "#shared/domain/outliers";
import type { Matrix } from "./matrix-service";

/** A picture that stands out by its mean score with all others. */
export interface MatrixOutlier {
  readonly path: string;
  readonly meanScore: number;
}

/** The same matrix with like pictures side by side. */
export function orderedByLikeness(matrix: Matrix): Matrix {
  const order = clusterOrder(likenessOf(matrix));
  const pick = <T>(items: readonly T[]): T[] => order.flatMap((index) => items.slice(index, index + 1));
  return { ...matrix, paths: pick(matrix.paths), scores: pick(matrix.scores).map(pick) };
}

/** Pictures far less like all others than these are like one another, the least alike first. */
export function outliersOf(matrix: Matrix): readonly MatrixOutlier[] {
  const means = meansWithOthers(likenessOf(matrix));
  const sign = matrix.direction === "distance" ? -1 : 1;
  return lowOutliers(means).map((index) => ({ path: matrix.paths[index] ?? "", meanScore: sign * (means[index] ?? 0) }));
}

/** More is more alike, and the same both ways round, which scores of the published mode are not. */
function likenessOf({ scores, direction }: Matrix): SimilarityMatrix {
  const sign = direction === "distance" ? -1 : 1;
  return scores.map((row, a) => row.map((score, b) => (sign * (score + (scores[b]?.[a] ?? score))) / 2));
}
