/** @file Vectors in float32, sums in float64. */

/** Sum of products; both must be equally long. */
export function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new Error(`Vectors of ${a.length} and ${b.length} numbers have no dot product`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Euclidean length. */
export function norm(a: Float32Array): number {
  return Math.sqrt(dot(a, a));
}

/** Cosine in [-1, 1]; 0 when a vector vanishes. */
export function cosine(a: Float32Array, b: Float32Array): number {
  const length = norm(a) * norm(b);
  return length === 0 ? 0 : Math.max(-1, Math.min(1, dot(a, b) / length));
}

/** The vector at length one; a vanishing one stays as it is. */
export function unit(vector: Float32Array): Float32Array {
  const length = norm(vector);
  return length === 0 ? vector.slice() : vector.map((x) => x / length);
}
