/** @file Places on a picture and in the URL. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenGrid } from "#shared/domain/score";
import { formatTilePlace, neighbourTile, parseTilePlace, tileAt, tileBox, tileCentre, tileName } from "./tile";

describe("tiles", () => {
  const gridArbitrary: fc.Arbitrary<TokenGrid> = fc.record({
    rows: fc.integer({ min: 1, max: 64 }),
    columns: fc.integer({ min: 1, max: 64 }),
  });
  const area = { x: 0.1, y: 0, width: 0.8, height: 1 };

  it("are found at their own middle, also where the grid covers only a part", () => {
    fc.assert(
      fc.property(gridArbitrary, fc.nat(), (grid, seed) => {
        const tile = seed % (grid.rows * grid.columns);
        for (const covered of [undefined, area]) {
          const { x, y } = tileCentre(tile, grid, covered);
          expect(tileAt(x, y, grid, covered)).toBe(tile);
          expect(parseTilePlace(formatTilePlace({ side: "b", x, y }))).toEqual({
            side: "b",
            x: expect.closeTo(x, 3),
            y: expect.closeTo(y, 3),
          });
          const place = parseTilePlace(formatTilePlace({ side: "a", x, y }));
          expect(tileAt(place?.x ?? -1, place?.y ?? -1, grid, covered)).toBe(tile);
        }
      }),
    );
  });

  it("never leave the grid", () => {
    const grid = { rows: 2, columns: 3 };
    expect([tileAt(-1, -1, grid), tileAt(1, 1, grid), tileAt(0.5, 0.99, grid)]).toEqual([0, 5, 4]);
    expect(neighbourTile(2, grid, { columns: 1, rows: 0 })).toBe(2);
    expect(neighbourTile(2, grid, { columns: 0, rows: 1 })).toBe(5);
    expect(tileName(5, grid)).toEqual({ column: 3, row: 2 });
    expect(tileBox(4, grid)).toEqual({ x: 1 / 3, y: 0.5, width: 1 / 3, height: 0.5 });
  });

  it("are not read from a broken link", () => {
    expect(["", "c:0.1,0.1", "a:2,0.1", "a:0.1", undefined].map(parseTilePlace)).toEqual([null, null, null, null, null]);
  });
});
