import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import { hashBytes } from "../library/asset-hash";
import type { OpenStoreOptions } from "./store";
import { openStore } from "./store";
import type { Store } from "./store-types";

let base: string;
let library: string;
let pictures: string;
const opened: Store[] = [];

const open = async (options?: OpenStoreOptions): Promise<Store> => {
  const store = await openStore(library, options);
  opened.push(store);
  return store;
};

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "semblance-store-"));
  library = join(base, "library");
  pictures = join(base, "pictures");
  mkdirSync(pictures);
  writeFileSync(join(pictures, "a.png"), "a");
});

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(base, { recursive: true, force: true });
});

const idOf = (name: string): AssetId => hashBytes(new TextEncoder().encode(name));

const recipe: FeatureRecipe & { name: string; modelName: string } = {
  metric: "starter-style",
  family: "starter",
  modelSha256: "abc",
  mode: "corrected",
  precision: "float32",
  tap: "pooled",
  imageSize: 224,
  parameters: {},
  version: 1,
  name: "Starter style",
  modelName: "starter",
};

/** Adds files (path below the root -> content) as an indexing run would. */
async function addFiles(store: Store, files: Readonly<Record<string, string>>): Promise<void> {
  const [known] = await store.roots.list();
  const root = known ?? (await store.roots.add(pictures, { isSample: false }));
  const contents = [...new Set(Object.values(files))];
  await store.assets.upsert(contents.map((content, index) => ({ id: idOf(content), width: 100 + index, height: 80, format: "png" })));
  const records = Object.entries(files).map(([path, content], index) => ({
    path: join(pictures, path),
    rootId: root.id,
    assetId: idOf(content),
    sizeBytes: 10,
    mtimeMs: 1_000 + index,
  }));
  await store.files.upsert(records);
}

const listAll = { folder: null, text: null, sort: "name", offset: 0, limit: 100 } as const;

