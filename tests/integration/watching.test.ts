/** @file Folders whose changes are taken up by themselves: while a host runs, and what changed while none did. */
import { appendFile, copyFile, mkdir, readdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AssetSummary } from "#shared/domain/asset";
import { runProgram } from "#main/apps/cli/program";
import { whyPolled } from "#main/data/library/remote-folders";
import { createEngine, type Engine } from "#main/engine/engine";
import type { FileChange } from "#main/engine/services/watch-service";
import { cli } from "../support/cli";
import { connect, type EngineClient, engineQuestions } from "../support/engine-client";
import { picture, writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

vi.mock(import("#main/data/library/remote-folders"), async (original) => {
  const real = await original();
  return { ...real, whyPolled: vi.fn(real.whyPolled) };
});

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const libraryPath = join(photos, "the library, inside (of all places)");
let engine: Engine;
let client: EngineClient;
const { finished, allAssets, rescan } = engineQuestions(() => engine);
const names = async (): Promise<readonly string[]> => (await allAssets()).map((asset: AssetSummary) => asset.name);
const eventually = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 15_000, interval: 50 });

async function open(): Promise<void> {
  engine = await createEngine({ libraryPath, inference: "worker", device: "cpu" });
  client = connect(engine);
}

beforeAll(async () => {
  await writePicture(join(photos, "first.png"), 1);
  await open();
  await finished((await client.roots.add({ paths: [photos] })).jobId);
  engine.watching.start();
});
afterAll(() => engine.dispose());

test("what comes, moves, changes and goes below a root is searchable or forgotten by itself", async () => {
  await eventually(async () => expect((await client.roots.list())[0]?.watch).toEqual({ mode: "watching", note: null }));
  const seen: FileChange[] = [];
  const events = engine.watching.events();
  void (async () => {
    for await (const event of events) seen.push(event);
  })();
  // Under another name first, hidden, and in a folder of the system: nothing of that is a picture to take.
  await writePicture(join(photos, "..part.png"), 2);
  await mkdir(join(photos, "@eaDir"));
  await writePicture(join(photos, "@eaDir", "thumb.png"), 3);
  await rename(join(photos, "..part.png"), join(photos, "come.png"));
  await eventually(async () => expect(await names()).toEqual(["come.png", "first.png"]));
  expect((await allAssets()).every((asset) => asset.isMeasured)).toBe(true);

  // A folder with a dot in its name and folders inside, moved in as a whole, and one more file into its depth.
  const outside = scratchFolder();
  await writePicture(join(outside, "v1.2", "deep", "er", "moved-in.png"), 4);
  await rename(join(outside, "v1.2"), join(photos, "v1.2"));
  await eventually(async () => expect(await names()).toContain("moved-in.png"));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await writePicture(join(photos, "v1.2", "deep", "er", "late.png"), 5);
  await eventually(async () => expect(await names()).toContain("late.png"));
  await rename(join(photos, "v1.2"), join(photos, "v1.3"));
  await eventually(async () => {
    const folders = (await client.roots.folders()).map(({ path }) => path);
    expect(folders).toContain(join(photos, "v1.3", "deep", "er"));
    expect(folders).not.toContain(join(photos, "v1.2", "deep", "er"));
  });
  await writePicture(join(photos, "come.png"), 6);
  await rm(join(photos, "v1.3"), { recursive: true });
  await eventually(async () => expect(await names()).toEqual(["come.png", "first.png"]));
  await eventually(async () =>
    expect(seen.filter(({ path }) => path === join(photos, "come.png")).map(({ change }) => change)).toEqual(["added", "changed"]),
  );
  expect(await client.assets.issues({ limit: 10 })).toEqual([]);
});

