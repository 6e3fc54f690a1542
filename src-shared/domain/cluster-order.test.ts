/** @file Orders by likeness: groups stay together, nothing is lost, and how the pictures came in does not matter. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNumbers } from "../../tests/support/random-numbers";
import { clusterOrder, type SimilarityMatrix } from "./cluster-order";

/** Symmetric similarities of three to 14 pictures, without ties: two are always equally like the rest. */
const matrices = fc.tuple(fc.integer({ min: 3, max: 14 }), fc.integer({ min: 1, max: 1e6 })).map(([count, seed]) => {
  const scores = randomNumbers(count ** 2, seed);
  const scoreOf = (a: number, b: number): number => scores[Math.max(a, b) * count + Math.min(a, b)] ?? 0;
  return Array.from({ length: count }, (_, a) => Array.from({ length: count }, (_unused, b) => (a === b ? 1 : scoreOf(a, b))));
});

/** Pictures on a line: the nearer, the more alike. */
const onALine = (places: readonly number[]): SimilarityMatrix => places.map((a) => places.map((b) => -Math.abs(a - b)));

describe("clusterOrder", () => {
  it("names every picture once", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        expect([...clusterOrder(matrix)].sort((a, b) => a - b)).toEqual(matrix.map((_, index) => index));
      }),
    );
  });

  it("does not depend on the order in which pictures come", () => {
    fc.assert(
      fc.property(
        matrices.chain((matrix) =>
          fc.tuple(
            fc.constant(matrix),
            fc.shuffledSubarray(
              matrix.map((_, index) => index),
              { minLength: matrix.length },
            ),
          ),
        ),
        ([matrix, shuffle]) => {
          const shuffled = shuffle.map((i) => shuffle.map((j) => matrix[i]?.[j] ?? null));
          expect(clusterOrder(shuffled).map((place) => shuffle[place])).toEqual(clusterOrder(matrix));
        },
      ),
    );
  });

  it("puts pictures on a line in line", () => {
    const places = [5.1, 1.2, 9.7, 1, 5.4, 9, 5];
    const found = clusterOrder(onALine(places)).map((index) => places[index] ?? 0);
    const ascending = [...places].sort((a, b) => a - b);
    expect([ascending, [...ascending].reverse()]).toContainEqual(found);
  });

  it("puts what is like nothing else last, and takes a pair without a score for the least alike", () => {
    expect(clusterOrder(onALine([0, 50, 1, 2])).at(-1)).toBe(1);
    const gap = [
      [1, null, 0.9, 0.8],
      [null, 1, null, null],
      [0.9, null, 1, 0.7],
      [0.8, null, 0.7, 1],
    ];
    expect(clusterOrder(gap)[3]).toBe(1);
  });

  it("has nothing to order in one picture or none", () => {
    expect([clusterOrder([]), clusterOrder([[1]])]).toEqual([[], [0]]);
  });

  it("bears pictures that are all equally alike", () => {
    expect(new Set(clusterOrder(Array.from({ length: 40 }, () => Array<number>(40).fill(0.5))))).toHaveLength(40);
  });
});
