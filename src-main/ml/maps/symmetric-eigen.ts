/**
 * @file Eigenvalues of small symmetric matrices.
 * Source: the cyclic Jacobi method; Golub and Van Loan, "Matrix Computations", section 8.5.
 */

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: readonly number[];
  /** Unit vectors in the order of the values. */
  readonly vectors: readonly Float64Array[];
}

const mostSweeps = 60;

/** Decomposes a symmetric matrix, given by its rows; meant for some dozens of them. */
export function symmetricEigen(matrix: readonly Float64Array[]): SymmetricEigen {
  const size = matrix.length;
  const a = matrix.map((row) => row.slice());
  // Row k is turned into the eigenvector of the k-th diagonal element.
  const vectors = a.map((_, k) => Float64Array.from({ length: size }, (_, i) => (i === k ? 1 : 0)));
  const scale = Math.hypot(...a.flatMap((row) => [...row]));
  for (let sweep = 0; sweep < mostSweeps && offDiagonal(a) > Number.EPSILON * scale; sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotateAway(a, vectors, p, q);
  }
  const order = a.map((_, k) => k).sort((k, l) => (a[l]?.[l] ?? 0) - (a[k]?.[k] ?? 0));
  return { values: order.map((k) => a[k]?.[k] ?? 0), vectors: order.map((k) => vectors[k] ?? new Float64Array(size)) };
}

function offDiagonal(a: readonly Float64Array[]): number {
  return Math.hypot(...a.flatMap((row, p) => [...row.subarray(p + 1)]));
}

/** Turns the axes p and q until they have nothing in common. */
function rotateAway(a: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [a[p]!, a[q]!];
  if (rowP[q] === 0) return;
  const ratio = (rowQ[q]! - rowP[p]!) / (2 * rowP[q]!);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.hypot(1, ratio));
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = tangent * cosine;
  for (const row of a) [row[p], row[q]] = [cosine * row[p]! - sine * row[q]!, sine * row[p]! + cosine * row[q]!];
  turnRows(rowP, rowQ, { cosine, sine });
  turnRows(vectors[p]!, vectors[q]!, { cosine, sine });
}

function turnRows(one: Float64Array, other: Float64Array, { cosine, sine }: { readonly cosine: number; readonly sine: number }): void {
  for (let i = 0; i < one.length; i++) [one[i], other[i]] = [cosine * one[i]! - sine * other[i]!, sine * one[i]! + cosine * other[i]!];
}
