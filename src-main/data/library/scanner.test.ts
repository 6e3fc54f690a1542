import { once } from "node:events";
import { chmodSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { hashBytes, hashFile } from "./asset-hash";
import { fileKindOf } from "./file-kinds";
import type { ScannedEntry, ScanOptions } from "./scanner";
import { scanFolder } from "./scanner";

function put(root: string, path: string, content = "x"): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

async function scan(
  root: string,
  options?: ScanOptions,
): Promise<{ found: string[]; skipped: [string, string][]; entries: ScannedEntry[] }> {
  const entries: ScannedEntry[] = [];
  for await (const entry of scanFolder(root, options)) entries.push(entry);
  const found = entries.filter((entry) => entry.kind === "image-candidate").map((entry) => relative(root, entry.path));
  const skipped = entries.flatMap((entry): [string, string][] =>
    entry.kind === "skipped" ? [[relative(root, entry.path), entry.code]] : [],
  );
  return { found, skipped, entries };
}

test("pictures are found, other things passed over, unsupported pictures named", async () => {
  const root = scratchFolder();
  const picture = put(root, "b.JPG", "12345");
  utimesSync(picture, 1_700_000_000, 1_700_000_000.25);
  for (const path of [
    "a.png",
    "deep/er/c.webp",
    "notes.txt",
    ".hidden.png",
    ".git/x.png",
    "$RECYCLE.BIN/y.png",
    "@eaDir/z.png",
    "png",
    "Thumbs.db",
  ])
    put(root, path);
  put(root, "d.heic");
  put(root, "e.psd");
  put(root, "empty.png", "");
  const { found, skipped, entries } = await scan(root);
  expect(found).toEqual(["a.png", "b.JPG", "deep/er/c.webp"]);
  expect(skipped).toEqual([
    ["d.heic", "image/unsupported"],
    ["e.psd", "image/unsupported"],
    ["empty.png", "image/undecodable"],
  ]);
  const entry = entries.find((candidate) => candidate.path === picture);
  expect(entry).toMatchObject({ kind: "image-candidate", sizeBytes: 5, mtimeMs: 1_700_000_000_250 });
  expect(entries.find((candidate) => candidate.path.endsWith("d.heic"))).toMatchObject({ message: expect.stringContaining("HEIC") });
});

test("links: folders once however often and however round, files as files, broken ones named", async () => {
  const root = scratchFolder();
  const outside = scratchFolder();
  put(outside, "far.png");
  put(outside, "more/near.png");
  put(root, "a/one.png");
  symlinkSync(join(root, "a"), join(root, "a", "loop"));
  symlinkSync(root, join(root, "a", "top"));
  symlinkSync(dirname(root), join(root, "up"));
  symlinkSync("/", join(root, "everything"));
  symlinkSync(join(outside, "more"), join(root, "b"));
  symlinkSync(join(outside, "more"), join(root, "c"));
  symlinkSync(join(outside, "far.png"), join(root, "linked.png"));
  symlinkSync(join(root, "nowhere.png"), join(root, "broken.png"));
  symlinkSync(join(root, "nothing"), join(root, "nothing-of-note"));
  symlinkSync("self.png", join(root, "self.png"));
  const { found, skipped } = await scan(root);
  expect(found.sort()).toEqual(["a/one.png", "b/near.png", "linked.png"]);
  expect(skipped.sort()).toEqual([
    ["broken.png", "image/unreadable"],
    ["self.png", "image/unreadable"],
  ]);
});

test("something named like a picture that is no file is not opened", async () => {
  const root = scratchFolder();
  const server = createServer().listen(join(root, "socket.png"));
  await once(server, "listening");
  expect(await scan(root)).toMatchObject({ found: [], skipped: [["socket.png", "image/unreadable"]] });
  server.close();
});

test("names may be long, of any script, and hold line breaks; bytes that are no text are named", async () => {
  const root = scratchFolder();
  const names = [`${"長".repeat(83)}.png`, "new\nline.png", "emoji 🖼.png", 'quote\'s "x".png', " space .png"];
  for (const name of names) put(root, name);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from(".png")]), "x");
  const deep = join(root, ...Array.from({ length: 18 }, () => "d".repeat(200)));
  mkdirSync(deep, { recursive: true });
  put(deep, "deep.png");
  const { found, skipped } = await scan(root);
  expect(found.filter((path) => !path.startsWith("d")).sort()).toEqual([...names].sort());
  expect(found.some((path) => path.endsWith("deep.png"))).toBe(true);
  expect(skipped).toEqual([["bad\uFFFD.png", "image/unreadable"]]);
});

