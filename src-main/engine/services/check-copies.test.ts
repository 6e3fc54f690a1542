import { expect, test } from "vitest";
import { assetIdOf } from "../../../tests/support/checks";
import { copyGroups, copyOf, type CopyTest, type HashedPicture } from "./check-copies";

const picture = (index: number): HashedPicture => ({ id: assetIdOf(index), phash: null });

/** Pictures whose numbers are neighbours are alike, the lower pair the more. */
const neighbours: CopyTest = (a, b) => {
  const [one, other] = [Number.parseInt(a.id, 16), Number.parseInt(b.id, 16)];
  return Promise.resolve(Math.abs(one - other) === 1 ? 1 - (one + other) / 1000 : null);
};

test("of several originals the most alike is the one; none where nothing is near", async () => {
  expect(await copyOf(neighbours, picture(5), [9, 6, 4].map(picture))).toBe(2);
  expect(await copyOf(neighbours, picture(5), [5, 9].map(picture))).toBeNull();
});

test("groups grow over what lies between, in any order", async () => {
  const groupsOf = async (numbers: readonly number[]) => {
    const groups = await copyGroups(neighbours, numbers.map(picture));
    return [...new Set(groups)].map((group) => numbers.filter((_, place) => groups[place] === group).toSorted()).toSorted();
  };
  expect(await copyGroups(neighbours, [1, 7, 2, 3].map(picture))).toEqual([0, 1, 0, 0]);
  expect(await groupsOf([1, 7, 3, 2])).toEqual([[1, 2, 3], [7]]);
  expect(await groupsOf([3, 1, 2, 7])).toEqual([[1, 2, 3], [7]]);
  expect(await groupsOf([])).toEqual([]);
});
