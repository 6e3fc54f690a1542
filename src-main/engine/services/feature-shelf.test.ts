/** @file Features beyond the memory of a run come back as they were, and leave nothing behind. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { createFeatureShelf } from "./feature-shelf";

const place = scratchFolder();

/** 6 numbers of pooled vector and 4 arrays of 12 half numbers: 24 + 96 bytes. */
function features(seed: number): ImageFeatures {
  const array = (offset: number) => Uint16Array.from({ length: 12 }, (_, i) => seed * 100 + offset + i);
  const grid = { rows: 1, columns: 2, prefix: 1 };
  const attention = { heads: 2, tokens: 3, headDim: 2, grid, query: array(0), key: array(20), value: array(40), output: array(60) };
  return { pooled: Float32Array.from({ length: 6 }, (_, i) => seed + i / 7), attention };
}

test("all in memory is one block", async () => {
  const shelf = createFeatureShelf(1000);
  for (let i = 0; i < 5; i++) await shelf.add(features(i));
  expect([shelf.count, shelf.blocks()]).toEqual([5, [[0, 5]]]);
  expect(await shelf.get(3)).toEqual(features(3));
  await shelf.dispose();
});

test("what is too much goes to the disk and comes back equal, in blocks of half the memory", async () => {
  const shelf = createFeatureShelf(500, place);
  for (let i = 0; i < 10; i++) await shelf.add(features(i));
  expect(readdirSync(place)).toHaveLength(1);
  expect(shelf.blocks()).toEqual([0, 2, 4, 6, 8].map((start) => [start, start + 2]));
  for (let i = 0; i < 10; i++) expect(await shelf.get(i)).toEqual(features(i));
  await shelf.dispose();
  expect(readdirSync(place)).toEqual([]);
});

test("one picture larger than the memory is still a block", async () => {
  const shelf = createFeatureShelf(10, place);
  for (let i = 0; i < 2; i++) await shelf.add(features(i));
  expect(shelf.blocks()).toEqual([
    [0, 1],
    [1, 2],
  ]);
  await shelf.dispose();
});

test("nothing is no block", () => {
  expect(createFeatureShelf(10).blocks()).toEqual([]);
});
