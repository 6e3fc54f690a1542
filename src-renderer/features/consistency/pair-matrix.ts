/** @file The matrix of a check: its pictures in an order, and the score of each with each, of which those with references are known from the check itself. Pure. */
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import type { CheckResult, MeasuredCheck } from "#shared/domain/check";
import { type CheckMatrix, mostMatrixPictures } from "#shared/domain/check-matrix";
import { clusterOrder } from "#shared/domain/cluster-order";

export const matrixOrders = ["references", "likeness"] as const;
/** `references`: they come first, then candidates as they are listed. `likeness`: like stands beside like. */
export type MatrixOrder = (typeof matrixOrders)[number];

export interface MatrixPicture {
  readonly asset: AssetSummary;
  readonly kind: "reference" | "candidate";
  /** Its place among the references or the candidates of the check. */
  readonly index: number;
}

export interface PairMatrix {
  readonly pictures: readonly MatrixPicture[];
  /** [pictures * pictures], row by row; NaN where a score is not known. */
  readonly values: Float32Array;
  /** How many references stand before the candidates; null where they do not. */
  readonly divider: number | null;
}

/** The pictures a matrix is made of. Where a check has more than fit, the first ones: those do not change when its candidates are sorted anew. */
export function matrixIds(result: CheckResult): readonly AssetId[] {
  return [...result.references, ...result.candidates].slice(0, mostMatrixPictures).map(({ asset }) => asset.id);
}

export interface PairMatrixParts {
  readonly result: CheckResult;
  readonly measured: MeasuredCheck;
  /** Places of the candidates in the order in which they are to stand. */
  readonly listed: readonly number[];
  /** Scores of candidates with one another; null while they are not known. */
  readonly matrix: CheckMatrix | null;
}

/** Puts all scores of a check together, references first. */
export function pairMatrix({ result, measured, listed, matrix }: PairMatrixParts): PairMatrix {
  const ids = new Set(matrixIds(result));
  const known = new Map(matrix?.assetIds.map((id, place) => [id, place]));
  const pictures = [
    ...result.references.map(({ asset }, index): MatrixPicture => ({ asset, kind: "reference", index })),
    ...listed.flatMap((index): MatrixPicture | [] => {
      const asset = result.candidates[index]?.asset;
      return asset === undefined ? [] : { asset, kind: "candidate", index };
    }),
  ].filter(({ asset }) => ids.has(asset.id));
  const places = pictures.map(({ asset }) => known.get(asset.id));
  const values = new Float32Array(pictures.length ** 2).fill(Number.NaN);
  for (const [row, a] of pictures.entries()) {
    for (let column = row; column < pictures.length; column++) {
      const b = pictures[column];
      if (b === undefined) continue;
      const score = ofMatrix(matrix, places[row], places[column]) ?? ofCheck(measured, a, b) ?? Number.NaN;
      values[row * pictures.length + column] = score;
      values[column * pictures.length + row] = score;
    }
  }
  return { pictures, values, divider: result.references.length };
}

/** The same pictures with like beside like. */
export function orderedByLikeness({ pictures, values }: PairMatrix): PairMatrix {
  const count = pictures.length;
  const at = (row: number, column: number): number => values[row * count + column] ?? Number.NaN;
  const order = clusterOrder(pictures.map((_, row) => pictures.map((_picture, column) => numberOrNull(at(row, column)))));
  const ordered = new Float32Array(values.length);
  for (const [row, from] of order.entries()) for (const [column, to] of order.entries()) ordered[row * count + column] = at(from, to);
  return { pictures: order.flatMap((place) => pictures.slice(place, place + 1)), values: ordered, divider: null };
}

/** What one picture of the matrix has with all others, the highest first; those that are not known come last. */
export function rowOf({ pictures, values }: PairMatrix, row: number): readonly { readonly place: number; readonly score: number | null }[] {
  const others = pictures.flatMap((_, place) =>
    place === row ? [] : { place, score: numberOrNull(values[row * pictures.length + place] ?? Number.NaN) },
  );
  return others.sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity) || a.place - b.place);
}

function ofMatrix(matrix: CheckMatrix | null, a: number | undefined, b: number | undefined): number | null {
  if (matrix === null || a === undefined || b === undefined) return null;
  return matrix.scores[Math.min(a, b)]?.[Math.abs(a - b)] ?? null;
}

function ofCheck({ references, candidates }: MeasuredCheck, a: MatrixPicture, b: MatrixPicture): number | null {
  if (a.kind === "reference") return (b.kind === "reference" ? references : candidates)[b.index]?.[a.index] ?? null;
  return b.kind === "reference" ? (candidates[a.index]?.[b.index] ?? null) : null;
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
