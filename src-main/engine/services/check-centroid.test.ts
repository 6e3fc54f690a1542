import { expect, test } from "vitest";
import { createCentroid } from "./check-centroid";

const [x, y, z] = [Float32Array.of(1, 0, 0), Float32Array.of(0, 1, 0), Float32Array.of(0, 0, 1)];

test("scores are cosines with the middle; a reference is left out of its own", () => {
  const middle = createCentroid([x, y], [0, 1]);
  expect(middle.scoreOf(x)).toBeCloseTo(Math.SQRT1_2, 6);
  expect(middle.scoreOf(z)).toBe(0);
  expect(middle.scoreOfReference(0)).toBe(0);
});

test("near-duplicates count as one, and are left out together", () => {
  const once = createCentroid([x, y], [0, 1]);
  const twice = createCentroid([x, x, y], [0, 0, 2]);
  for (const vector of [x, y, z]) expect(twice.scoreOf(vector)).toBeCloseTo(once.scoreOf(vector) ?? 0, 6);
  expect(twice.scoreOfReference(1)).toBe(0);
});

test("without a vector there is no score, nor without others", () => {
  expect(createCentroid([x, null], [0, 1]).scoreOf(null)).toBeNull();
  expect(createCentroid([x, null], [0, 1]).scoreOfReference(0)).toBeNull();
  expect(createCentroid([x, null], [0, 1]).scoreOfReference(1)).toBeNull();
  expect(createCentroid([null], [0]).scoreOf(x)).toBeNull();
});
