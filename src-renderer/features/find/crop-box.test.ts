/** @file A crop never leaves its picture. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boxBetween, cropPercent, isInside, movedBox, resizedBox, smallestCrop } from "./crop-box";

const point = fc.record({ x: fc.double({ min: -0.5, max: 1.5, noNaN: true }), y: fc.double({ min: -0.5, max: 1.5, noNaN: true }) });

describe("crop box", () => {
  it("stays inside the picture however it is drawn, moved and resized", () => {
    fc.assert(
      fc.property(point, point, point, point, (from, to, by, grow) => {
        const drawn = boxBetween(from, to);
        if (drawn === null) return;
        for (const box of [drawn, movedBox(drawn, by), resizedBox(movedBox(drawn, by), grow)]) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(1 + 1e-9);
          expect(box.y + box.height).toBeLessThanOrEqual(1 + 1e-9);
          expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(smallestCrop - 1e-9);
        }
        expect(movedBox(drawn, by).width).toBe(drawn.width);
      }),
    );
  });

  it("is the same from either corner, and none when it is a slip", () => {
    expect(boxBetween({ x: 0.1, y: 0.2 }, { x: 0.5, y: 0.6 })).toEqual(boxBetween({ x: 0.5, y: 0.6 }, { x: 0.1, y: 0.2 }));
    expect(boxBetween({ x: 0.1, y: 0.2 }, { x: 0.105, y: 0.6 })).toBeNull();
  });

  it("knows its inside and its share", () => {
    const box = { x: 0.1, y: 0.2, width: 0.5, height: 0.62 };
    expect(isInside(box, { x: 0.3, y: 0.3 })).toBe(true);
    expect(isInside(box, { x: 0.05, y: 0.3 })).toBe(false);
    expect(cropPercent(box)).toBe(31);
  });
});
