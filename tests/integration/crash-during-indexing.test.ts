/** @file The program killed again and again while it indexes: nothing is lost, nothing is there twice, and the end is the same. */
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@lancedb/lancedb";
import { beforeAll, expect, test } from "vitest";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { cli, runBuiltCli, startCli } from "../support/cli";
import { folderState } from "../support/folder-state";
import { libraryState } from "../support/library-state";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const kills = 12;
const pictures = 65;
const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "killed");

beforeAll(async () => {
  ensureBuilt();
  for (let seed = 0; seed < pictures; seed += 1)
    await writePicture(join(photos, seed % 4 === 0 ? "sub" : "", `p${seed}.png`), seed % 60, { width: 48, height: 40 });
});

async function countBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).length;
}

/** Indexes in a process of its own, killed once `pictures` more thumbnails lie there and `delayMs` after; true when it ended before that. */
async function killedRun(more: number, delayMs: number): Promise<boolean> {
  const before = await countBelow(join(library, "thumbnails"));
  const child = startCli("index", "run", "--library", library, "--quiet");
  child.stdout?.resume();
  child.stderr?.resume();
  const exited = once(child, "exit");
  while (child.exitCode === null && (await countBelow(join(library, "thumbnails"))) < before + more)
    await new Promise((resolve) => setTimeout(resolve, 10));
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  child.kill("SIGKILL");
  const [code] = (await exited) as [number | null];
  return code === 0;
}

/** Keys as they are on disk, past everything that tells doubles apart. */
async function keysOnDisk(table: string, column: string): Promise<readonly string[]> {
  const connection = await connect(join(library, "tables"));
  const rows = await (await connection.openTable(table)).query().select([column]).toArray();
  connection.close();
  return rows.map((row) => String((row as Record<string, unknown>)[column])).sort();
}

test("killed twelve times at different moments, a library ends as one that was left in peace", async () => {
  const before = await folderState(photos);
  expect((await cli("index", "add", photos, "--library", library)).exitCode).toBe(0);
  let ended = 0;
  for (let kill = 0; kill < kills; kill += 1) if (await killedRun(1 + ((kill * 5) % 9), (kill * 53) % 170)) ended += 1;
  expect(ended).toBeLessThan(kills / 2);
  expect(await runBuiltCli("index", "run", "--library", library)).toBe(0);

  const peaceful = join(scratch, "peaceful");
  await cli("index", "add", photos, "--library", peaceful);
  expect(await runBuiltCli("index", "run", "--library", peaceful)).toBe(0);
  const [killed, undisturbed] = [await libraryState(library), await libraryState(peaceful)];
  expect(killed.assets).toEqual(undisturbed.assets);
  expect(killed.vectors).toEqual(undisturbed.vectors);
  expect([killed.issues, killed.files]).toEqual([undisturbed.issues, undisturbed.files]);

  const assets = (killed.assets as readonly { id: string }[]).map(({ id }) => id).sort();
  expect(await keysOnDisk("assets", "id")).toEqual(assets);
  expect(await keysOnDisk("files", "path")).toHaveLength(pictures);
  expect(new Set(await keysOnDisk("files", "path")).size).toBe(pictures);
  for (const table of Object.keys(killed.vectors)) expect(await keysOnDisk(`vectors_${table}`, "id")).toEqual(assets);
  expect(await folderState(photos)).toEqual(before);
}, 180_000);
