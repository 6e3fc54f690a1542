import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { brandId } from "#shared/lib/branded-id";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { countTags } from "./annotation-table";
import { openStore } from "./store";

const library = join(scratchFolder(), "library");
const id = brandId<AssetId>("a".repeat(32));
const other = brandId<AssetId>("b".repeat(32));
const said = { tags: ["Ink"], rating: null, flag: "rejected" } as const;
const unsaid = { tags: [], rating: null, flag: null };

test("what was said is there after reopening, what was taken back is not", async () => {
  const store = await openStore(library);
  await store.annotations.put([
    { assetId: id, annotation: { tags: ["Ink", "fox"], rating: 4, flag: "picked" } },
    { assetId: other, annotation: { tags: ["x"], rating: null, flag: null } },
  ]);
  await store.annotations.put([
    { assetId: id, annotation: { ...said, tags: [...said.tags] } },
    { assetId: other, annotation: unsaid },
  ]);
  await store.close();
  const again = await openStore(library, { readOnly: true });
  expect([again.annotations.get(id), again.annotations.get(other), [...again.annotations.entries()].length]).toEqual([said, unsaid, 1]);
  await expect(again.annotations.put([{ assetId: id, annotation: unsaid }])).rejects.toMatchObject({ code: "library/read-only" });
  await again.close();
});

test("a library of an earlier version has no table: read-only it is empty, else it is made", async () => {
  await rm(join(library, "tables", "annotations.lance"), { recursive: true });
  const reader = await openStore(library, { readOnly: true });
  expect(reader.annotations.get(id)).toEqual(unsaid);
  await reader.close();
  const store = await openStore(library);
  await store.annotations.put([{ assetId: id, annotation: { ...unsaid, rating: 5 } }]);
  expect(store.annotations.get(id).rating).toBe(5);
  await store.close();
});

test("of changes that come together each keeps what the others said", async () => {
  const folder = join(scratchFolder(), "together");
  const store = await openStore(folder);
  const [flagged, rated] = await Promise.all([
    store.annotations.change([id], { flag: "picked" }),
    store.annotations.change([id, other, id], { rating: 4 }),
    store.annotations.change([id], { addTags: ["fox"] }),
  ]);
  expect(store.annotations.get(id)).toEqual({ tags: ["fox"], rating: 4, flag: "picked" });
  expect([flagged, rated.map(({ annotation }) => annotation)]).toEqual([
    [{ assetId: id, annotation: unsaid }],
    [{ ...unsaid, flag: "picked" }, unsaid],
  ]);
  await store.close();
});

test("spellings of one tag are counted together, under the most frequent one", () => {
  const tagged = (...tags: string[]) => ({ ...unsaid, tags });
  expect(countTags([tagged("ink", "fox"), tagged("Ink"), tagged("Ink", "été")])).toEqual([
    { tag: "fox", count: 1 },
    { tag: "Ink", count: 3 },
    { tag: "été", count: 1 },
  ]);
});
