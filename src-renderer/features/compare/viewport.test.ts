/** @file Laws of zoom and pan. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fittedSize, fittedViewport, pannedBy, placeSeenAt, seenAt, viewportTransform, zoomedAt } from "./viewport";

describe("viewport", () => {
  it("keeps the place under the pointer while zooming in", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        (x, y, factor) => {
          const start = { scale: 2, x: 0.5, y: 0.5 };
          const end = zoomedAt(start, factor, { x, y });
          expect(end.x + x / end.scale).toBeCloseTo(start.x + x / start.scale, 6);
          expect(end.y + y / end.scale).toBeCloseTo(start.y + y / start.scale, 6);
        },
      ),
    );
  });

  it("never shows beyond the picture", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.2, max: 5, noNaN: true }), fc.double({ min: -0.5, max: 0.5, noNaN: true })), {
          maxLength: 20,
        }),
        (steps) => {
          let viewport = fittedViewport;
          for (const [factor, place] of steps)
            viewport = pannedBy(zoomedAt(viewport, factor, { x: place, y: -place }), { x: place, y: place });
          const reach = 0.5 / viewport.scale;
          for (const centre of [viewport.x, viewport.y]) {
            expect(centre - reach).toBeGreaterThanOrEqual(-1e-9);
            expect(centre + reach).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
  });

  it("finds the place under the pointer back, at any zoom", () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fraction, fraction, fc.double({ min: 1, max: 16, noNaN: true }), (x, y, scale) => {
        const viewport = { scale, x: 0.4, y: 0.7 };
        expect(seenAt(placeSeenAt({ x, y }, viewport), viewport)).toEqual({ x: expect.closeTo(x, 6), y: expect.closeTo(y, 6) });
      }),
    );
    expect(seenAt({ x: 0.25, y: 1 }, fittedViewport)).toEqual({ x: 0.25, y: 1 });
  });

  it("fits without a transform and fits any picture into its pane", () => {
    expect(viewportTransform(fittedViewport, { width: 600, height: 400 })).toBe("translate(0.00px, 0.00px) scale(1.0000)");
    expect(fittedSize({ width: 3000, height: 2000 }, { width: 500, height: 500 })).toEqual({ width: 500, height: 333 });
    expect(fittedSize({ width: 1000, height: 2000 }, { width: 500, height: 500 })).toEqual({ width: 250, height: 500 });
  });
});
