import fc from "fast-check";
import { expect, test } from "vitest";
import { createYardstick, samplePairs } from "./random-pairs";

test("law: pairs are different, unordered, within range, and the same for the same seed", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 120 }), fc.integer({ min: 1, max: 500 }), (count, limit) => {
      const pairs = samplePairs(count, limit, 7);
      expect(pairs.length).toBe(Math.min(limit, (count * (count - 1)) / 2));
      expect(new Set(pairs.map(([a, b]) => `${a}-${b}`)).size).toBe(pairs.length);
      for (const [a, b] of pairs) expect(a >= 0 && a < b && b < count).toBe(true);
      expect(samplePairs(count, limit, 7)).toEqual(pairs);
    }),
  );
});

test("rarity is the share of pairs that score at least as high", () => {
  const yardstick = createYardstick(Array.from({ length: 1000 }, (_, index) => index / 1000));
  expect(yardstick.rarityOf(-1)).toBe(1);
  expect(yardstick.rarityOf(0.9)).toBeCloseTo(0.1);
  expect(yardstick.rarityOf(0.999)).toBeCloseTo(0.001);
  expect(yardstick.rarityOf(2)).toBe(0);
  expect(yardstick.cutoff).toBeCloseTo(0.99);
  expect(yardstick.rarityOf(yardstick.cutoff ?? 0)).toBeLessThanOrEqual(0.01);
  // A small library is cut more widely, or a question would show two pictures; a large one as the votes are.
  expect(yardstick.suggestedCutoff(100)).toBeCloseTo(0.95);
  expect(yardstick.suggestedCutoff(400)).toBeCloseTo(0.98);
  expect(yardstick.suggestedCutoff(100_000)).toBeCloseTo(0.99);
});

test("fewer than 200 pairs give no rarity and no cut-off", () => {
  const yardstick = createYardstick(Array.from({ length: 199 }, (_, index) => index));
  expect(yardstick.rarityOf(5)).toBeNull();
  expect(yardstick.cutoff).toBeNull();
});