describe("a library on disk", () => {
  test("is the same after it was closed and opened again", async () => {
    const store = await open();
    await addFiles(store, { "b.png": "b", "sub/a10.png": "a10", "sub/a9.png": "a9", "copy of b.png": "b" });
    await store.files.upsert([
      { path: join(pictures, "broken.png"), rootId: (await store.roots.list())[0]!.id, assetId: null, sizeBytes: 3, mtimeMs: 5 },
    ]);
    await store.issues.replaceFor(
      [],
      [
        {
          path: join(pictures, "broken.png"),
          rootId: (await store.roots.list())[0]!.id,
          code: "image/undecodable",
          message: "broken.png is not a picture.",
        },
      ],
    );
    const recipeId = await store.recipes.put(recipe);
    const table = await store.embeddings(recipeId, 3);
    await table.upsert([{ assetId: idOf("b"), vector: Float32Array.of(1, 0, 0) }]);
    const before = {
      page: store.assets.page(listAll),
      folders: store.assets.folders(),
      issues: store.issues.list(10),
      detail: store.assets.get(idOf("b")),
    };
    expect(before.page.items.map((item) => [item.name, item.isMeasured])).toEqual([
      ["a9.png", false],
      ["a10.png", false],
      ["b.png", true],
    ]);
    expect(before.page.total).toBe(3);
    expect(before.detail?.files.map((file) => file.path)).toEqual([join(pictures, "b.png"), join(pictures, "copy of b.png")]);
    expect(before.detail?.measuredWith).toEqual([{ metric: "starter-style", model: "starter", recipeId }]);
    expect(before.folders.map(({ name, depth, count }) => [name, depth, count])).toEqual([
      ["pictures", 0, 3],
      ["sub", 1, 2],
    ]);
    await store.close();

    const again = await open();
    expect({
      page: again.assets.page(listAll),
      folders: again.assets.folders(),
      issues: again.issues.list(10),
      detail: again.assets.get(idOf("b")),
    }).toEqual(before);
    expect(again.files.get(join(pictures, "broken.png"))?.assetId).toBeNull();
    expect(again.recipes.list().map(({ id, name }) => [id, name])).toEqual([[recipeId, "Starter style"]]);
    expect(await (await again.embeddings(recipeId, 3)).get([idOf("b"), idOf("a9")])).toEqual(
      new Map([[idOf("b"), Float32Array.of(1, 0, 0)]]),
    );
  });

  test("answers pages by folder, text and order", async () => {
    const store = await open();
    await addFiles(store, { "x/Émile 2.png": "1", "x/emile 10.png": "2", "y/Zoo.png": "3", "y/copy.png": "1" });
    const names = (request: Partial<Parameters<Store["assets"]["page"]>[0]>) =>
      store.assets.page({ ...listAll, ...request }).items.map((item) => item.name);
    expect(names({})).toEqual(["copy.png", "Émile 2.png", "emile 10.png", "Zoo.png"].filter((name) => name !== "Émile 2.png"));
    expect(names({ folder: join(pictures, "x") })).toEqual(["Émile 2.png", "emile 10.png"]);
    expect(names({ text: "EMILE pictures" })).toEqual(["Émile 2.png", "emile 10.png"]);
    expect(names({ sort: "newest" })).toEqual(["copy.png", "Zoo.png", "emile 10.png"]);
    expect(names({ sort: "oldest", offset: 1, limit: 1 })).toEqual(["emile 10.png"]);
    expect(names({ sort: "folder" })).toEqual(["Émile 2.png", "emile 10.png", "Zoo.png"]);
    expect(store.assets.page({ ...listAll, folder: join(pictures, "y") }).total).toBe(2);
    expect(store.assets.ids({ folder: join(pictures, "x"), text: "10" })).toEqual([idOf("2")]);
  });

  test("a moved file keeps its asset, a deleted one loses it with its vector", async () => {
    const store = await open();
    await addFiles(store, { "old.png": "m", "gone.png": "g" });
    const table = await store.embeddings(await store.recipes.put(recipe), 2);
    await table.upsert([
      { assetId: idOf("m"), vector: Float32Array.of(1, 0) },
      { assetId: idOf("g"), vector: Float32Array.of(0, 1) },
    ]);
    await addFiles(store, { "new.png": "m" });
    await store.files.remove([join(pictures, "old.png"), join(pictures, "gone.png")]);
    expect(store.assets.get(idOf("g"))?.isMissing).toBe(true);
    expect(await store.assets.removeOrphans()).toEqual([idOf("g")]);
    expect(store.assets.page(listAll).items.map((item) => item.name)).toEqual(["new.png"]);
    expect(await table.missing([idOf("m"), idOf("g")])).toEqual([idOf("g")]);
    expect(store.assets.get(idOf("g"))).toBeNull();
  });

  test("a file never comes before its asset", async () => {
    const store = await open();
    const root = await store.roots.add(pictures, { isSample: false });
    await expect(
      store.files.upsert([{ path: join(pictures, "a.png"), rootId: root.id, assetId: idOf("a"), sizeBytes: 1, mtimeMs: 1 }]),
    ).rejects.toThrow(/stored before its file/);
    expect(store.files.count()).toBe(0);
  });

  test("paths with quotes, line breaks and other scripts are kept apart and can be removed", async () => {
    const store = await open();
    const odd = ["it's.png", "it''s.png", "a\\b.png", "new\nline.png", "日本語.png", "%_.png", '"q".png', "e\u0301.png", "\u00e9.png"];
    await addFiles(store, Object.fromEntries(odd.map((name) => [name, name])));
    await store.files.remove(odd.slice(0, 4).map((name) => join(pictures, name)));
    await store.close();
    const again = await open();
    expect(
      again.files
        .byRoot((await again.roots.list())[0]!.id)
        .map((file) => file.path)
        .sort(),
    ).toEqual(
      odd
        .slice(4)
        .map((name) => join(pictures, name))
        .sort(),
    );
  });
});

