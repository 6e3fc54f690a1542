import { expect, test } from "vitest";
import { tensor } from "../../tensor/tensor";
import { maskOfTiles, patchWeights, publishedPatchWeights, segmented } from "./token-mask";

const grid = { rows: 2, columns: 2 };
/** A mask of 4 x 4 pixels by its quarters, each even. */
const quarters = (topLeft: number, topRight: number, bottomLeft: number, bottomRight: number) => ({
  width: 4,
  height: 4,
  data: Uint8Array.from(
    { length: 16 },
    (_, i) => [topLeft, topRight, bottomLeft, bottomRight][(i >= 8 ? 2 : 0) + (i % 4 >= 2 ? 1 : 0)] ?? 0,
  ),
});

test("a patch counts by its share, and not at all when that is half or less", () => {
  const [whole = 0, ...rest] = patchWeights(quarters(255, 0, 20, 0), grid);
  expect(whole).toBeGreaterThan(0.5);
  expect(whole).toBeLessThan(1);
  expect(rest).toEqual([0, 0, 0]);
  expect([...patchWeights(quarters(255, 255, 255, 255), grid)]).toEqual([1, 1, 1, 1]);
});

test.each([0, 60, 127])("an even mask of %i leaves nothing, so that everything counts", (value) => {
  expect([...patchWeights(quarters(value, value, value, value), grid)]).toEqual([1, 1, 1, 1]);
});

test("published: what is as dark as the darkest pixel is background, the rest counts wholly", () => {
  const lightness = quarters(9, 0, 7, 0).data;
  const pixels = tensor(
    [1, 3, 4, 4],
    Float32Array.from({ length: 48 }, (_, i) => lightness[i % 16] ?? 0),
  );
  expect([...publishedPatchWeights(pixels, grid)]).toEqual([1, 0, 1, 0]);
  expect([...publishedPatchWeights(tensor([1, 3, 4, 4], new Float32Array(48)), grid)]).toEqual([1, 1, 1, 1]);
});

test("published, a pixel is cut out only where it does not count at all; corrected, it is darkened by how little it counts", () => {
  const image = { width: 3, height: 1, data: Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90) };
  const mask = { width: 3, height: 1, data: Uint8Array.of(0, 51, 255) };
  expect([...segmented(image, mask, "published").data]).toEqual([0, 0, 0, 40, 50, 60, 70, 80, 90]);
  expect([...segmented(image, mask, "corrected").data]).toEqual([0, 0, 0, 8, 10, 12, 70, 80, 90]);
});

test("tiles become even rectangles of the picture", () => {
  const { data, ...size } = maskOfTiles(Uint8Array.of(1, 0, 0, 1), grid, { width: 5, height: 2, data: new Uint8Array(30) });
  expect(size).toEqual({ width: 5, height: 2 });
  expect([...data]).toEqual([255, 255, 255, 0, 0, 0, 0, 0, 255, 255]);
});
