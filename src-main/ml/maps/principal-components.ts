/**
 * @file The directions in which vectors differ most, found by block power iteration; a full decomposition of a thousand channels is not needed for three of them.
 * Source: scikit-learn `PCA` (centring, variances and signs); Halko, Martinsson, Tropp, "Finding Structure with Randomness", SIAM Review 2011, section 4.4.
 */
import { TorchGenerator } from "../random/torch-generator";
import { addScaled, dot } from "../tensor/double-vectors";
import { symmetricEigen } from "./symmetric-eigen";
import type { VectorRows } from "./vector-rows";

export interface PrincipalComponents {
  /** [channels] */
  readonly mean: Float32Array;
  /** Unit vectors [components, channels], that of the largest variance first. */
  readonly components: readonly Float32Array[];
  /** Variance of the vectors along each component, with count - 1 degrees of freedom. */
  readonly variances: readonly number[];
  /** Its share of the whole variance. */
  readonly shares: readonly number[];
}

/**
 * The first components of some vectors. Each is turned so that its largest number in absolute value is positive, as scikit-learn 1.5 and later do.
 * There are fewer than `wanted` where the vectors differ in fewer directions.
 */
export function principalComponents(rows: VectorRows, wanted: number): PrincipalComponents {
  const centred = centredRows(rows);
  const degrees = Math.max(1, rows.count - 1);
  const whole = sumOfSquares(centred.data) / degrees;
  const { values, vectors } = leadingDirections(centred, Math.min(wanted, rows.channels));
  const variances = values.map((value) => value / degrees);
  return {
    mean: Float32Array.from(centred.mean),
    components: vectors.map(withPositiveLoading),
    variances,
    shares: variances.map((variance) => variance / whole),
  };
}

/** Where vectors lie along the components: [count, components]. */
export function project(
  { count, channels, data }: VectorRows,
  { mean, components }: Pick<PrincipalComponents, "mean" | "components">,
): Float32Array {
  const projection = new Float32Array(count * components.length);
  for (let row = 0; row < count; row++) {
    components.forEach((component, k) => {
      let sum = 0;
      for (let i = 0; i < channels; i++) sum += ((data[row * channels + i] as number) - (mean[i] as number)) * (component[i] as number);
      projection[row * components.length + k] = sum;
    });
  }
  return projection;
}

/**
 * The components turned as scikit-learn before 1.5 has them: so that the largest projection in absolute value is positive.
 *
 * @param rows the vectors the components were made of
 */
export function turnedByProjection(rows: VectorRows, { components, ...rest }: PrincipalComponents): PrincipalComponents {
  const projection = project(rows, { components, ...rest });
  const turned = components.map((component, k) => {
    let largest = 0;
    for (let at = k; at < projection.length; at += components.length) {
      const value = projection[at] as number;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    return largest < 0 ? component.map((x) => -x) : component;
  });
  return { components: turned, ...rest };
}

interface CentredRows extends Omit<VectorRows, "data"> {
  readonly mean: Float64Array;
  readonly data: Float64Array;
  /** Sum of the squares of all numbers before the mean was taken away. */
  readonly squares: number;
}

function centredRows({ count, channels, data }: VectorRows): CentredRows {
  const mean = new Float64Array(channels);
  for (let i = 0; i < data.length; i++) mean[i % channels] = (mean[i % channels] as number) + (data[i] as number) / count;
  const centred = Float64Array.from(data, (x, i) => x - (mean[i % channels] as number));
  return { count, channels, mean, data: centred, squares: sumOfSquares(data) };
}

function sumOfSquares(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}

/** More directions than wanted are iterated together: the wanted ones settle the faster, the less the variance is beyond the last. */
const spare = 9;
const mostRounds = 500;
/** What one round may still change of a variance, as a share of the largest. */
const settled = 1e-12;

interface Directions {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** The largest eigenvalues and eigenvectors of the products of the channels, XᵀX; those that are rounding next to the vectors themselves are left out. */
function leadingDirections(rows: CentredRows, wanted: number): Directions {
  const random = new TorchGenerator(0);
  let basis = orthonormal(
    Array.from({ length: Math.min(wanted + spare, rows.channels) }, () => Float64Array.from(random.randn(rows.channels))),
  );
  let found: Directions = { values: [], vectors: [] };
  for (let round = 0; round < mostRounds; round++) {
    const images = basis.map((vector) => applyProducts(rows, vector));
    const { values, vectors: turns } = symmetricEigen(basis.map((vector) => Float64Array.from(images, (image) => dot(vector, image))));
    const change = Math.max(...values.slice(0, wanted).map((value, k) => Math.abs(value - (found.values[k] ?? Infinity))));
    found = { values, vectors: turns.map((turn) => combined(basis, turn)) };
    if (change <= settled * (values[0] ?? 0)) break;
    basis = orthonormal(turns.map((turn) => combined(images, turn)));
  }
  const isThere = (_: unknown, k: number): boolean => k < wanted && (found.values[k] ?? 0) > settled * rows.squares;
  return { values: found.values.filter(isThere), vectors: found.vectors.filter(isThere) };
}

/** XᵀX v, without the matrix. */
function applyProducts({ count, channels, data }: CentredRows, vector: Float64Array): Float64Array {
  const result = new Float64Array(channels);
  for (let row = 0; row < count; row++) {
    const start = row * channels;
    let along = 0;
    for (let i = 0; i < channels; i++) along += (data[start + i] as number) * (vector[i] as number);
    for (let i = 0; i < channels; i++) result[i] = (result[i] as number) + along * (data[start + i] as number);
  }
  return result;
}

/** Unit vectors at right angles that span the same; of vectors that depend on the ones before nothing is left. */
function orthonormal(vectors: readonly Float64Array[]): readonly Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector));
    const rest = vector.slice();
    // Twice, because the first pass leaves rounding behind.
    for (const other of [...basis, ...basis]) addScaled(rest, other, -dot(rest, other));
    const left = Math.sqrt(dot(rest, rest));
    if (left > settled * length) basis.push(rest.map((x) => x / left));
  }
  return basis;
}

function combined(vectors: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  vectors.forEach((vector, k) => addScaled(sum, vector, weights[k] as number));
  return sum;
}

function withPositiveLoading(vector: Float64Array): Float32Array {
  const largest = vector.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
  return Float32Array.from(vector, (x) => (largest < 0 ? -x : x));
}
