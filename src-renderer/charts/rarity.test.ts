/** @file Rarities as people read them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTooCommon, rarityFill, rarityPhrase, roundedToTwoDigits } from "./rarity";

describe("rarity", () => {
  it("reads as the mock-ups do", () => {
    expect(rarityPhrase(0.00025, 8000)).toEqual({ kind: "one-in", count: 4000 });
    expect(rarityPhrase(0.00402, 2000)).toEqual({ kind: "one-in", count: 250 });
    expect(rarityPhrase(0.2, 2000)).toEqual({ kind: "one-in", count: 5 });
    expect(rarityPhrase(0.74, 2000)).toEqual({ kind: "in-ten", count: 7 });
    expect(rarityPhrase(1, 2000)).toEqual({ kind: "in-ten", count: 10 });
    expect(rarityPhrase(0, 2000)).toEqual({ kind: "beyond", count: 2000 });
    expect(rarityPhrase(null, 12)).toEqual({ kind: "unknown" });
  });

  it("fills a quarter of the bar for every ten times rarer", () => {
    expect([1, 0.1, 0.01, 0.001, 0.0001, 0.00001].map((rarity) => rarityFill(rarity, 2000))).toEqual(
      [0, 0.25, 0.5, 0.75, 1, 1].map((fill) => expect.closeTo(fill, 9)),
    );
    expect(rarityFill(0, 1000)).toBeCloseTo(0.75, 9);
    expect(rarityFill(null, 1000)).toBe(0);
  });

  it("never fills further for a more common score", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: 1e-6, max: 1, noNaN: true }), (a, b) => {
        expect(rarityFill(Math.min(a, b), 2000)).toBeGreaterThanOrEqual(rarityFill(Math.max(a, b), 2000));
      }),
    );
  });

  it("keeps two digits", () => {
    expect([3987, 248, 17.4, 2.4, 100, 1].map(roundedToTwoDigits)).toEqual([4000, 250, 17, 2, 100, 1]);
  });

  it("calls a score too common only beyond 1 in 100", () => {
    expect([0.03, 0.01, 0, null].map(isTooCommon)).toEqual([true, false, false, false]);
  });
});
