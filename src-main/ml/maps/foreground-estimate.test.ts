/** @file Drawn grids in which everybody sees what is in front. */
import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import type { FeatureMap } from "./feature-map";
import { estimateForeground } from "./foreground-estimate";
import { estimateInFrame } from "./framed-foreground";

const channels = 16;

/** `#` is the thing, `+` another part of it, everything else background; every kind has a vector of its own, each tile some noise and its own length. */
function mapOf(drawing: readonly string[], noise: number): FeatureMap {
  const kinds = new Map([...new Set(drawing.join(""))].map((kind) => [kind, randomNumbers(channels, kind.charCodeAt(0))]));
  // Parts of one thing are nearer to each other than to what is behind.
  const thing = kinds.get("#");
  kinds.get("+")?.forEach((x, i, part) => (part[i] = (thing?.[i] ?? 0) + 0.4 * x));
  const tiles = [...drawing.join("")];
  const noises = randomNumbers(tiles.length * channels, 99);
  const data = Float32Array.from(noises, (x, i) => {
    const tile = Math.floor(i / channels);
    return (1 + (tile % 5)) * ((kinds.get(tiles[tile] ?? "")?.[i % channels] ?? 0) + noise * x);
  });
  return { rows: drawing.length, columns: drawing[0]?.length ?? 0, channels, data };
}

const drawings = {
  "in the middle": ["........", "..####..", "..####..", "..####..", "........", "........"],
  "standing on the lower edge": ["........", "...##...", "...##...", "..####..", ".######.", ".######."],
  "cut off at one side": ["........", "###.....", "####....", "####....", "###.....", "........"],
  "of two parts": [".........", "...###...", "..#####..", "..+++++..", "...+++...", "........."],
  "larger than its background": ["........", ".######.", ".######.", ".######.", ".######.", "........"],
};

describe.each(Object.entries(drawings))("a thing %s", (_, drawing) => {
  const expected = [...drawing.join("")].map((kind) => (kind === "." ? 0 : 1));

  describe.each([
    ["the main direction", estimateForeground],
    ["the frame", estimateInFrame],
  ])("by %s", (__, estimate) => {
    test.each([0.02, 0.3])("with noise of %f", (noise) => {
      expect([...estimate(mapOf(drawing, noise))]).toEqual(expected);
    });

    test("whichever way its vectors point", () => {
      const map = mapOf(drawing, 0.02);
      expect([...estimate({ ...map, data: map.data.map((x) => -x) })]).toEqual(expected);
    });
  });
});

test("a picture of one thing only counts as a whole", () => {
  expect([...estimateForeground(mapOf(["####", "####", "####"], 0))]).toEqual(Array<number>(12).fill(1));
  expect([...estimateForeground({ rows: 1, columns: 1, channels: 2, data: Float32Array.of(1, 2) })]).toEqual([1]);
  expect([...estimateInFrame({ rows: 3, columns: 4, channels: 2, data: new Float32Array(24).fill(1) })]).toEqual(Array<number>(12).fill(1));
  expect([...estimateInFrame({ rows: 1, columns: 1, channels: 2, data: Float32Array.of(1, 2) })]).toEqual([1]);
});
