import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { CheckVerdict } from "#shared/domain/check";
import { brandId } from "#shared/lib/branded-id";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore, type Store } from "./store";

const library = join(scratchFolder(), "library");
const id = (letter: string): AssetId => brandId<AssetId>(letter.repeat(32));
const [one, two, three, fox, cat] = [id("1"), id("2"), id("3"), id("a"), id("b")];
const measures = [{ metric: "starter-subject", area: "whole" as const }];

let store: Store;
beforeAll(async () => {
  store = await openStore(library);
});
afterAll(() => store.close());

const decide = (references: AssetId[], assetIds: AssetId[], verdict: CheckVerdict | null) =>
  store.verdicts.decide({ references, assetIds, verdict, measures });
const holding = (...references: readonly AssetId[]) =>
  Object.fromEntries([...store.verdicts.holding(references)].map(([asset, { verdict }]) => [asset, verdict]));

test("a verdict holds for every question that shares a reference, in whatever order these are named", async () => {
  await decide([one, two], [fox, cat, fox], "accepted");
  expect(holding(two, one)).toEqual({ [fox]: "accepted", [cat]: "accepted" });
  expect(holding(two, three)).toEqual({ [fox]: "accepted", [cat]: "accepted" });
  expect(holding(three)).toEqual({});
  await decide([two, one, two], [cat], "undecided");
  expect(store.verdicts.sets()).toHaveLength(1);
  expect(holding(one)).toEqual({ [fox]: "accepted", [cat]: "undecided" });
});

test("of several the newest holds, and taking it back brings back nothing older", async () => {
  await decide([two, three], [fox], "rejected");
  expect([holding(one), holding(two), holding(three)]).toMatchObject([{ [fox]: "accepted" }, { [fox]: "rejected" }, { [fox]: "rejected" }]);
  const undo = await decide([two, three], [fox], null);
  expect([holding(one)[fox], holding(two)[fox], holding(three)[fox]]).toEqual(["accepted", undefined, undefined]);
  await store.verdicts.restore(undo);
  expect(holding(two)[fox]).toBe("rejected");
});

test("undoing the first verdict of a set brings back what other sets say", async () => {
  const undo = await decide([one, three], [cat], "rejected");
  expect(undo).toMatchObject({ verdicts: [], absent: [cat] });
  await store.verdicts.restore(undo);
  expect(holding(one, three)[cat]).toBe("undecided");
  expect(store.verdicts.sets()).toHaveLength(2);
});

test("of two that come together each sees what the other left", async () => {
  const [first, second] = await Promise.all([decide([three], [cat], "accepted"), decide([three], [cat], "rejected")]);
  expect([first.absent, second.verdicts.map(({ verdict }) => verdict)]).toEqual([[cat], ["accepted"]]);
  expect(holding(three)[cat]).toBe("rejected");
  await store.verdicts.restore(second);
  expect(holding(three)[cat]).toBe("accepted");
  await store.verdicts.restore(first);
  expect(holding(three)[cat]).toBeUndefined();
});

test("a clock that was set back does not let an older verdict hold", async () => {
  const future = Date.now() + 86_400_000;
  await store.verdicts.restore({
    references: [one],
    verdicts: [{ assetId: cat, verdict: "accepted", measures, atMs: future }],
    absent: [],
  });
  await decide([one, three], [cat], "rejected");
  expect(holding(one)[cat]).toBe("rejected");
});

test("verdicts are there after reopening, also read-only, where nothing can be decided", async () => {
  const before = holding(one, two, three);
  await store.close();
  store = await openStore(library, { readOnly: true });
  expect(holding(one, two, three)).toEqual(before);
  await expect(decide([one], [fox], "accepted")).rejects.toMatchObject({ code: "library/read-only" });
  await store.close();
  store = await openStore(library);
});

test("clearing forgets what shares a reference, then everything, and leaves no files", async () => {
  await decide([one, two], [fox], "accepted");
  await decide([fox], [cat], "rejected");
  await store.verdicts.clear([one, two, three]);
  expect([holding(one, two, three), holding(fox)]).toEqual([{}, { [cat]: "rejected" }]);
  await store.verdicts.clear(null);
  expect(await readdir(join(library, "verdicts"))).toEqual([]);
});

test("a library of an earlier version has no verdicts; a damaged file is told", async () => {
  await store.close();
  await rm(join(library, "verdicts"), { recursive: true });
  store = await openStore(library, { readOnly: true });
  expect(store.verdicts.sets()).toEqual([]);
  await store.close();
  store = await openStore(library);
  await decide([one], [fox], "accepted");
  await store.close();
  const [name = ""] = await readdir(join(library, "verdicts"));
  await writeFile(join(library, "verdicts", name), "{");
  await expect(openStore(library)).rejects.toMatchObject({ code: "library/corrupt" });
  await rm(join(library, "verdicts", name));
  store = await openStore(library);
});
