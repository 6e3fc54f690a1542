import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFileBudget } from "./file-budget";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "semblance-budget-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, sizeBytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, new Uint8Array(sizeBytes));
  return path;
}

test("a folder over its budget loses what was not used for longest, files of earlier runs included", async () => {
  const old = file("old", 40);
  utimesSync(old, 1, 1);
  const used = file("used", 40);
  utimesSync(used, 2, 2);
  const budget = createFileBudget(folder, 100);
  const first = file("first", 10);
  await budget.written(first, 10);
  expect([old, used, first].every(existsSync)).toBe(true);
  budget.used(used);
  const second = file("second", 20);
  await budget.written(second, 20);
  expect([existsSync(old), existsSync(used), existsSync(first), existsSync(second)]).toEqual([false, true, true, true]);
});

test("a file that is written again counts once, and a removed one no more", async () => {
  const budget = createFileBudget(folder, 100);
  const again = file("again", 60);
  await budget.written(again, 60);
  await budget.written(again, 60);
  expect(existsSync(again)).toBe(true);
  const gone = file("gone", 30);
  await budget.written(gone, 30);
  rmSync(gone);
  budget.removed([gone]);
  const last = file("last", 30);
  await budget.written(last, 30);
  expect([again, last].every(existsSync)).toBe(true);
});

test("a smaller budget holds from the next trim on", async () => {
  const [old, recent] = [file("old", 40), file("recent", 40)];
  utimesSync(old, 1, 1);
  const budget = createFileBudget(folder, 100);
  await budget.trim();
  expect([old, recent].every(existsSync)).toBe(true);
  budget.setBytes(50);
  await budget.trim();
  expect([existsSync(old), existsSync(recent), budget.bytes]).toEqual([false, true, 50]);
  budget.setBytes(0);
  await budget.trim();
  expect(await budget.list()).toEqual([]);
});

test("room is made whatever the budget, but not from the file that is being written", async () => {
  const [spared, old, recent] = [file("spared", 40), file("old", 40), file("recent", 40)];
  [spared, old].forEach((path, age) => utimesSync(path, 1 + age, 1 + age));
  const budget = createFileBudget(folder, 1000);
  expect(await budget.free(10, spared)).toBe(40);
  expect([spared, old, recent].map((path) => existsSync(path))).toEqual([true, false, true]);
  expect(await budget.free(1000, spared)).toBe(40);
  expect(await budget.free(1000, spared)).toBe(0);
});

test("a folder below is cleared alone", async () => {
  mkdirSync(join(folder, "a"));
  mkdirSync(join(folder, "ab"));
  const [one, other] = [file("a/one", 10), file("ab/other", 20)];
  const budget = createFileBudget(folder, 100);
  expect(await budget.clear(join(folder, "a"))).toEqual({ files: 1, bytes: 10 });
  expect([existsSync(one), existsSync(other)]).toEqual([false, true]);
  expect(await budget.list()).toEqual([{ path: other, sizeBytes: 20 }]);
});
