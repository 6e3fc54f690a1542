/** @file Boards outlive the process; one that is kept again changes in its place. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore } from "./store";

const [a, b] = ["a", "b"].map((letter) => letter.repeat(32) as AssetId) as [AssetId, AssetId];
const path = join(scratchFolder(), "library");

it("boards are kept, changed in place, and removed", async () => {
  const first = await openStore(path);
  const [mira, fox] = await Promise.all([
    first.boards.save({ id: null, name: "Mira", references: [a] }),
    first.boards.save({ id: null, name: "Fox", references: [b] }),
  ]);
  await first.boards.save({ ...mira, name: "Mira, new hair", references: [b, a] });
  await first.close();

  const second = await openStore(path);
  expect(second.boards.list()).toEqual([{ id: mira.id, name: "Mira, new hair", references: [b, a] }, fox]);
  await second.boards.remove(mira.id);
  await second.close();

  const reader = await openStore(path, { readOnly: true });
  expect(reader.boards.list()).toEqual([fox]);
  await expect(reader.boards.save(fox)).rejects.toMatchObject({ code: "library/read-only" });
  await reader.close();
});