describe("roots", () => {
  test("may not overlap, be missing, be files, or lie in the library", async () => {
    const store = await open();
    mkdirSync(join(pictures, "sub"));
    await store.roots.add(join(pictures, "sub"), { isSample: false });
    await expect(store.roots.add(join(pictures, "sub"), { isSample: false })).rejects.toMatchObject({
      code: "root/overlaps",
      message: expect.stringContaining("already in the library"),
    });
    await expect(store.roots.add(pictures, { isSample: false })).rejects.toMatchObject({
      code: "root/overlaps",
      message: expect.stringContaining("contains"),
    });
    await expect(store.roots.add(library, { isSample: false })).rejects.toMatchObject({ code: "root/overlaps" });
    await expect(store.roots.add(join(base, "nowhere"), { isSample: false })).rejects.toMatchObject({ code: "root/not-found" });
    await expect(store.roots.add(join(pictures, "a.png"), { isSample: false })).rejects.toMatchObject({ code: "root/not-found" });
    mkdirSync(join(base, "pictures and more"));
    expect((await store.roots.add(join(base, "pictures and more"), { isSample: true })).isSample).toBe(true);
  });

  test("removing one forgets its files, issues and vectors, and nothing on disk below it", async () => {
    const store = await open();
    await addFiles(store, { "a.png": "a", "b.png": "b" });
    const root = (await store.roots.list())[0]!;
    await store.issues.replaceFor([], [{ path: join(pictures, "c.heic"), rootId: root.id, code: "image/unsupported", message: "no" }]);
    const table = await store.embeddings(await store.recipes.put(recipe), 2);
    await table.upsert([{ assetId: idOf("a"), vector: Float32Array.of(1, 0) }]);
    expect(await store.roots.remove(root.id)).toEqual({ removedFiles: 2 });
    expect([store.files.count(), store.assets.count(), store.issues.count(), await table.count()]).toEqual([0, 0, 0, 0]);
    expect(readdirSync(pictures)).toEqual(["a.png"]);
    await expect(store.roots.remove(root.id)).rejects.toMatchObject({ code: "root/not-found" });
  });

  test("an unplugged drive leaves its pictures in the library, marked as missing", async () => {
    const store = await open();
    await addFiles(store, { "a.png": "a" });
    rmSync(join(pictures, "a.png"));
    expect((await store.roots.list())[0]?.isAvailable).toBe(false);
    expect(store.assets.page(listAll).items[0]?.isMissing).toBe(true);
    rmSync(pictures, { recursive: true });
    expect((await store.roots.list())[0]?.isAvailable).toBe(false);
    mkdirSync(pictures);
    writeFileSync(join(pictures, "a.png"), "a");
    expect((await store.roots.list())[0]?.isAvailable).toBe(true);
    expect(store.assets.page(listAll).items[0]?.isMissing).toBe(false);
  });
});

