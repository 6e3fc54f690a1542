/** @file What a picture is: its bytes, wherever they lie. Moved, renamed, doubled, on another drive or on none, it is not measured again. */
import { appendFile, copyFile, mkdir, readFile, rename, rm, unlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { LibraryRoot } from "#shared/domain/library";
import { decodeImage } from "#main/data/imaging/decode";
import { hashFile } from "#main/data/library/asset-hash";
import { openStore } from "#main/data/store/store";
import { createEngine, type Engine } from "#main/engine/engine";
import { cli } from "../support/cli";
import { connect, type EngineClient, engineQuestions, refusal } from "../support/engine-client";
import { folderState } from "../support/folder-state";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

vi.mock(import("#main/data/imaging/decode"), async (original) => {
  const real = await original();
  return { ...real, decodeImage: vi.fn(real.decodeImage) };
});
vi.mock(import("#main/data/library/asset-hash"), async (original) => {
  const real = await original();
  return { ...real, hashFile: vi.fn(real.hashFile) };
});

const scratch = scratchFolder();
const libraryPath = join(scratch, "library");
const drive = join(scratch, "drive ä");
const photos = join(drive, "it's photos");
let engine: Engine;
let client: EngineClient;
const { finished, rescan, allAssets, assetNamed } = engineQuestions(() => engine);

const open = async (): Promise<void> => {
  engine = await createEngine({ libraryPath, inference: "worker", device: "cpu" });
  client = connect(engine);
};
const onlyRoot = async (): Promise<LibraryRoot> => {
  const [root, ...others] = await client.roots.list();
  expect(others).toEqual([]);
  if (root === undefined) throw new Error("The library has no root");
  return root;
};
const filesOf = async (name: string): Promise<readonly string[]> =>
  (await client.assets.detail({ assetId: (await assetNamed(name)).id })).files.map((file) => file.path);

beforeAll(async () => {
  for (let seed = 0; seed < 12; seed += 1) await writePicture(join(photos, seed % 3 === 0 ? "sub" : "", `p${seed}.png`), seed);
  await writeFile(join(photos, "sub", "broken.png"), "no picture");
  await open();
  await finished((await client.roots.add({ paths: [photos] })).jobId);
});
afterAll(() => engine.dispose());
beforeEach(() => {
  vi.mocked(decodeImage).mockClear();
  vi.mocked(hashFile).mockClear();
});

test("a renamed file is known by its bytes; the folder of many files is moved without reading one of them", async () => {
  const { id } = await assetNamed("p1.png");
  await rename(join(photos, "p1.png"), join(photos, "renamed.png"));
  await rescan();
  expect(hashFile).toHaveBeenCalledTimes(1);
  expect((await assetNamed("renamed.png")).id).toBe(id);
  vi.mocked(hashFile).mockClear();
  await rename(join(photos, "sub"), join(photos, "moved"));
  await rescan();
  // The file that is no picture is looked at again, so that its issue names its new place.
  expect(vi.mocked(hashFile).mock.calls.map(([path]) => path)).toEqual([join(photos, "moved", "broken.png")]);
  expect(await filesOf("p3.png")).toEqual([join(photos, "moved", "p3.png")]);
  expect(await allAssets()).toHaveLength(12);
  expect(decodeImage).not.toHaveBeenCalled();
  expect((await client.assets.issues({ limit: 10 })).map((issue) => issue.path)).toEqual([join(photos, "moved", "broken.png")]);
});

test("a file that only looks like the one that vanished is read", async () => {
  const [vanished, newcomer] = [join(photos, "p2.png"), join(photos, "other", "p2.png")];
  const bytes = await readFile(vanished);
  await mkdir(join(photos, "other"));
  await writePicture(newcomer, 99);
  const other = await readFile(newcomer);
  const size = Math.max(bytes.length, other.length);
  // Two pictures of one name, size and whole second: what unpacking an archive makes.
  for (const [path, content] of [
    [vanished, bytes],
    [newcomer, other],
  ] as const) {
    await writeFile(path, Buffer.concat([content, Buffer.alloc(size - content.length)]));
    await utimes(path, 1_700_000_000, 1_700_000_000);
  }
  await rename(newcomer, join(scratch, "aside.png"));
  await rescan();
  const { id } = await assetNamed("p2.png");
  await unlink(vanished);
  await rename(join(scratch, "aside.png"), newcomer);
  await rescan();
  expect((await assetNamed("p2.png")).id).not.toBe(id);
});

test("the same bytes in two places are one picture with two files, until the last of them goes", async () => {
  await copyFile(join(photos, "p4.png"), join(photos, "moved", "twin.png"));
  await rescan();
  expect(decodeImage).not.toHaveBeenCalled();
  expect(await allAssets()).toHaveLength(12);
  const shown = (await allAssets()).find(({ name }) => name === "p4.png" || name === "twin.png");
  expect(await filesOf(shown?.name ?? "")).toEqual([join(photos, "moved", "twin.png"), join(photos, "p4.png")]);
  await unlink(join(photos, "p4.png"));
  await rescan();
  expect(await filesOf("twin.png")).toEqual([join(photos, "moved", "twin.png")]);
});

test("a missing drive keeps everything, greyed; it is offered where it appears, and taken over in one step without reading it", async () => {
  const before = (await allAssets()).map(({ id }) => id).sort();
  const root = await onlyRoot();
  const elsewhere = join(scratch, "drive ä 2");
  await rename(drive, elsewhere);
  await rescan();
  expect(await onlyRoot()).toMatchObject({ isAvailable: false, fileCount: root.fileCount });
  expect((await allAssets()).every((asset) => asset.isMissing)).toBe(true);

  expect(await refusal(client.roots.relocate({ rootId: root.id, path: join(scratch, "nowhere") }))).toMatchObject({
    code: "root/not-found",
  });
  expect(await refusal(client.roots.relocate({ rootId: root.id, path: elsewhere }))).toMatchObject({
    code: "root/not-found",
    message: `${elsewhere} holds 0 of the ${root.fileCount} files of ${photos} that were looked for, so it is not its new place.`,
  });
  const place = join(elsewhere, "it's photos");
  vi.mocked(hashFile).mockClear();
  const moved = await client.roots.relocate({ rootId: root.id, path: place });
  expect(moved).toMatchObject({ found: root.fileCount, checked: root.fileCount, root: { path: place, isAvailable: true } });
  expect(vi.mocked(hashFile).mock.calls.length).toBeLessThanOrEqual(5);
  vi.mocked(hashFile).mockClear();
  expect(await finished(moved.jobId)).toMatchObject({ total: 0 });
  expect([vi.mocked(hashFile).mock.calls, vi.mocked(decodeImage).mock.calls]).toEqual([[], []]);
  const after = await allAssets();
  expect(after.map(({ id }) => id).sort()).toEqual(before);
  expect(after.every((asset) => !asset.isMissing && asset.isMeasured)).toBe(true);
  const [issue] = await client.assets.issues({ limit: 10 });
  expect(issue).toMatchObject({ path: join(place, "moved", "broken.png"), message: expect.stringContaining(place) });

  // Back where it was: the other way round, and the old place may become a folder of its own.
  await rename(elsewhere, drive);
  const back = await client.roots.relocate({ rootId: moved.root.id, path: photos });
  await finished(back.jobId);
  await writePicture(join(place, "new.png"), 500);
  const added = await client.roots.add({ paths: [place] });
  await finished(added.jobId);
  expect(added.roots[0]?.id).not.toBe(back.root.id);
  expect(await client.roots.list()).toHaveLength(2);
  await client.roots.remove({ rootId: added.roots[0]?.id ?? back.root.id });
  await rm(elsewhere, { recursive: true });
});

test("a folder under its own old one is no contradiction, and a move that was cut short is finished by the next start", async () => {
  const ids = (await allAssets()).map(({ id }) => id).sort();
  await rename(photos, join(scratch, "aside"));
  await mkdir(photos);
  const inside = join(photos, "deeper");
  await rename(join(scratch, "aside"), inside);
  await engine.dispose();

  // What is on disk when the process dies right after the list of roots was written.
  const document = join(libraryPath, "roots.json");
  const [root] = JSON.parse(await readFile(document, "utf8")) as [{ id: string; path: string }];
  const cutShort = { ...root, id: "cut-short", path: inside, movedFrom: { id: root.id, path: root.path } };
  await writeFile(document, JSON.stringify([cutShort]));
  const reader = await openStore(libraryPath, { readOnly: true });
  expect(reader.assets.get(ids[0] ?? ("" as never))?.files[0]?.path.startsWith(inside)).toBe(true);
  await reader.close();

  await open();
  expect(await onlyRoot()).toMatchObject({ path: inside, isAvailable: true, fileCount: 13 });
  expect(await rescan()).toMatchObject({ total: 0 });
  // And right after the files were rewritten: nothing is rewritten twice.
  await engine.dispose();
  await writeFile(document, JSON.stringify([cutShort]));
  await open();
  expect(await rescan()).toMatchObject({ total: 0 });
  expect((await allAssets()).map(({ id }) => id).sort()).toEqual(ids);
  expect(JSON.parse(await readFile(document, "utf8"))).toEqual([expect.not.objectContaining({ movedFrom: expect.anything() })]);
  expect(hashFile).not.toHaveBeenCalled();
});

test("the command line names the new place of a missing folder and takes it over", async () => {
  await engine.dispose();
  const [{ path }] = (await cli("index", "list", "--library", libraryPath, "--json")).json<[{ path: string }]>();
  const renamed = join(dirname(path), "under another name");
  await rename(path, renamed);
  const before = await folderState(renamed);
  const list = await cli("index", "list", "--library", libraryPath);
  expect(list.out).toContain("not there; its index is kept");
  expect(list.out).toContain(`seems to be at ${renamed} now`);
  const wrong = await cli("index", "move", path, scratch, "--library", libraryPath);
  expect([wrong.exitCode, wrong.err.trim().split("\n").length]).toEqual([3, 2]);
  expect((await cli("index", "move", renamed, path, "--library", libraryPath)).err).toContain("is not a folder of the library");
  const moved = await cli("index", "move", path, renamed, "--library", libraryPath, "--json");
  expect(moved.json()).toEqual({ from: path, path: renamed, files: 13, found: 13, checked: 13 });
  const run = await cli("index", "run", "--library", libraryPath);
  expect(run.out).toContain("Nothing to do: 12 pictures are measured.");
  expect(await folderState(renamed)).toEqual(before);
  await open();
});

test("a drive that is back is available again without work", async () => {
  const root = await onlyRoot();
  await rename(root.path, join(scratch, "unplugged"));
  await mkdir(root.path);
  expect(await onlyRoot()).toMatchObject({ isAvailable: false });
  await rescan();
  await rm(root.path, { recursive: true });
  await rename(join(scratch, "unplugged"), root.path);
  expect(await onlyRoot()).toMatchObject({ isAvailable: true, fileCount: 13 });
  vi.mocked(hashFile).mockClear();
  expect(await rescan()).toMatchObject({ total: 0 });
  expect(hashFile).not.toHaveBeenCalled();
});

test("a file that is written to while it is read is not taken for what it was", async () => {
  const { path } = await onlyRoot();
  await writePicture(join(path, "growing.png"), 600);
  const { decodeImage: decode } = await vi.importActual<{ decodeImage: typeof decodeImage }>("#main/data/imaging/decode");
  vi.mocked(decodeImage).mockImplementationOnce(async (...args) => {
    await appendFile(join(path, "growing.png"), "more");
    return decode(...args);
  });
  expect(await rescan()).toMatchObject({ issueCount: 1 });
  expect((await client.assets.issues({ limit: 10 })).map(({ message }) => message)).toContain(
    `${join(path, "growing.png")} changed while it was read.`,
  );
  expect(await rescan()).toMatchObject({ issueCount: 0 });
  expect((await assetNamed("growing.png")).id).toBe(await hashFile(join(path, "growing.png")));
});