test("a hard link is a file of its own with the same content", async () => {
  const root = scratchFolder();
  const path = put(root, "a.png", "same");
  linkSync(path, join(root, "b.png"));
  expect((await scan(root)).found).toEqual(["a.png", "b.png"]);
  expect(await hashFile(join(root, "b.png"))).toBe(await hashFile(path));
});

test("the library's own folder is not entered", async () => {
  const root = scratchFolder();
  put(root, "a.png");
  put(root, "library/thumbnails/b.png");
  expect((await scan(root, { exclude: [join(root, "library")] })).found).toEqual(["a.png"]);
});

test("a root that is not there, or goes away during the walk, is an error and not an empty folder", async () => {
  const root = scratchFolder();
  await expect(scan(join(root, "nowhere"))).rejects.toMatchObject({ code: "root/not-found" });
  await expect(scan(put(root, "a.png"))).rejects.toMatchObject({ code: "root/not-found" });
  const vanishing = join(root, "drive");
  put(vanishing, "a.png");
  const walk = scanFolder(vanishing);
  await walk.next();
  rmSync(vanishing, { recursive: true });
  await expect(walk.next()).rejects.toMatchObject({ code: "root/not-found" });
});

/** Root may read everything, so as root the work is done with the rights of nobody. */
async function withoutPrivileges<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test("a folder without permission is named under its own path", async () => {
  const root = scratchFolder();
  chmodSync(root, 0o755);
  put(root, "closed/a.png");
  chmodSync(join(root, "closed"), 0);
  expect((await withoutPrivileges(() => scan(root))).skipped).toEqual([["closed", "image/unreadable"]]);
  chmodSync(join(root, "closed"), 0o700);
});

test("stops when asked to", async () => {
  const root = scratchFolder();
  put(root, "a.png");
  await expect(scan(root, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
});

test("changes nothing", async () => {
  const root = scratchFolder();
  const path = put(root, "sub/a.png");
  utimesSync(path, 1, 1);
  const before = statSync(path);
  await scan(root);
  await hashFile(path);
  const after = statSync(path);
  expect([after.mtimeMs, after.ctimeMs, after.size, after.ino]).toEqual([before.mtimeMs, before.ctimeMs, before.size, before.ino]);
  expect(readdirSync(root, { recursive: true })).toEqual(["sub", "sub/a.png"]);
});

test("law: a file's id is the id of its bytes, whatever its size", async () => {
  const root = scratchFolder();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      const path = join(root, "x.png");
      writeFileSync(path, bytes);
      expect(await hashFile(path)).toBe(hashBytes(bytes));
    }),
    { numRuns: 20 },
  );
  const large = new Uint8Array(3_000_001).fill(7);
  writeFileSync(join(root, "large.png"), large);
  expect(await hashFile(join(root, "large.png"))).toBe(hashBytes(large));
  await expect(hashFile(join(root, "gone.png"))).rejects.toMatchObject({
    code: "image/unreadable",
    message: expect.stringContaining("gone.png"),
  });
});

test("law: only the last extension decides, in any case", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z .]{0,8}$/), fc.constantFrom("png", "PNG", "JpEg", "avif"), (stem, extension) => {
      expect(fileKindOf(`${stem}x.${extension}`)).toEqual({ kind: "image" });
      expect(fileKindOf(`${stem}x.${extension}.txt`)).toEqual({ kind: "other" });
    }),
  );
});
