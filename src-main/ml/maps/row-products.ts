/** @file A vector times every row of a table: the innermost work of all matching. */
import type { VectorRows } from "./vector-rows";

/**
 * Dot products of `vector` with all rows, [count], summed in float64. Four rows are taken at a time, since one sum alone waits for each of its additions.
 */
export function rowProducts({ count, channels, data }: VectorRows, vector: Float32Array): Float64Array {
  const products = new Float64Array(count);
  const grouped = count - (count % 4);
  for (let row = 0; row < grouped; row += 4) {
    const [first, second, third, fourth] = [row * channels, (row + 1) * channels, (row + 2) * channels, (row + 3) * channels];
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < channels; i++) {
      const x = vector[i] as number;
      a += x * (data[first + i] as number);
      b += x * (data[second + i] as number);
      c += x * (data[third + i] as number);
      d += x * (data[fourth + i] as number);
    }
    products.set([a, b, c, d], row);
  }
  for (let row = grouped; row < count; row++) {
    let sum = 0;
    for (let i = 0; i < channels; i++) sum += (vector[i] as number) * (data[row * channels + i] as number);
    products[row] = sum;
  }
  return products;
}
