/** @file Five hundred files of every kind: what is taken, what is listed and why, and that killing the program anywhere changes nothing in the end. */
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { cli, runBuiltCli, startCli } from "../support/cli";
import { folderState } from "../support/folder-state";
import { libraryState } from "../support/library-state";
import { makeMixedFolder, type MixedFolder } from "../support/mixed-folder";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const calmLibrary = join(scratch, "calm-library");
const killedLibrary = join(scratch, "killed-library");
const killings = 3;
let mixed: MixedFolder;
let before: Readonly<Record<string, string>>;

interface Status {
  readonly assets: number;
  readonly files: number;
  readonly recipes: readonly { readonly done: number; readonly total: number }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly job: { readonly state: string; readonly done: number; readonly total: number };
}

function pathsOf(fate: string): readonly string[] {
  return [...mixed.fates]
    .filter(([, each]) => each === fate)
    .map(([path]) => path)
    .sort();
}

beforeAll(async () => {
  ensureBuilt();
  mixed = await makeMixedFolder(join(scratch, "mixed"), join(scratch, "outside"));
  before = await folderState(mixed.root);
});

describe("an undisturbed run", () => {
  let status: Status;

  beforeAll(async () => {
    await cli("index", "add", mixed.root, "--library", calmLibrary);
    const run = await cli("index", "run", "--library", calmLibrary, "--json");
    status = run.json<Status>();
  });

  test("takes every picture once", async () => {
    expect(mixed.fates.size).toBe(500);
    const state = await libraryState(calmLibrary);
    const files = state.assets.flatMap((asset) => (asset as { files: { path: string }[] }).files.map((file) => file.path)).sort();
    expect(files).toEqual(pathsOf("picture"));
    expect(status.assets).toBe(pathsOf("picture").length - mixed.duplicates);
    expect(status.recipes.every((recipe) => recipe.done === status.assets && recipe.total === status.assets)).toBe(true);
  });

  test("lists every bad file with one sentence that names it", () => {
    expect(status.skipped.map((file) => file.path).sort()).toEqual(pathsOf("skipped"));
    for (const { path, reason } of status.skipped) {
      expect(`${path}: ${reason}`).toMatch(/: [^\n]{10,}\.$/);
      expect(reason).not.toMatch(/undefined|\[object|Error:|vips/i);
    }
  });

  test("turns pictures as their EXIF orientation says", async () => {
    const state = await libraryState(calmLibrary);
    const assets = state.assets as { width: number; height: number; files: { path: string }[] }[];
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const asset = assets.find((each) => each.files.some((file) => file.path.endsWith(`orientation-${orientation}.jpg`)));
      expect([asset?.width, asset?.height]).toEqual(orientation < 5 ? [96, 72] : [72, 96]);
    }
  });

  test("a second run does nothing", async () => {
    const again = (await cli("index", "run", "--library", calmLibrary, "--json")).json<Status>();
    expect(again.job).toMatchObject({ state: "done", done: 0, total: 0 });
    expect({ ...again, job: null }).toEqual({ ...status, job: null });
  });

  test("leaves every byte and every time as it was", async () => {
    expect(await folderState(mixed.root)).toEqual(before);
  });
});

describe("a run that is killed again and again", () => {
  test("ends in the same state as an undisturbed one", async () => {
    await cli("index", "add", mixed.root, "--library", killedLibrary);
    for (let killing = 1; killing <= killings; killing += 1) {
      const run = startCli("index", "run", "--library", killedLibrary);
      const exited = once(run, "exit");
      await untilThumbnails(killing * 70);
      run.kill("SIGKILL");
      expect((await exited)[1]).toBe("SIGKILL");
    }
    const interrupted = (await cli("index", "status", "--library", killedLibrary, "--json")).json<Status>();
    expect(interrupted.assets).toBeLessThan(pathsOf("picture").length - mixed.duplicates);
    expect(await runBuiltCli("index", "run", "--library", killedLibrary)).toBe(0);
    expect(await libraryState(killedLibrary)).toEqual(await libraryState(calmLibrary));
    const again = (await cli("index", "run", "--library", killedLibrary, "--json")).json<Status>();
    expect(again.job).toMatchObject({ done: 0, total: 0 });
    expect(await folderState(mixed.root)).toEqual(before);
  });

  test("answers as the undisturbed one does", async () => {
    const question = join(mixed.root, "png files", "0", "picture 0.png");
    const ask = async (library: string) =>
      (await cli("find", question, "--library", library, "--json")).json<{ results: { path: string; score: number }[] }>().results;
    const [killed, calm] = [await ask(killedLibrary), await ask(calmLibrary)];
    expect(killed.map((result) => result.path)).toEqual(calm.map((result) => result.path));
    for (const [index, result] of killed.entries()) expect(result.score).toBeCloseTo(calm[index]?.score ?? Number.NaN, 5);
  });
});

/** Waits until the run that is going has made so many thumbnails: it is somewhere in the middle then. */
async function untilThumbnails(count: number): Promise<void> {
  for (;;) {
    const made = await readdir(join(killedLibrary, "thumbnails", "256"), { recursive: true }).catch(() => []);
    if (made.filter((name) => name.endsWith(".webp")).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
