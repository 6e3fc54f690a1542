import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyAnnotation } from "#shared/domain/annotation";
import type { AssetId } from "#shared/domain/asset";
import type { AssetSort } from "#shared/domain/library";
import { brandId } from "#shared/lib/branded-id";
import type { RootId } from "#shared/domain/library";
import { isInFolder } from "./path-test";
import { LibraryIndex } from "./library-index";
import { createLibraryKeys } from "./library-keys";
import { createPictures } from "./pictures";
import { foldText, naturalKey, naturalPathKey } from "./natural-key";
import type { FileRecord } from "./store-types";

const rootA = { id: brandId<RootId>("a"), path: "/pictures", name: "pictures" };
const rootB = { id: brandId<RootId>("b"), path: "/pictures of B", name: "pictures of B" };
const assetOf = (index: number): AssetId => brandId<AssetId>(String(index).padStart(32, "0"));

const fileArbitrary: fc.Arbitrary<FileRecord> = fc
  .record({
    root: fc.constantFrom(rootA, rootB),
    folders: fc.array(fc.constantFrom("x", "y 2", "y 10", "Ä"), { maxLength: 3 }),
    name: fc.constantFrom("1.png", "2.png", "10.png", "B.png", "b.png", "é.png", "E\u0301.png"),
    asset: fc.option(fc.nat(5)),
    mtimeMs: fc.nat(4),
  })
  .map(({ root, folders, name, asset, mtimeMs }) => ({
    path: [root.path, ...folders, name].join("/"),
    rootId: root.id,
    assetId: asset === null ? null : assetOf(asset),
    sizeBytes: 1,
    mtimeMs,
  }));

type Step =
  | { readonly kind: "put"; readonly file: FileRecord }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "look"; readonly sort: AssetSort };
const sortArbitrary = fc.constantFrom<AssetSort>("newest", "oldest", "name", "folder", "rating", "largest", "taken");
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fileArbitrary.map((file): Step => ({ kind: "put", file })) },
  { weight: 2, arbitrary: fileArbitrary.map((file): Step => ({ kind: "remove", path: file.path })) },
  { weight: 2, arbitrary: sortArbitrary.map((sort): Step => ({ kind: "look", sort })) },
);

function indexAfter(steps: readonly Step[]): { index: LibraryIndex; files: Map<string, FileRecord> } {
  const index = new LibraryIndex(createPictures(createLibraryKeys()), {
    isMeasured: () => false,
    annotation: () => emptyAnnotation,
    account: () => null,
    palette: () => [],
  });
  index.setRoots([rootA, rootB], new Set());
  for (let asset = 0; asset <= 5; asset += 1) index.putAsset({ id: assetOf(asset), width: 1, height: 1, format: "png" });
  const files = new Map<string, FileRecord>();
  for (const step of steps) {
    if (step.kind === "put") {
      index.putFile(step.file);
      files.set(step.file.path, step.file);
    } else if (step.kind === "remove") {
      index.removeFile(step.path);
      files.delete(step.path);
    } else {
      index.page({ folder: null, text: null, sort: step.sort, offset: 0, limit: 3 });
    }
  }
  return { index, files };
}

/** The same list the slow way: filter, sort, first file of each asset. */
function listSlowly(files: Iterable<FileRecord>, sort: AssetSort, folder: string | null, text: string | null): AssetId[] {
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const nameOf = (file: FileRecord) => file.path.slice(file.path.lastIndexOf("/") + 1);
  const order: Record<AssetSort, (a: FileRecord, b: FileRecord) => number> = {
    newest: (a, b) => b.mtimeMs - a.mtimeMs,
    oldest: (a, b) => a.mtimeMs - b.mtimeMs,
    name: (a, b) => byText(naturalKey(nameOf(a)), naturalKey(nameOf(b))),
    folder: (a, b) => byText(naturalPathKey(a.path), naturalPathKey(b.path)),
    // Nothing is known of these pictures, so the newest are first.
    rating: (a, b) => b.mtimeMs - a.mtimeMs,
    largest: (a, b) => b.mtimeMs - a.mtimeMs,
    taken: (a, b) => b.mtimeMs - a.mtimeMs,
  };
  const kept = [...files].filter(
    (file) =>
      file.assetId !== null &&
      (folder === null || isInFolder(file.path, folder)) &&
      (text === null || foldText(file.path).includes(foldText(text))),
  );
  kept.sort((a, b) => order[sort](a, b) || byText(a.path, b.path));
  return [...new Set(kept.map((file) => file.assetId as AssetId))];
}

