/** @file Groups in one list, laid out in lines, gone through by keys, and taken apart. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { DuplicateGroup } from "#shared/domain/duplicates";
import { fakeDuplicates } from "../../testing/fake-duplicates";
import { apartFromGroup, reviewedPictures, withoutApart } from "./groups";
import { layoutReview, lineOf, moved } from "./review-layout";

const groups = fakeDuplicates([4, 2, 3]).groups;
const idsOf = (group: DuplicateGroup | undefined): readonly AssetId[] => (group?.pictures ?? []).map(({ asset }) => asset.id);
const sizes = (shown: readonly DuplicateGroup[]): readonly number[] => shown.map(({ pictures }) => pictures.length);

test("what was kept apart leaves its group, the best stays, and one picture alone is no group", () => {
  const [first, second, third] = groups;
  const [best = "" as AssetId, , other = "" as AssetId] = idsOf(first);
  expect(withoutApart(groups, [])).toBe(groups);
  expect(withoutApart(groups, [[best, other]]).map(idsOf)[0]).toEqual(idsOf(first).filter((id) => id !== other));
  expect(sizes(withoutApart(groups, [[best, other], idsOf(second), idsOf(third)]))).toEqual([3]);
});

test("a picture is kept apart from the best one, the best one's group as a whole, and a picture alone from nothing", () => {
  const [group] = groups;
  const ids = idsOf(group);
  expect(group && [0, 2].map((place) => apartFromGroup(group, place))).toEqual([ids, [ids[0], ids[2]]]);
  expect(apartFromGroup({ pictures: group?.pictures.slice(0, 1) ?? [] }, 0)).toBeNull();
  expect(apartFromGroup(fakeDuplicates([501]).groups[0] ?? { pictures: [] }, 0)).toBeNull();
});

test("each line holds pictures of one group within the width, in order, and all of them", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), fc.integer({ min: 160, max: 1400 }), (counts, width) => {
      const pictures = reviewedPictures(fakeDuplicates(counts).groups);
      const lines = layoutReview(pictures, width);
      expect(lines.flatMap(({ boxes }) => boxes.map(({ index }) => index))).toEqual(pictures.map((_, index) => index));
      for (const { group, boxes } of lines) {
        expect(boxes.every(({ index }) => pictures[index]?.group === group)).toBe(true);
        expect(Math.max(...boxes.map((box) => box.left + box.width))).toBeLessThanOrEqual(width);
      }
      expect(lines.filter(({ isFirst }) => isFirst).length).toBe(counts.length);
      for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"])
        for (const index of pictures.keys()) expect(lineOf(lines, moved(lines, index, key) ?? -1)).not.toBe(-1);
    }),
  );
});

test("down leads to the picture below, of the next group where the line ends its own", () => {
  const lines = layoutReview(reviewedPictures(groups), 560);
  expect(lines.map(({ boxes }) => boxes.map(({ index }) => index))).toEqual([[0, 1], [2, 3], [4, 5], [6, 7], [8]]);
  expect([moved(lines, 1, "ArrowDown"), moved(lines, 3, "ArrowDown"), moved(lines, 7, "ArrowDown"), moved(lines, 8, "ArrowDown")]).toEqual([
    3, 5, 8, 8,
  ]);
  expect([moved(lines, 0, "ArrowLeft"), moved(lines, 8, "ArrowRight"), moved(lines, 3, "Home"), moved(lines, 3, "a")]).toEqual([
    0,
    8,
    0,
    null,
  ]);
});
