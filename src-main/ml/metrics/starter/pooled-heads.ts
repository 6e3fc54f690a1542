/**
 * @file The stored vector of the subject metric: the subject head, and the style head scaled so far down that a search by cosine hardly
 * sees it. The exact score reads both, because things are told from looks by weighing one against the other.
 */
import { dot, unit } from "../../tensor/linear-algebra";

/** Length of the other head beside an own head of length one; its square is what the other head weighs in a search. */
const otherLength = 1 / 16;
const squaredLength = 1 + otherLength ** 2;

/** Both heads as one vector of length one: [2 * head size]. */
export function packHeads(own: Float32Array, other: Float32Array): Float32Array {
  const packed = new Float32Array(own.length + other.length);
  packed.set(unit(own));
  packed.set(
    unit(other).map((x) => x * otherLength),
    own.length,
  );
  return unit(packed);
}

/** The cosines of both heads of two packed vectors. */
export function headCosines(a: Float32Array, b: Float32Array): { readonly own: number; readonly other: number } {
  const half = a.length / 2;
  return {
    own: dot(a.subarray(0, half), b.subarray(0, half)) * squaredLength,
    other: (dot(a.subarray(half), b.subarray(half)) * squaredLength) / otherLength ** 2,
  };
}

/** One factor for each number of packed vectors, so that the products of two vectors, each times its factor, sum to both heads' cosines times theirs. */
export function headFactors(length: number, factors: { readonly own: number; readonly other: number }): Float32Array {
  const half = length / 2;
  return Float32Array.from({ length }, (_, i) =>
    i < half ? factors.own * squaredLength : (factors.other * squaredLength) / otherLength ** 2,
  );
}