test("law: after any history, any page is the page of a list made from nothing", () => {
  const filterArbitrary = fc.record({
    sort: sortArbitrary,
    folder: fc.constantFrom(null, "/pictures", "/pictures/x", "/pictures/y 2", "/pictures of B", "/picture"),
    text: fc.constantFrom(null, "B.png", "e", "x/", "nothing"),
  });
  fc.assert(
    fc.property(
      fc.array(stepArbitrary, { maxLength: 60 }),
      filterArbitrary,
      fc.nat(4),
      fc.integer({ min: 1, max: 4 }),
      (steps, { sort, folder, text }, offset, limit) => {
        const { index, files } = indexAfter(steps);
        const expected = listSlowly(files.values(), sort, folder, text);
        const page = index.page({ sort, folder, text, offset, limit });
        expect(page.total).toBe(expected.length);
        expect(page.items.map((item) => item.id)).toEqual(expected.slice(offset, offset + limit));
      },
    ),
    { numRuns: 300 },
  );
});

test("law: a folder counts the different pictures in and below it, and parents come first", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 40 }), (steps) => {
      const { index, files } = indexAfter(steps);
      const folders = index.folders();
      for (const folder of folders) {
        const below = [...files.values()].filter((file) => file.assetId !== null && isInFolder(file.path, folder.path));
        expect(folder.count).toBe(new Set(below.map((file) => file.assetId)).size);
        expect(folder.depth === 0 || folders.findIndex((other) => folder.path.startsWith(`${other.path}/`)) < folders.indexOf(folder)).toBe(
          true,
        );
      }
      const withPictures = new Set(
        [...files.values()].flatMap((file) => (file.assetId === null ? [] : [file.path.slice(0, file.path.lastIndexOf("/"))])),
      );
      for (const path of withPictures) expect(folders.some((folder) => folder.path === path)).toBe(true);
    }),
  );
});

test("law: counts, orphans and files of an asset agree with the files", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 40 }), (steps) => {
      const { index, files } = indexAfter(steps);
      const used = new Set([...files.values()].flatMap((file) => file.assetId ?? []));
      expect(index.fileCount()).toBe(files.size);
      expect(index.assetCount).toBe(used.size);
      expect(index.orphans()).toEqual(Array.from({ length: 6 }, (_, asset) => assetOf(asset)).filter((id) => !used.has(id)));
      for (const id of used)
        expect(index.filesOfAsset(id)).toEqual(
          [...files.values()].filter((file) => file.assetId === id).sort((a, b) => (a.path < b.path ? -1 : 1)),
        );
      expect(new Set(index.filesOfRoot(rootA.id))).toEqual(new Set([...files.values()].filter((file) => file.rootId === rootA.id)));
    }),
  );
});

test("an asset is missing when all of its files are on drives that are not there", () => {
  const { index } = indexAfter([
    { kind: "put", file: { path: "/pictures/1.png", rootId: rootA.id, assetId: assetOf(1), sizeBytes: 1, mtimeMs: 1 } },
    { kind: "put", file: { path: "/pictures of B/1.png", rootId: rootB.id, assetId: assetOf(1), sizeBytes: 1, mtimeMs: 1 } },
    { kind: "put", file: { path: "/pictures/2.png", rootId: rootA.id, assetId: assetOf(2), sizeBytes: 1, mtimeMs: 1 } },
  ]);
  index.setRoots([rootA, rootB], new Set([rootA.id]));
  expect([index.summary(assetOf(1))?.isMissing, index.summary(assetOf(2))?.isMissing]).toEqual([false, true]);
});

test("names are ordered as people read them", () => {
  const names = ["IMG_9.png", "img_10.png", "img_010b.png", "Ährchen.png", "Zebra.png", "zebra 2.png", "2 a.png", "10 a.png", "a.png"];
  const sorted = [...names].sort((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1));
  expect(sorted).toEqual([
    "2 a.png",
    "10 a.png",
    "a.png",
    "Ährchen.png",
    "IMG_9.png",
    "img_10.png",
    "img_010b.png",
    "zebra 2.png",
    "Zebra.png",
  ]);
});

test("law: numbers in names are ordered by value", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(3), (a, b, zeros) => {
      const keyA = naturalKey(`x${"0".repeat(zeros)}${a}y`);
      const keyB = naturalKey(`x${b}y`);
      expect(keyA < keyB ? -1 : keyA > keyB ? 1 : 0).toBe(a < b ? -1 : a > b ? 1 : 0);
    }),
  );
});

test("law: a picture is called after the file that came first of those that are left", () => {
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
      const { index, files } = indexAfter(steps);
      const first = new Map<AssetId, string>();
      // A file that is put again comes last, in the index and in this order.
      const inOrder = new Map<string, FileRecord>();
      for (const step of steps) {
        if (step.kind === "look") continue;
        inOrder.delete(step.kind === "put" ? step.file.path : step.path);
        if (step.kind === "put") inOrder.set(step.file.path, step.file);
      }
      for (const { assetId, path } of inOrder.values()) if (assetId !== null && !first.has(assetId)) first.set(assetId, path);
      expect(inOrder.size).toBe(files.size);
      for (const [id, path] of first) expect(path.endsWith(`/${index.summary(id)?.name ?? ""}`)).toBe(true);
    }),
  );
});
