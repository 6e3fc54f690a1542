/** @file Decisions outlive the process, and are taken back pair by pair. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore } from "./store";

const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(32) as AssetId) as [AssetId, AssetId, AssetId];
const path = join(scratchFolder(), "library");

it("pictures are kept apart two by two, until that is undone", async () => {
  const first = await openStore(path);
  await first.duplicateDecisions.keepApart([c, a, b, a]);
  await first.duplicateDecisions.keepApart([a, b]);
  await first.close();

  const second = await openStore(path);
  expect([...second.duplicateDecisions.apartFrom(a)].sort()).toEqual([b, c]);
  await second.duplicateDecisions.undoKeepApart([b, a]);
  expect([...second.duplicateDecisions.apartFrom(a)]).toEqual([c]);
  expect([...second.duplicateDecisions.apartFrom(b)]).toEqual([c]);
  await second.close();

  const reader = await openStore(path, { readOnly: true });
  expect([...reader.duplicateDecisions.apartFrom(c)].sort()).toEqual([a, b]);
  await expect(reader.duplicateDecisions.keepApart([a, b])).rejects.toMatchObject({ code: "library/read-only" });
  await reader.close();
});
