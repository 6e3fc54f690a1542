/** @file How far a tensor is from a reference, as the golden cases state their tolerance. */
import { elementCount, type Tensor } from "#main/ml/tensor/tensor";

/** Largest |a - b| divided by the largest |b|; infinite when the shapes hold other numbers of elements or a number is not finite. */
export function largestDifference(actual: Tensor | undefined, reference: Tensor): number {
  if (actual === undefined || elementCount(actual.shape) !== elementCount(reference.shape)) return Infinity;
  let largest = 0;
  let scale = 0;
  for (let i = 0; i < reference.data.length; i++) {
    const [a, b] = [Number(actual.data[i]), Number(reference.data[i])];
    if (!Number.isFinite(a)) return Infinity;
    largest = Math.max(largest, Math.abs(a - b));
    scale = Math.max(scale, Math.abs(b));
  }
  return scale === 0 ? largest : largest / scale;
}
