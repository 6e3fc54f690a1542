import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { expect, test } from "vitest";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { featuresOf, pictureCount, pictureId, picturePath, recipe, vectorOf } from "../../../tests/support/written-library";
import { recipeIdOf } from "../../platform/recipe-id";
import { openStore } from "./store";

const script = join(import.meta.dirname, "../../../tests/support/killed-writer.ts");
const recipeId: RecipeId = recipeIdOf(recipe);
const kills = 5;

interface Kill {
  /** Batches that the run has written before it is killed, */
  readonly afterBatches: number;
  /** and how far into the next one. */
  readonly delayMs: number;
}

/** Runs the writer; kills it in the middle of a batch, or lets it finish. True when it finished. */
async function runWriter(library: string, root: string, kill: Kill | null): Promise<boolean> {
  const child = fork(script, [library, root], { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const exited = once(child, "exit");
  let isDone = false;
  let batches = 0;
  child.on("message", (message) => {
    if (message === "done") isDone = true;
    if (message === "batch" && ++batches === kill?.afterBatches) setTimeout(() => child.kill("SIGKILL"), kill.delayMs);
  });
  await exited;
  return isDone;
}

/** Reads the tables past the store: keys as they are on disk. */
async function keysOnDisk(library: string, table: string, column: string): Promise<string[]> {
  const connection = await connect(join(library, "tables"));
  const rows = await (await connection.openTable(table)).query().select([column]).toArray();
  connection.close();
  return rows.map((row) => String(row[column]));
}

async function expectConsistent(library: string, root: string): Promise<number> {
  const store = await openStore(library);
  try {
    const [knownRoot] = await store.roots.list();
    const files = knownRoot === undefined ? [] : store.files.byRoot(knownRoot.id);
    for (const file of files) {
      expect(store.assets.has(file.assetId!)).toBe(true);
      expect(file.path).toBe(picturePath(root, file.sizeBytes));
      expect(file.assetId).toBe(pictureId(file.sizeBytes));
    }
    const table = store.findEmbeddings(recipeId);
    if (table !== null) {
      const ids = [...new Set(Array.from({ length: pictureCount }, (_, index) => pictureId(index)))];
      const vectors = await table.get(ids);
      for (const [id, vector] of vectors) expect(vector).toEqual(vectorOf(id));
      for (const id of vectors.keys()) expect(await store.features.read(recipeId, id)).toEqual(featuresOf(id));
      const missing = new Set(await table.missing(ids));
      for (const file of files) expect(missing.has(file.assetId!)).toBe(false);
    }
    return files.length;
  } finally {
    await store.close();
  }
}

test("killed again and again, a library opens, holds no row twice, and the next run brings it to the same end", async () => {
  const base = scratchFolder();
  const library = join(base, "library");
  const root = join(base, "pictures");
  mkdirSync(root);
  let wasKilledMidway = false;
  for (let kill = 0; kill < kills; kill += 1) {
    const isDone = await runWriter(library, root, { afterBatches: 1 + 3 * kill, delayMs: (kill * 37) % 23 });
    const count = await expectConsistent(library, root);
    wasKilledMidway ||= !isDone && count > 0 && count < pictureCount;
    if (isDone) break;
  }
  expect(wasKilledMidway).toBe(true);
  expect(await runWriter(library, root, null)).toBe(true);
  expect(await expectConsistent(library, root)).toBe(pictureCount);

  const assets = new Set(Array.from({ length: pictureCount }, (_, index) => pictureId(index)));
  const expected = [...assets].sort();
  expect((await keysOnDisk(library, "assets", "id")).sort()).toEqual(expected);
  expect((await keysOnDisk(library, `vectors_${recipeId}`, "id")).sort()).toEqual(expected);
  const paths = Array.from({ length: pictureCount }, (_, index) => picturePath(root, index));
  expect((await keysOnDisk(library, "files", "path")).sort()).toEqual(paths.sort());
}, 180_000);
