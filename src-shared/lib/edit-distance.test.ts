import { expect, test } from "vitest";
import { editDistance, nearestNames } from "./edit-distance";

test("the distance of names counts letters", () => {
  expect(["", "us6", "kitten", "abc"].map((name) => editDistance(name, "sitting"))).toEqual([7, 7, 3, 7]);
  expect(editDistance("up_blocks.1", "up_blocks.1")).toBe(0);
});

test("the nearest names come first, each once", () => {
  expect(nearestNames("ratng", ["width", "rating", "rating", "taken"], 2)).toEqual(["rating", "taken"]);
});
