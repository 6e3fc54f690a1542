import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { hashBytes } from "../library/asset-hash";
import { removeStaleTemporaryFiles } from "./content-path";
import { createOutsideImages } from "./outside-images";
import { createThumbnailStore } from "./thumbnails";

const id = "ab".repeat(16) as AssetId;

test("a thumbnail is rendered once per size, however many ask at once, and again after it failed", async () => {
  const folder = scratchFolder();
  const render = vi.fn(async (_source: string, longSide: number) => Uint8Array.of(longSide % 251));
  const thumbnails = createThumbnailStore({ folder, writableFolder: folder, render });
  render.mockRejectedValueOnce(new Error("not a picture"));
  await expect(Promise.all([thumbnails.ensure(id, 256, "/a.png"), thumbnails.ensure(id, 256, "/a.png")])).rejects.toThrow("not a picture");
  const paths = await Promise.all([
    thumbnails.ensure(id, 256, "/a.png"),
    thumbnails.ensure(id, 256, "/copy of a.png"),
    thumbnails.ensure(id, 512, "/a.png"),
  ]);
  expect(paths).toEqual([thumbnails.path(id, 256), thumbnails.path(id, 256), thumbnails.path(id, 512)]);
  expect([...readFileSync(paths[0])]).toEqual([256 % 251]);
  await thumbnails.ensure(id, 256, "/a.png");
  expect(render).toHaveBeenCalledTimes(3);
  await thumbnails.removeAssets([id]);
  expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".webp"))).toEqual([]);
});

test("a library that may not be written shows its own thumbnails and keeps new ones elsewhere", async () => {
  const folder = scratchFolder();
  const elsewhere = scratchFolder();
  const render = async () => Uint8Array.of(1);
  await createThumbnailStore({ folder, writableFolder: folder, render }).ensure(id, 256, "/a.png");
  const before = readdirSync(folder, { recursive: true });
  const readOnly = createThumbnailStore({ folder, writableFolder: elsewhere, render });
  expect((await readOnly.ensure(id, 256, "/a.png")).startsWith(folder)).toBe(true);
  expect((await readOnly.ensure(id, 1024, "/a.png")).startsWith(elsewhere)).toBe(true);
  expect(readdirSync(folder, { recursive: true })).toEqual(before);
});

test("pictures from outside are kept by content, the oldest dropped beyond the bound", async () => {
  const folder = scratchFolder();
  const outside = createOutsideImages(folder, 3);
  const bytes = (index: number) => new TextEncoder().encode(`picture ${index}`);
  const ids: AssetId[] = [];
  for (let index = 0; index < 3; index += 1) {
    ids.push(await outside.put(bytes(index)));
    utimesSync((await outside.path(ids[index]!))!, 1_000 + index, 1_000 + index);
  }
  expect(ids[0]).toBe(hashBytes(bytes(0)));
  await outside.put(bytes(0)); // asked with again: now the newest
  await outside.put(bytes(3));
  expect(await Promise.all(ids.map(async (known) => (await outside.path(known)) !== null))).toEqual([true, false, true]);
  expect(readFileSync((await outside.path(ids[0]!))!)).toEqual(Buffer.from(bytes(0)));
  expect(await outside.path(id)).toBeNull();
});

test("what a killed write left behind is nobody's thumbnail, and is swept once it is old", async () => {
  const folder = scratchFolder();
  const thumbnails = createThumbnailStore({ folder, writableFolder: folder, render: async () => Uint8Array.of(9) });
  const path = await thumbnails.ensure(id, 256, "/a.png");
  const [old, young] = ["old", "young"].map((name) => join(path, "..", `.${id}.webp.1.${name}.tmp`)) as [string, string];
  for (const leftover of [old, young]) writeFileSync(leftover, "half");
  utimesSync(old, 1_000, 1_000);
  expect(await thumbnails.ensure(id, 256, "/a.png")).toBe(path);
  await removeStaleTemporaryFiles(folder);
  expect([existsSync(old), existsSync(young), existsSync(path)]).toEqual([false, true, true]);
});
