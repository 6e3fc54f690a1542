import fc from "fast-check";
import { expect, test } from "vitest";
import { maskOfTiles, tilesOfMask, wholePicture } from "./mask-tiles";

const side = fc.integer({ min: 1, max: 9 });
const tileMask = fc
  .tuple(side, side)
  .chain(([rows, columns]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: rows * columns, maxLength: rows * columns })
      .map((tiles) => ({ grid: { rows, columns }, tiles: Uint8Array.from(tiles) })),
  );

test("tiles come back from their mask at any size that shows each of them", () => {
  fc.assert(
    fc.property(tileMask, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 4, max: 40 }), ({ grid, tiles }, across, down) => {
      const size = { width: grid.columns * across, height: grid.rows * down };
      const mask = maskOfTiles(tiles, { grid, area: wholePicture, size });
      expect(tilesOfMask({ ...mask, data: mask.data.map((bit) => bit * 255) }, grid)).toEqual(tiles);
    }),
  );
});

test("tiles lie in the part of the picture that the grid covers", () => {
  const area = { x: 0.25, y: 0, width: 0.5, height: 1 };
  const mask = maskOfTiles(Uint8Array.of(1, 0), { grid: { rows: 1, columns: 2 }, area, size: { width: 8, height: 1 } });
  expect([...mask.data]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
  expect([...tilesOfMask({ ...mask, data: mask.data.map((bit) => bit * 255) }, { rows: 1, columns: 2 }, area)]).toEqual([1, 0]);
});

test("half a tile is enough, and a thing smaller than every tile still counts", () => {
  const row = (...data: number[]) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });
  expect([...tilesOfMask(row(255, 0, 0, 0, 255, 255), { rows: 1, columns: 3 })]).toEqual([1, 0, 1]);
  expect([...tilesOfMask(row(0, 0, 0, 0, 255, 0, 0, 0), { rows: 1, columns: 2 })]).toEqual([0, 1]);
  expect([...tilesOfMask(row(0, 0, 0, 0), { rows: 1, columns: 2 })]).toEqual([0, 0]);
});

test("a mask coarser than the grid decides for all tiles below its pixels", () => {
  expect([...tilesOfMask({ width: 2, height: 1, data: Uint8Array.of(0, 255) }, { rows: 2, columns: 4 })]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});
