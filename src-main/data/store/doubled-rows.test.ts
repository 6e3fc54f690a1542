import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { openStore } from "./store";

const idOf = (index: number): AssetId => String(index).repeat(32) as AssetId;

test("a row that is in its table twice is forgotten, with what was read of it, and can be written again", async () => {
  const folder = scratchFolder();
  const [library, pictures] = [join(folder, "library"), join(folder, "pictures")];
  mkdirSync(pictures);
  const store = await openStore(library);
  const { id: rootId, path } = await store.roots.add(pictures, { isSample: false });
  const files = [1, 2].map((index) => ({
    path: join(path, `${index}.png`),
    rootId,
    assetId: idOf(index),
    sizeBytes: index,
    mtimeMs: index,
  }));
  const assets = [1, 2].map((index) => ({ id: idOf(index), width: 4, height: 3, format: "png" as const }));
  await store.assets.upsert(assets);
  await store.files.upsert(files);
  await store.close();

  const tables = await connect(join(library, "tables"));
  await (await tables.openTable("files")).add([{ ...files[0] }]);
  await (await tables.openTable("assets")).add([{ ...assets[1] }]);
  tables.close();

  const again = await openStore(library);
  try {
    // The file of the second picture is as good as unknown without its picture.
    expect([again.files.count(), again.assets.count(), again.assets.has(idOf(1)), again.assets.has(idOf(2))]).toEqual([0, 0, true, false]);
    await again.assets.upsert(assets);
    await again.files.upsert(files);
    expect(again.assets.ids()).toEqual([idOf(2), idOf(1)]);
  } finally {
    await again.close();
  }
  const last = await openStore(library, { readOnly: true });
  expect([last.files.count(), last.assets.count()]).toEqual([2, 2]);
  await last.close();
});
