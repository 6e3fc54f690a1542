import { expect, test } from "vitest";
import { coveredArea, placeOf, tileUnder } from "./covered-area";

test("tiles lie in the part of the picture that the model sees", () => {
  const area = coveredArea("clip", { width: 401, height: 200 });
  expect(area).toEqual({ left: 101, top: 0, width: 200, height: 200 });
  const grid = { rows: 4, columns: 4 };
  expect(tileUnder({ x: 100, y: 50 }, area, grid)).toBeNull();
  expect(tileUnder({ x: 101, y: 50 }, area, grid)).toBe(4);
  expect(tileUnder({ x: 300, y: 199 }, area, grid)).toBe(15);
  expect(tileUnder({ x: 301, y: 0 }, area, grid)).toBeNull();
});

test("a tile's place leads back to the tile, also where tiles are no whole pixels wide", () => {
  const grid = { rows: 7, columns: 13 };
  const area = coveredArea("starter", { width: 333, height: 100 });
  for (let tile = 0; tile < 91; tile++) expect(tileUnder(placeOf(tile, grid, area), area, grid)).toBe(tile);
});
