/** @file Matched regions lie inside the pictures, apart from each other, best first. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { PairSide } from "#shared/domain/score";
import { brandId } from "#shared/lib/branded-id";
import { matchedRegions } from "./regions";

const assetId = brandId<AssetId>("0".repeat(32));
const wholePicture = () => ({ x: 0, y: 0, width: 1, height: 1 });

const sideArbitrary = (rows: number, columns: number): fc.Arbitrary<PairSide> =>
  fc.record({
    assetId: fc.constant(assetId),
    grid: fc.constant({ rows, columns }),
    heat: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
    match: fc.array(fc.integer({ min: 0, max: rows * columns - 1 }), { minLength: rows * columns, maxLength: rows * columns }),
  });

describe("matched regions", () => {
  it("stay inside both pictures and never overlap", () => {
    fc.assert(
      fc.property(sideArbitrary(7, 9), sideArbitrary(7, 9), fc.integer({ min: 1, max: 4 }), (a, b, limit) => {
        const regions = matchedRegions({ a, b }, limit, wholePicture);
        expect(regions.length).toBeGreaterThan(0);
        expect(regions.length).toBeLessThanOrEqual(limit);
        expect(regions.map(({ number }) => number)).toEqual(regions.map((_, index) => index + 1));
        for (const { a: box } of regions) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y + box.height).toBeLessThanOrEqual(1 + 1e-9);
        }
        for (const [index, one] of regions.entries()) {
          for (const other of regions.slice(index + 1)) {
            const isApart =
              one.a.x >= other.a.x + other.a.width ||
              other.a.x >= one.a.x + one.a.width ||
              one.a.y >= other.a.y + other.a.height ||
              other.a.y >= one.a.y + one.a.height;
            expect(isApart).toBe(true);
          }
        }
      }),
    );
  });

  it("start where the two agree most and point at the best match", () => {
    const heat = Array.from({ length: 100 }, (_, tile) => (tile === 11 || tile === 12 || tile === 21 || tile === 22 ? 0.9 : 0.1));
    const match = Array.from({ length: 100 }, () => 88);
    const a = { assetId, grid: { rows: 10, columns: 10 }, heat, match };
    const [first] = matchedRegions({ a, b: { ...a, heat, match } }, 2, wholePicture);
    expect(first?.a.x).toBeLessThan(0.2);
    expect(first?.agreement).toBe(0.9);
    expect(first?.b).toMatchObject({ x: expect.closeTo(0.72, 9), y: expect.closeTo(0.72, 9) });
  });

  it("are none when the metric has no map", () => {
    expect(matchedRegions({ a: null, b: null }, 2, wholePicture)).toEqual([]);
  });
});
