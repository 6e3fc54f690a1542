import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import { brandId } from "#shared/lib/branded-id";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore, type Store } from "../../data/store/store";
import { verdictTriplets } from "./verdict-triplets";

const id = (number: number): AssetId => brandId<AssetId>(number.toString(16).padStart(32, "0"));
const ids = (from: number, count: number): AssetId[] => Array.from({ length: count }, (_, index) => id(from + index));
const gone = id(999);
const nameOf = (asset: AssetId): string => `p${Number.parseInt(asset, 16)}`;
const pictures = {
  path: (asset: AssetId) =>
    asset === gone ? Promise.reject(appError("asset/not-found", "It is no longer where it was.")) : Promise.resolve(nameOf(asset)),
};

let store: Store;
beforeAll(async () => {
  store = await openStore(join(scratchFolder(), "library"));
});
afterAll(() => store.close());
const decide = (references: AssetId[], assetIds: AssetId[], verdict: CheckVerdict) =>
  store.verdicts.decide({ references, assetIds, verdict, measures: [] });
const draw = (limit = 1000, seed = 1) => verdictTriplets({ store, pictures }, { limit, seed });
/** What a triplet says, whichever of the two is named first. */
const said = ({ triplets }: Awaited<ReturnType<typeof draw>>) =>
  triplets.map(({ reference, a, b, choice }) => [reference, choice === "a" ? a : b, choice === "a" ? b : a].join(" "));

test("no verdicts, no triplets; accepted ones alone make none", async () => {
  expect(await draw()).toEqual({ triplets: [], possible: 0, missing: 0 });
  await decide([id(1), id(2)], [id(10), id(11), id(12)], "accepted");
  expect(await draw()).toEqual({ triplets: [], possible: 0, missing: 0 });
});

test("each accepted one against each rejected one, for each reference; undecided and gone pictures say nothing", async () => {
  await decide([id(1), id(2)], [id(20), gone], "rejected");
  await decide([id(1), id(2)], [id(12)], "undecided");
  const drawn = await draw();
  expect(drawn).toMatchObject({ possible: 4, missing: 1 });
  expect(said(drawn).sort()).toEqual(["p1 p10 p20", "p1 p11 p20", "p2 p10 p20", "p2 p11 p20"]);
  expect(drawn.triplets.every(({ group }) => group === null)).toBe(true);
});

test("what a newer verdict overrules says nothing any more; other references are a group of their own", async () => {
  await decide([id(2), id(3)], [id(10), id(20)], "rejected");
  await decide([id(2), id(3)], [id(30)], "accepted");
  const drawn = await draw();
  expect(
    said(drawn)
      .filter((triplet) => triplet.startsWith("p3"))
      .sort(),
  ).toEqual(["p3 p30 p10", "p3 p30 p20"]);
  expect(said(drawn)).not.toContain("p1 p10 p20");
  await decide([id(2), id(1)], [id(21)], "rejected");
  expect(new Set((await draw()).triplets.map(({ group }) => group))).toEqual(new Set(["references 1", "references 2"]));
});

test("a limit draws evenly, the same for the same seed, and neither place is the right one too often", async () => {
  await decide([id(5)], ids(100, 40), "accepted");
  await decide([id(5)], ids(200, 40), "rejected");
  const drawn = await draw(200);
  expect(drawn.triplets).toHaveLength(200);
  expect(new Set(said(drawn)).size).toBe(200);
  expect(drawn.triplets.filter(({ group }) => group === "references 1").length).toBeGreaterThan(0);
  expect(await draw(200)).toEqual(drawn);
  expect(said(await draw(200, 2))).not.toEqual(said(drawn));
  const first = drawn.triplets.filter(({ choice }) => choice === "a").length;
  expect(first).toBeGreaterThan(70);
  expect(first).toBeLessThan(130);
  expect((await draw(1)).triplets).toHaveLength(1);
});
