import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../platform/seeded-random";
import { calibrationOf } from "./calibration";

/** Margins of a metric that is right with the chance it states, at a slope of 2. */
function honestMargins(count: number): readonly number[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const size = 2 * random();
    return random() < 1 / (1 + Math.exp(-2 * size)) ? size : -size;
  });
}

test("a metric that is as sure as it is right has a small error, whatever the scale of its scores", () => {
  const margins = honestMargins(4000);
  const calibration = calibrationOf(margins);
  expect(calibration?.error).toBeLessThan(0.03);
  expect(calibration?.bins.map(({ count }) => count)).toEqual(Array.from({ length: 8 }, () => 500));
  for (const { sureness, from, to, right, interval } of calibration?.bins ?? []) {
    expect(sureness).toBeGreaterThanOrEqual(from);
    expect(sureness).toBeLessThanOrEqual(to);
    expect(right).toBeGreaterThanOrEqual(interval[0]);
    expect(right).toBeLessThanOrEqual(interval[1]);
  }
  expect(calibrationOf(margins.map((margin) => 1000 * margin))?.error).toBeCloseTo(calibration?.error ?? Number.NaN, 9);
});

test("a metric that is always right is sure of it, one that is mostly wrong of nothing", () => {
  const sizes = Array.from({ length: 200 }, (_, index) => 1 + (index % 7) / 10);
  for (const { from, right } of calibrationOf(sizes)?.bins ?? []) expect([from > 0.9, right]).toEqual([true, 1]);
  const wrong = calibrationOf(sizes.map((size, index) => (index % 5 === 0 ? size : -size)));
  expect(wrong?.bins.map(({ sureness, count }) => [sureness, count])).toEqual(Array.from({ length: 8 }, () => [0.5, 25]));
  expect(wrong?.error).toBeCloseTo(0.3, 9);
});

test("too few triplets, or nothing but ties, say nothing", () => {
  expect(calibrationOf(honestMargins(39))).toBeNull();
  expect(calibrationOf(Array.from({ length: 100 }, () => 0))).toBeNull();
  expect(calibrationOf(Array.from({ length: 100 }, () => Number.NaN))).toBeNull();
});

test("every choice is in one bin, and the error is a share", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 40, maxLength: 80 }), (margins) => {
      const calibration = calibrationOf(margins);
      if (calibration === null) return;
      expect(calibration.bins.reduce((sum, { count }) => sum + count, 0)).toBe(margins.length);
      expect(calibration.error).toBeGreaterThanOrEqual(0);
      expect(calibration.error).toBeLessThanOrEqual(1);
    }),
  );
});