test("a file that is written slowly is waited for and never noted as broken", async () => {
  const bytes = await picture(7).flatten().png().toBuffer();
  const path = join(photos, "slow.png");
  const cut = Math.floor(bytes.length / 2);
  await writeFile(path, bytes.subarray(0, cut));
  // Longer than the pause after which a file counts as complete: it is tried, and tried again.
  await new Promise((resolve) => setTimeout(resolve, 1_800));
  expect(await names()).not.toContain("slow.png");
  await appendFile(path, bytes.subarray(cut));
  await eventually(async () => expect(await names()).toContain("slow.png"));
  expect(await client.assets.issues({ limit: 10 })).toEqual([]);
});

test("a root is not watched any more when its switch is off, and caught up with when it is on again", async () => {
  const [root] = await client.roots.list();
  if (root === undefined) throw new Error("no root");
  await client.roots.setWatched({ rootId: root.id, isWatched: false });
  expect(await client.roots.list()).toMatchObject([{ isWatched: false, watch: { mode: "off" } }]);
  await writePicture(join(photos, "unseen.png"), 9);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(await names()).not.toContain("unseen.png");
  await client.roots.setWatched({ rootId: root.id, isWatched: true });
  await eventually(async () => expect(await names()).toContain("unseen.png"));
});

test("what changed while nothing ran is found by the state of the folder that was kept, or by looking through all of it", async () => {
  const snapshots = join(libraryPath, "snapshots");
  const kept = async (): Promise<readonly string[]> => (await readdir(snapshots)).filter((name) => name.endsWith(".snapshot"));
  await eventually(async () => expect(await kept()).toHaveLength(1));
  await engine.dispose();
  await writePicture(join(photos, "sub", "while-closed.png"), 8);
  await rename(join(photos, "first.png"), join(photos, "renamed.png"));
  await open();
  engine.watching.start();
  const later = ["come.png", "renamed.png", "slow.png", "unseen.png", "while-closed.png"];
  await eventually(async () => expect(await names()).toEqual(later));
  await engine.dispose();

  // A share that tells of no changes has no state to keep either.
  await unlink(join(photos, "renamed.png"));
  vi.mocked(whyPolled).mockResolvedValueOnce("The share tells of no changes.");
  await open();
  engine.watching.start();
  await eventually(async () => expect(await names()).toEqual(later.filter((name) => name !== "renamed.png")));
  expect((await client.roots.list())[0]?.watch).toEqual({ mode: "polling", note: "The share tells of no changes." });
});

test("index watch tells what it takes up until it is stopped, and keeps the switch of a folder", async () => {
  await engine.dispose();
  const stop = new AbortController();
  const told: string[] = [];
  const write = (text: string): number => told.push(text);
  const running = runProgram(["index", "watch", "--library", libraryPath, "--jsonl"], {
    streams: { out: { write }, err: { write } },
    signal: stop.signal,
  });
  await eventually(async () => expect(told).toContain("Ctrl-C stops.\n"));
  expect(told).toContain(`Watching ${photos}\n`);
  await copyFile(join(photos, "slow.png"), join(photos, "copy.png"));
  await eventually(async () => expect(told.at(-1)).toMatch(/^\{/));
  stop.abort();
  expect(await running).toBe(0);
  const [line = ""] = told.filter((text) => text.startsWith("{"));
  expect(JSON.parse(line)).toEqual({ change: "added", path: join(photos, "copy.png"), asset: expect.any(String) as string });

  expect((await cli("index", "watch", "--off", photos, "--library", libraryPath)).out).toBe(`${photos} is not watched any more.\n`);
  expect((await cli("index", "watch", "--off", join(photos, "sub"), "--library", libraryPath)).exitCode).toBe(3);
  const readOnly = await cli("index", "watch", "--read-only", "--library", libraryPath);
  expect([readOnly.exitCode, readOnly.err]).toEqual([3, expect.stringContaining("takes up no changes")]);
  expect((await cli("index", "watch", "--on", photos, "--off", photos, "--library", libraryPath)).exitCode).toBe(2);
  await open();
  expect(await client.roots.list()).toMatchObject([{ isWatched: false }]);
  expect(await rescan()).toMatchObject({ total: 0 });
});
