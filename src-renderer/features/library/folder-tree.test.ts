/** @file The tree shows roots, open branches, and nothing below a closed one. */
import { expect, test } from "vitest";
import type { LibraryFolder, WatchedRoot, RootId } from "#shared/domain/library";
import { brandId } from "#shared/lib/branded-id";
import { folderRows } from "./folder-tree";

const id = brandId<RootId>("one");
const root: WatchedRoot = {
  id,
  path: "/a",
  name: "a",
  isSample: false,
  isWatched: true,
  isAvailable: true,
  fileCount: 9,
  watch: { mode: "watching", note: null },
};
const folder = (path: string, depth: number): LibraryFolder => ({ rootId: id, path, name: path.split("/").at(-1) ?? "", depth, count: 1 });
const folders = [folder("/a", 0), folder("/a/b", 1), folder("/a/b/c", 2), folder("/a/d", 1)];
const paths = (open: readonly string[]) => folderRows([root], folders, new Set(open)).map((row) => row.path);

test("closed branches hide everything below them", () => {
  expect(paths([])).toEqual(["/a"]);
  expect(paths(["/a"])).toEqual(["/a", "/a/b", "/a/d"]);
  expect(paths(["/a", "/a/b"])).toEqual(["/a", "/a/b", "/a/b/c", "/a/d"]);
  expect(paths(["/a/b"])).toEqual(["/a"]);
});

test("a root without indexed folders still has its row", () => {
  expect(folderRows([root], [], new Set())).toEqual([
    { path: "/a", name: "a", depth: 0, count: 9, root, hasChildren: false, isOpen: false },
  ]);
});
