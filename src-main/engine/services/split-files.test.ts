/** @file Copying and moving files of a check: names that are taken, disks that are full or read-only, and taking it all back. Contents are any bytes. */
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FileOrder, SplitFile } from "#shared/domain/split-files";
import { hashBytes } from "#main/data/library/asset-hash";
import { openStore, type Store } from "#main/data/store/store";
import { diskFilePlacer, type FilePlacer } from "#main/platform/place-file";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { createSplitFilesService } from "./split-files-service";

const scratch = scratchFolder();
let home: string;
let target: string;
let store: Store;
let number = 0;

beforeEach(async () => {
  home = join(scratch, String((number += 1)));
  target = join(home, "picked", "best");
  store = await openStore(join(home, "library"));
});
afterEach(() => store.close());

/** Writes a file and says whose bytes it has. */
async function file(path: string, text: string): Promise<SplitFile> {
  const full = join(home, path);
  await mkdir(join(full, ".."), { recursive: true });
  await writeFile(full, text);
  return { assetId: hashBytes(Buffer.from(text)), path: full };
}

const order = (kind: FileOrder["kind"], files: readonly SplitFile[], isNumbered = false): FileOrder => ({
  kind,
  files: [...files],
  folder: target,
  isNumbered,
});
const names = (folder: string): Promise<string[]> => readdir(folder).then((all) => all.sort());
const textOf = (path: string): Promise<string> => readFile(path, "utf8");

/** A disk on which the call number `failing` to copy, from 0 on, ends with this error. */
function failingDisk(failing: number, code: string): FilePlacer {
  let calls = 0;
  return {
    ...diskFilePlacer,
    async copy(from, to) {
      if (calls++ === failing) throw Object.assign(new Error(code), { code });
      await diskFilePlacer.copy(from, to);
    },
  };
}

const otherDisk: FilePlacer = {
  ...diskFilePlacer,
  move: () => Promise.reject(Object.assign(new Error("another disk"), { code: "EXDEV" })),
};

describe("copying", () => {
  test("leaves originals as they are and gives copies their times; undo removes copies and the folders made for them", async () => {
    const service = createSplitFilesService(store);
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl")];
    await utimes(files[0]?.path ?? "", 1_600_000_000, 1_600_000_000);
    const { act } = await service.carryOut(order("copy", files));
    expect(await names(target)).toEqual(["fox.png", "owl.png"]);
    expect((await stat(join(target, "fox.png"))).mtimeMs).toBe(1_600_000_000_000);
    expect(await names(join(home, "a"))).toEqual(["fox.png", "owl.png"]);
    expect(act).toMatchObject({ kind: "copy", madeFolder: join(home, "picked") });
    expect(await service.undo(null)).toMatchObject({
      undone: [{ to: join(target, "fox.png") }, { to: join(target, "owl.png") }],
      left: [],
    });
    expect(await names(home)).toEqual(["a", "library"]);
    await expect(service.undo(null)).rejects.toMatchObject({ code: "usage/invalid", message: "There is nothing to take back." });
  });

  test("does nothing while a name is taken, numbers it when asked, and knows what lies there already", async () => {
    const service = createSplitFilesService(store);
    const files = [await file("a/fox.png", "red fox"), await file("b/FOX.png", "grey fox"), await file("c/owl.png", "owl")];
    await file("picked/best/owl.png", "owl");
    await expect(service.carryOut(order("copy", files))).rejects.toMatchObject({
      code: "usage/invalid",
      message: `Nothing was done: in ${target} there is something else called FOX.png.`,
    });
    expect(await names(target)).toEqual(["owl.png"]);
    const { plan } = await service.carryOut(order("copy", files, true));
    expect(plan).toMatchObject({ conflicts: [], present: [files[2]?.path] });
    expect(await names(target)).toEqual(["FOX (2).png", "fox.png", "owl.png"]);
    expect(await textOf(join(target, "FOX (2).png"))).toBe("grey fox");
    // A second time there is nothing to do, and nothing to take back twice.
    expect(await service.carryOut(order("copy", files, true))).toMatchObject({ act: null });
    await service.undo(null);
    expect(await names(target)).toEqual(["owl.png"]);
  });

  test("undo leaves a copy that was changed, and leaves out what was judged but is different now", async () => {
    const service = createSplitFilesService(store);
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl"), await file("a/elk.png", "elk")];
    await writeFile(files[2]?.path ?? "", "another elk");
    const { plan } = await service.carryOut(order("copy", [...files, { ...(files[0] as SplitFile), path: join(home, "a/gone.png") }]));
    expect(plan.skipped.map(({ path, reason }) => [basename(path), reason])).toEqual([
      ["elk.png", "it has changed since it was judged"],
      ["gone.png", "it is not there any more"],
    ]);
    await writeFile(join(target, "owl.png"), "retouched owl");
    expect(await service.undo(null)).toMatchObject({
      undone: [{ to: join(target, "fox.png") }],
      left: [{ path: join(target, "owl.png"), reason: "it has changed since it was copied" }],
    });
    expect(await textOf(join(target, "owl.png"))).toBe("retouched owl");
  });

  test("a disk that becomes full keeps what was copied, which can be taken back; one that cannot be written is left as it was", async () => {
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl"), await file("a/elk.png", "elk")];
    await expect(createSplitFilesService(store, failingDisk(2, "ENOSPC")).carryOut(order("copy", files))).rejects.toMatchObject({
      code: "disk/full",
      hint: expect.stringContaining("2 of 3 files were copied; Undo takes that back.") as string,
    });
    expect(await names(target)).toEqual(["fox.png", "owl.png"]);
    expect((await createSplitFilesService(store).undo(null)).undone).toHaveLength(2);
    await expect(createSplitFilesService(store, failingDisk(0, "EROFS")).carryOut(order("copy", files))).rejects.toMatchObject({
      code: "disk/read-only",
    });
    expect(await names(home)).toEqual(["a", "library"]);
    expect(store.fileActs.list()).toEqual([]);
  });

  test("is stopped between two files", async () => {
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl")];
    const stop = new AbortController();
    const placer: FilePlacer = {
      ...diskFilePlacer,
      async copy(from, to) {
        await diskFilePlacer.copy(from, to);
        stop.abort(new Error("stopped"));
      },
    };
    await expect(createSplitFilesService(store, placer).carryOut(order("copy", files), stop.signal)).rejects.toThrow("stopped");
    expect(await names(target)).toEqual(["fox.png"]);
    expect(store.fileActs.list()).toMatchObject([{ steps: [{ from: files[0]?.path }] }]);
  });

  test("goes into no library and no file, and wants one that can be written", async () => {
    const service = createSplitFilesService(store);
    const files = [await file("a/fox.png", "fox")];
    const to = (folder: string): FileOrder => ({ ...order("copy", files), folder });
    await expect(service.plan(to(join(store.libraryPath, "best")))).rejects.toMatchObject({ code: "usage/invalid" });
    await expect(service.plan(to(files[0]?.path ?? ""))).rejects.toMatchObject({ code: "usage/invalid" });
    const reader = await openStore(store.libraryPath, { readOnly: true });
    await expect(createSplitFilesService(reader).carryOut(order("copy", files))).rejects.toMatchObject({ code: "library/read-only" });
    await reader.close();
    expect(await names(home)).toEqual(["a", "library"]);
  });
});

