/** @file The mirror image of what lies on a grid. */
import { tensor, type Float32Tensor } from "./tensor";

/** Mirrors every row of a grid whose places hold `inner` numbers each and stand `columns` to a row, wherever the grid is among the axes. */
export function reverseColumns({ shape, data }: Float32Tensor, columns: number, inner: number): Float32Tensor {
  const reversed = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += inner) {
    const column = (from / inner) % columns;
    reversed.set(data.subarray(from, from + inner), from + (columns - 1 - 2 * column) * inner);
  }
  return tensor(shape, reversed);
}