describe("opening", () => {
  test("twice is refused by name of the process, read-only is allowed and writes nothing", async () => {
    const store = await open();
    await addFiles(store, { "a.png": "a" });
    await expect(openStore(library)).rejects.toMatchObject({
      code: "library/locked",
      message: expect.stringContaining(`process ${process.pid}`),
      hint: expect.stringContaining("--read-only"),
    });
    const reader = await open({ readOnly: true, renderThumbnail: async () => new Uint8Array([1]) });
    expect(reader.assets.page(listAll).total).toBe(1);
    await expect(reader.files.remove([join(pictures, "a.png")])).rejects.toMatchObject({ code: "library/read-only" });
    await expect(reader.roots.remove((await reader.roots.list())[0]!.id)).rejects.toMatchObject({ code: "library/read-only" });
    const thumbnail = await reader.thumbnails.ensure(idOf("a"), 256, join(pictures, "a.png"));
    expect(thumbnail.startsWith(library)).toBe(false);
    expect(readdirSync(library)).not.toContain("thumbnails");
  });

  test("a library that is not there cannot be opened read-only, and is not made", async () => {
    await expect(openStore(library, { readOnly: true })).rejects.toMatchObject({ code: "library/not-found" });
    expect(readdirSync(base)).toEqual(["pictures"]);
  });

  test("a folder with somebody's things is never turned into a library", async () => {
    await expect(openStore(pictures)).rejects.toMatchObject({ code: "usage/invalid", message: expect.stringContaining("a.png") });
    await expect(openStore(join(pictures, "a.png"))).rejects.toMatchObject({ code: "usage/invalid" });
    expect(readdirSync(pictures)).toEqual(["a.png"]);
  });

  test("a library of a newer program is left alone", async () => {
    await (await open()).close();
    writeFileSync(join(library, "library.json"), JSON.stringify({ format: 99, createdMs: 1 }));
    await expect(openStore(library)).rejects.toMatchObject({ code: "library/corrupt", message: expect.stringContaining("newer") });
    expect(readdirSync(library)).not.toContain("lock");
  });

  test("a damaged list of jobs is history lost, not a library lost", async () => {
    const store = await open();
    await addFiles(store, { "a.png": "a" });
    await store.close();
    writeFileSync(join(library, "jobs.json"), '[{"id": ');
    const again = await open();
    expect(again.jobs.list()).toEqual([]);
    expect(again.assets.count()).toBe(1);
  });

  test("a table whose making was cut short is no table, and is made again", async () => {
    const store = await open();
    await addFiles(store, { "b.png": "b" });
    const recipeId = await store.recipes.put(recipe);
    await store.close();
    for (const part of ["_versions", "_transactions"])
      mkdirSync(join(library, "tables", `vectors_${recipeId}.lance`, part), { recursive: true });
    writeFileSync(join(library, "tables", `vectors_${recipeId}.lance`, "_transactions", "0-half.txn"), "");
    const looking = await open({ readOnly: true });
    expect(looking.assets.count()).toBe(1);
    const again = await open();
    const table = await again.embeddings(recipeId, 3);
    await table.upsert([{ assetId: idOf("b"), vector: Float32Array.of(1, 0, 0) }]);
    expect(await table.count()).toBe(1);
  });

  test("a library whose making was cut short between its tables is completed", async () => {
    await (await open()).close();
    rmSync(join(library, "library.json"));
    rmSync(join(library, "tables", "files.lance"), { recursive: true });
    const store = await open();
    await addFiles(store, { "b.png": "b" });
    expect([store.assets.count(), store.files.count()]).toEqual([1, 1]);
  });

  test("a library reached through a link is still recognised as the folder that cannot be a root", async () => {
    symlinkSync(base, join(base, "link"));
    library = join(base, "link", "library");
    const store = await open();
    mkdirSync(join(base, "library", "thumbnails"), { recursive: true });
    await expect(store.roots.add(join(base, "library", "thumbnails"), { isSample: false })).rejects.toMatchObject({
      code: "root/overlaps",
    });
  });

  test.each([
    ["library.json", (path: string) => writeFileSync(join(path, "library.json"), "{")],
    ["roots.json", (path: string) => writeFileSync(join(path, "roots.json"), "[{}]")],
    ["a table's manifest", (path: string) => scribble(join(path, "tables", "files.lance", "_versions"))],
    ["a table's rows", (path: string) => scribble(join(path, "tables", "files.lance", "data"))],
    ["a missing table", (path: string) => rmSync(join(path, "tables", "assets.lance"), { recursive: true })],
  ])("garbage in %s is named, with what to do, and nothing is deleted", async (_, damage) => {
    const store = await open();
    await addFiles(store, { "a.png": "a" });
    await store.close();
    damage(library);
    const before = readdirSync(library, { recursive: true }).sort();
    await expect(openStore(library)).rejects.toMatchObject({
      code: "library/corrupt",
      hint: expect.stringContaining("Move this folder away"),
    });
    expect(readdirSync(library, { recursive: true }).sort()).toEqual(before);
  });
});

/** Overwrites every file of a folder with bytes that mean nothing. */
function scribble(folder: string): void {
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "garbage garbage garbage garbage");
}