describe.each([
  ["on the same disk", diskFilePlacer],
  ["to another disk", otherDisk],
])("moving %s", (_, placer) => {
  test("moves, and moves back to where it was, though the folder is gone", async () => {
    const service = createSplitFilesService(store, placer);
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl")];
    await service.carryOut(order("move", files));
    expect([await names(target), await names(join(home, "a"))]).toEqual([["fox.png", "owl.png"], []]);
    await rm(join(home, "a"), { recursive: true });
    await writeFile(join(target, "owl.png"), "retouched owl");
    expect((await service.undo(null)).undone).toHaveLength(2);
    expect([await textOf(files[0]?.path ?? ""), await textOf(files[1]?.path ?? "")]).toEqual(["fox", "retouched owl"]);
    expect(await names(home)).toEqual(["a", "library"]);
  });

  test("back is refused as a whole while something is in the way", async () => {
    const service = createSplitFilesService(store, placer);
    const files = [await file("a/fox.png", "fox"), await file("a/owl.png", "owl")];
    await service.carryOut(order("move", files));
    await file("a/owl.png", "another owl");
    await expect(service.undo(null)).rejects.toMatchObject({
      code: "usage/invalid",
      message: `Nothing was taken back: something else lies at ${files[1]?.path ?? ""} now.`,
    });
    expect(await names(target)).toEqual(["fox.png", "owl.png"]);
    expect(await textOf(join(home, "a/owl.png"))).toBe("another owl");
  });
});

test("a move that was cut short between its two halves is taken back", async () => {
  const service = createSplitFilesService(store);
  const files = [await file("a/fox.png", "fox")];
  await service.carryOut(order("move", files));
  await file("a/fox.png", "fox");
  expect((await service.undo(null)).undone).toHaveLength(1);
  expect(await names(home)).toEqual(["a", "library"]);
});

test("pictures of the sample library and links are not moved", async () => {
  const files = [await file("sample/fox.png", "fox"), await file("a/owl.png", "owl")];
  await store.roots.add(join(home, "sample"), { isSample: true });
  await symlink(files[1]?.path ?? "", join(home, "a/link.png"));
  const { steps, skipped } = await createSplitFilesService(store).plan(
    order("move", [...files, { assetId: hashBytes(Buffer.from("owl")), path: join(home, "a/link.png") }]),
  );
  expect(steps.map(({ from }) => basename(from))).toEqual(["owl.png"]);
  expect(skipped.map(({ path }) => basename(path))).toEqual(["fox.png", "link.png"]);
});

test("no two files get one name, and none gets a name that is taken", async () => {
  const service = createSplitFilesService(store);
  const name = fc.constantFrom("fox.png", "Fox.png", "fox (2).png", "fox", "é.png", "e\u{301}.png");
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 6 }), fc.uniqueArray(name, { maxLength: 3 }), async (wanted, taken) => {
      const folder = `round-${(round += 1)}`;
      for (const each of taken) await file(`${folder}/target/${each}`, `taken ${each}`);
      const files: SplitFile[] = [];
      for (const [index, each] of wanted.entries()) files.push(await file(`${folder}/${index}/${each}`, `${round} ${index}`));
      const { steps, conflicts } = await service.plan({ ...order("copy", files, true), folder: join(home, folder, "target") });
      const keys = [...taken, ...steps.map(({ to }) => basename(to))].map((each) => each.normalize("NFC").toLowerCase());
      expect(conflicts).toEqual([]);
      expect(steps).toHaveLength(files.length);
      expect(new Set(keys.slice(taken.length)).size).toBe(steps.length);
      for (const { to } of steps) expect(taken).not.toContain(basename(to));
    }),
    { numRuns: 15 },
  );
});
