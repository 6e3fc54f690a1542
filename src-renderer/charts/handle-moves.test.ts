/** @file Handles stay on their scale, never cross, and go where keys and the pointer say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyTarget, movedPair, nearerHandle, valueAt, withinRange } from "./handle-moves";

const range = { min: 0.35, max: 0.95 };
const score = fc.double({ min: -2, max: 2, noNaN: true });

test("two handles never cross, wherever one is put", () => {
  fc.assert(
    fc.property(score, score, score, fc.constantFrom("low" as const, "high" as const), (one, other, value, handle) => {
      const pair = { low: Math.min(one, other), high: Math.max(one, other) };
      const moved = movedPair(pair, handle, value);
      expect(moved.low).toBeLessThanOrEqual(moved.high);
      const still = handle === "low" ? "high" : "low";
      expect(moved[still]).toBe(pair[still]);
    }),
  );
});

test("a value is kept on the scale, in thousandths", () => {
  expect(withinRange(0.64049, range)).toBe(0.64);
  expect(withinRange(7, range)).toBe(0.95);
  expect(valueAt(0.5, range)).toBe(0.65);
});

test("arrows step by a hundredth, with Shift by a thousandth; other keys do nothing", () => {
  expect(keyTarget({ key: "ArrowRight", shiftKey: false }, 0.64, range)).toBe(0.65);
  expect(keyTarget({ key: "ArrowLeft", shiftKey: true }, 0.64, range)).toBe(0.639);
  expect(keyTarget({ key: "End", shiftKey: false }, 0.64, range)).toBe(0.95);
  expect(keyTarget({ key: "p", shiftKey: false }, 0.64, range)).toBeNull();
});

test("the nearer handle is taken, and of two on one spot the one on the side of the pointer", () => {
  expect(nearerHandle({ low: 0.5, high: 0.8 }, 0.6)).toBe("low");
  expect(nearerHandle({ low: 0.5, high: 0.8 }, 0.7)).toBe("high");
  expect(nearerHandle({ low: 0.6, high: 0.6 }, 0.5)).toBe("low");
  expect(nearerHandle({ low: 0.6, high: 0.6 }, 0.7)).toBe("high");
});
