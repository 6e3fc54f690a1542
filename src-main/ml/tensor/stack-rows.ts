/** @file Several tensors as the rows of one batch. */
import { tensor, type Float32Tensor } from "./tensor";

/** Joins tensors of one shape [n, ...] along their first axis. */
export function stackRows(parts: readonly Float32Tensor[]): Float32Tensor {
  const [rows = 0, ...shape] = parts[0]?.shape ?? [];
  const size = parts[0]?.data.length ?? 0;
  const data = new Float32Array(parts.length * size);
  parts.forEach((part, i) => data.set(part.data, i * size));
  return tensor([parts.length * rows, ...shape], data);
}
