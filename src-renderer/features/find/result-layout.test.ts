/** @file Every result lies somewhere once, in order, and the keys reach all of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bandOf, layoutResults, movedIndex, targetRowHeight } from "./result-layout";

const options = fc.record({
  aspects: fc.array(fc.double({ min: 0.3, max: 3, noNaN: true }), { minLength: 1, maxLength: 60 }),
  cut: fc.nat({ max: 60 }),
  width: fc.integer({ min: 300, max: 2000 }),
});

describe("result layout", () => {
  it("holds every result once, in order, bands without overlap", () => {
    fc.assert(
      fc.property(options, ({ aspects, cut, width }) => {
        const aboveCount = Math.min(cut, aspects.length);
        const bands = layoutResults({
          aboveCount,
          belowCount: aspects.length - aboveCount,
          aspectOf: (index) => aspects[index] ?? 1,
          width,
          targetHeight: 150,
        });
        const indices = bands.flatMap((band) => (band.kind === "row" ? band.boxes.map(({ index }) => index) : []));
        expect(indices).toEqual(aspects.map((_, index) => index));
        for (const [place, band] of bands.entries()) {
          const before = bands[place - 1];
          expect(band.top).toBeCloseTo(before === undefined ? 0 : before.top + before.size, 6);
          if (band.kind === "row") for (const { index } of band.boxes) expect(band.isBelow).toBe(index >= aboveCount);
        }
        expect(bands.filter(({ kind }) => kind === "rule")).toHaveLength(aboveCount < aspects.length ? 1 : 0);
      }),
    );
  });

  it("moves by visual row, and stops at the edges", () => {
    const bands = layoutResults({ aboveCount: 6, belowCount: 3, aspectOf: () => 1, width: 470, targetHeight: 150 });
    expect(movedIndex(bands, 1, "down")).toBe(4);
    expect(movedIndex(bands, 4, "up")).toBe(1);
    expect(movedIndex(bands, 5, "down")).toBe(8);
    expect(movedIndex(bands, 8, "down")).toBe(8);
    expect(movedIndex(bands, 0, "left")).toBe(0);
    expect(movedIndex(bands, 8, "right")).toBe(8);
    expect([movedIndex(bands, 4, "first"), movedIndex(bands, 4, "last")]).toEqual([0, 8]);
    expect(bandOf(bands, 7)).toBe(3);
  });

  it("grows with the grid within limits", () => {
    expect([847, 1600, 3000].map(targetRowHeight)).toEqual([150, 184, 240]);
  });
});
