import { describe, expect, test } from "vitest";
import { clusterRows, refineClusters } from "./segments";
import type { VectorRows } from "./vector-rows";

const rows = (vectors: readonly (readonly number[])[]): VectorRows => ({
  count: vectors.length,
  channels: vectors[0]?.length ?? 0,
  data: Float32Array.from(vectors.flat()),
});
const heaps = rows([
  [0, 0],
  [10, 10],
  [0, 1],
  [10, 11],
  [1, 0],
  [-20, 5],
]);

describe("clusters", () => {
  test("find the heaps, the largest first, the same for the same seed", () => {
    const found = clusterRows(heaps, 3, 7);
    expect([...found.labels]).toEqual([0, 1, 0, 1, 0, 2]);
    expect([...(found.centroids[2] ?? [])]).toEqual([-20, 5]);
    expect(clusterRows(heaps, 3, 7)).toEqual(found);
  });

  test("never more than there are vectors, also when all are the same", () => {
    expect(clusterRows(rows([[1], [5]]), 6, 0).centroids).toHaveLength(2);
    expect(clusterRows(rows([[2], [2], [2]]), 2, 0)).toMatchObject({ inertia: 0 });
  });

  test("a centroid that nothing is near takes the vector farthest from its own", () => {
    const found = refineClusters(rows([[0], [1], [9]]), [Float32Array.of(1), Float32Array.of(500)]);
    expect([...found.labels]).toEqual([0, 0, 1]);
  });
});
