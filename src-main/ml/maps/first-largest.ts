/** @file The best place of a map. */

/** Index of the largest number, the first of equal ones; what is not a number does not count. -1 where nothing counts. */
export function firstLargest(values: Float32Array): number {
  let best = -1;
  for (const [index, value] of values.entries()) {
    if (!Number.isNaN(value) && (best < 0 || value > (values[best] as number))) best = index;
  }
  return best;
}
