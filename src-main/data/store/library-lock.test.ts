import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { processStart } from "../../platform/process-start";
import { acquireLibraryLock } from "./library-lock";

const lockOf = (folder: string) => join(folder, "lock");
const write = (folder: string, owner: object) =>
  writeFileSync(lockOf(folder), JSON.stringify({ id: "someone", hostname: hostname(), ...owner }));

/** A number that no process has any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid!;
}

test("is held by one at a time and free again after release", async () => {
  const folder = scratchFolder();
  const lock = await acquireLibraryLock(folder);
  await expect(acquireLibraryLock(folder)).rejects.toMatchObject({
    code: "library/locked",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  await lock.release();
  expect(existsSync(lockOf(folder))).toBe(false);
  await (await acquireLibraryLock(folder)).release();
});

test("is taken over from a process that is gone", async () => {
  const folder = scratchFolder();
  write(folder, { pid: await deadPid(), processStart: "boot:1" });
  const lock = await acquireLibraryLock(folder);
  expect(JSON.parse(readFileSync(lockOf(folder), "utf8")).pid).toBe(process.pid);
  await lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("is taken over when the number now belongs to another process", async () => {
  const folder = scratchFolder();
  write(folder, { pid: process.pid, processStart: "an earlier start" });
  await (await acquireLibraryLock(folder)).release();
  write(folder, { pid: process.pid, processStart: await processStart(process.pid) });
  await expect(acquireLibraryLock(folder)).rejects.toMatchObject({ code: "library/locked" });
});

test("of another machine is never taken over, and the hint names the file", async () => {
  const folder = scratchFolder();
  write(folder, { pid: await deadPid(), processStart: "boot:1", hostname: "another-machine" });
  await expect(acquireLibraryLock(folder)).rejects.toMatchObject({
    code: "library/locked",
    message: expect.stringContaining("another-machine"),
    hint: expect.stringContaining(lockOf(folder)),
  });
});

test("that was torn by a crash is taken over once it is old", async () => {
  const folder = scratchFolder();
  writeFileSync(lockOf(folder), '{"pid": 1');
  utimesSync(lockOf(folder), 1, 1);
  const lock = await acquireLibraryLock(folder);
  expect(JSON.parse(readFileSync(lockOf(folder), "utf8")).pid).toBe(process.pid);
  await lock.release();
});

test("is not released by somebody who lost it", async () => {
  const folder = scratchFolder();
  const lock = await acquireLibraryLock(folder);
  write(folder, { pid: 1, processStart: "x", id: "another" });
  await lock.release();
  expect(existsSync(lockOf(folder))).toBe(true);
});

test("of many processes that find a stale lock at once, one gets it", async () => {
  const folder = scratchFolder();
  const pid = await deadPid();
  const script = join(import.meta.dirname, "../../../tests/support/lock-contender.ts");
  for (let round = 0; round < 2; round += 1) {
    write(folder, { pid, processStart: "boot:1" });
    const children = Array.from({ length: 4 }, () => fork(script, [folder], { execArgv: ["--import", "tsx"], silent: true }));
    await Promise.all(children.map((child) => once(child, "message")));
    const answers = children.map((child) => once(child, "message"));
    for (const child of children) child.send("go");
    const outcomes = (await Promise.all(answers)).map(([outcome]) => outcome as string);
    expect(outcomes.sort()).toEqual(["held", "library/locked", "library/locked", "library/locked"]);
    const exits = children.map((child) => once(child, "exit"));
    for (const child of children) child.send("leave");
    await Promise.all(exits);
    expect(existsSync(lockOf(folder))).toBe(false);
  }
}, 60_000);
