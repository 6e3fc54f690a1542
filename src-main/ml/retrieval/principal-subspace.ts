/**
 * @file The few directions that hold most of some long vectors, about the origin and not about their mean: what is compared by cosine must not be centred.
 * Only the space they span counts, since no cosine inside it depends on how it is turned; hence no eigenvectors are computed.
 * Source: subspace iteration over the vectors' products; Halko, Martinsson, Tropp, "Finding Structure with Randomness", SIAM Review 2011, algorithm 4.4.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { seededRandom } from "../../platform/seeded-random";
import { addScaled, dot } from "../tensor/double-vectors";

/** `rows` unit vectors [rows, channels] at right angles. */
export interface Subspace {
  readonly data: Float32Array;
  readonly rows: number;
  readonly channels: number;
}

const rounds = 4;
/** Of a direction that depends on the earlier ones up to rounding nothing is kept. */
const smallestShare = 1e-9;

/**
 * The `dimension` directions that hold most of the vectors, fewer where the vectors span fewer. Works in slices, so that a long computation
 * does not keep its thread from other work.
 */
export async function principalSubspace(vectors: readonly Float32Array[], dimension: number): Promise<Subspace> {
  const channels = vectors[0]?.length ?? 0;
  const products = await gramMatrix(vectors);
  const combinations = dimension >= vectors.length ? unitRows(vectors.length) : await leadingCombinations(products, dimension);
  const kept = await orthonormalCombinations(combinations, products);
  const data = new Float32Array(kept.length * channels);
  for (const [row, combination] of kept.entries()) {
    addCombination(data.subarray(row * channels, (row + 1) * channels), vectors, combination);
    await breathe();
  }
  return { data, rows: kept.length, channels };
}

/** Where a vector lies in the subspace: [rows]. */
export function projectInto({ data, rows, channels }: Subspace, vector: Float32Array): Float32Array {
  const projected = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let i = 0, at = row * channels; i < channels; i++, at++) sum += (data[at] as number) * (vector[i] as number);
    projected[row] = sum;
  }
  return projected;
}

async function gramMatrix(vectors: readonly Float32Array[]): Promise<readonly Float64Array[]> {
  const products = vectors.map(() => new Float64Array(vectors.length));
  for (const [i, a] of vectors.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = vectors[j] as Float32Array;
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
      (products[i] as Float64Array)[j] = sum;
      (products[j] as Float64Array)[i] = sum;
    }
    await breathe();
  }
  return products;
}

function unitRows(size: number): readonly Float64Array[] {
  return Array.from({ length: size }, (_, row) => Float64Array.from({ length: size }, (_, i) => (i === row ? 1 : 0)));
}

/** Orthonormal combinations of the vectors close to the leading eigenvectors of their products. */
async function leadingCombinations(products: readonly Float64Array[], dimension: number): Promise<readonly Float64Array[]> {
  const random = seededRandom(1);
  let basis: readonly Float64Array[] = Array.from({ length: dimension }, () =>
    Float64Array.from({ length: products.length }, () => random() - 0.5),
  );
  for (let round = 0; round < rounds; round++) {
    const images: Float64Array[] = [];
    for (const vector of basis) images.push(applied(products, vector));
    await breathe();
    basis = await orthonormalCombinations(images, null);
  }
  return basis;
}

function applied(matrix: readonly Float64Array[], vector: Float64Array): Float64Array {
  return Float64Array.from(matrix, (row) => dot(row, vector));
}

/**
 * Gram-Schmidt over combinations of vectors whose products are given (null: the combinations themselves are what shall be orthonormal).
 * Those that depend on earlier ones are left out.
 */
async function orthonormalCombinations(
  combinations: readonly Float64Array[],
  products: readonly Float64Array[] | null,
): Promise<readonly Float64Array[]> {
  const imageOf = (combination: Float64Array) => (products === null ? combination : applied(products, combination));
  const kept: { readonly vector: Float64Array; readonly image: Float64Array }[] = [];
  for (const combination of combinations) {
    const rest = combination.slice();
    const whole = dot(rest, imageOf(rest));
    // Twice, because the first pass leaves rounding behind.
    for (const { vector, image } of [...kept, ...kept]) addScaled(rest, vector, -dot(rest, image));
    const squared = dot(rest, imageOf(rest));
    if (!(squared > smallestShare * whole)) continue;
    const vector = rest.map((x) => x / Math.sqrt(squared));
    kept.push({ vector, image: imageOf(vector) });
    if (kept.length % 16 === 0) await breathe();
  }
  return kept.map(({ vector }) => vector);
}

function addCombination(target: Float32Array, vectors: readonly Float32Array[], combination: Float64Array): void {
  const sum = new Float64Array(target.length);
  vectors.forEach((vector, index) => {
    const factor = combination[index] as number;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + factor * (vector[i] as number);
  });
  target.set(sum);
}
