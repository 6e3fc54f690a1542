/**
 * @file One process writes a library at a time.
 *
 * [Note: Library lock] The lock is a file that names its owner: process number, start of the process, machine. A crash leaves it behind;
 * the next opener takes it over when that process is gone (the number alone would lie after a restart of the machine). A lock
 * of another machine is never taken over, since nobody here can see whether that machine still writes.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { isNotFound, toDiskError } from "../../platform/disk-error";
import { processStart } from "../../platform/process-start";

const ownerSchema = z.object({ id: z.string(), pid: z.number().int(), hostname: z.string(), processStart: z.string() });
type LockOwner = z.infer<typeof ownerSchema>;

/** A lock file that is still being written reads as damaged; give its writer this long. */
const youngMs = 3_000;
/** Taking over lasts milliseconds; a guard older than this was left by a crash. */
const guardExpiryMs = 15_000;
const attempts = 40;
const pauseMs = 50;

export interface LibraryLock {
  release(): Promise<void>;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));

/** Creates a file that must not exist yet; false when it does. */
async function createNew(path: string, content: string, libraryPath: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(content);
    } catch (error) {
      // It was made by us and holds nothing: on a full disk it must not lock anybody out.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw toDiskError(error, libraryPath);
  }
}

/** Age of a file; 0 when it is not there, since what is not there needs no removal and may appear the next moment. */
async function ageMs(path: string): Promise<number> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (isNotFound(error)) return 0;
    throw error;
  }
}

async function readOwner(path: string): Promise<LockOwner | "absent" | "damaged"> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    return isNotFound(error) ? "absent" : "damaged";
  }
}

/** True when the lock's owner certainly does not exist any more. */
async function isStale(owner: LockOwner): Promise<boolean> {
  if (owner.hostname !== hostname()) return false;
  const start = await processStart(owner.pid);
  if (start === null) return true;
  return start !== "unknown" && owner.processStart !== "unknown" && start !== owner.processStart;
}

function lockedError(libraryPath: string, path: string, owner: LockOwner) {
  const isHere = owner.hostname === hostname();
  const holder = isHere ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.hostname}`;
  const elsewhere = isHere ? "" : ` If that machine is certainly off, remove ${path}.`;
  return appError("library/locked", `The library at ${libraryPath} is in use by ${holder}.`, {
    hint: `Close the other Semblance, or look without changing anything: --read-only.${elsewhere}`,
  });
}

/** Removes the lock of `stale` unless somebody else has replaced it meanwhile. A guard file lets one process at a time do this. */
async function takeOver(path: string, stale: LockOwner | "damaged"): Promise<void> {
  const guard = `${path}.takeover`;
  if ((await ageMs(guard)) > guardExpiryMs) await rm(guard, { force: true });
  if (!(await createNew(guard, String(process.pid), path))) return;
  try {
    const current = await readOwner(path);
    const isSame = stale === "damaged" ? current === "damaged" : typeof current === "object" && current.id === stale.id;
    if (isSame) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/**
 * Takes the lock of a library, also over from a process that is gone. Released by `release` and when this process exits.
 * @throws library/locked naming the owner; disk/* when the folder cannot be written
 */
export async function acquireLibraryLock(libraryPath: string): Promise<LibraryLock> {
  const path = join(libraryPath, "lock");
  const self: LockOwner = {
    id: randomUUID(),
    pid: process.pid,
    hostname: hostname(),
    processStart: (await processStart(process.pid)) ?? "unknown",
  };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (await createNew(path, JSON.stringify(self), libraryPath)) return heldLock(path, self);
    const owner = await readOwner(path);
    if (owner === "damaged") {
      if ((await ageMs(path)) > youngMs) await takeOver(path, owner);
      else await pause();
    } else if (owner !== "absent") {
      if (!(await isStale(owner))) throw lockedError(libraryPath, path, owner);
      await takeOver(path, owner);
    }
    if (attempt > 0) await pause();
  }
  throw appError("library/locked", `The lock of the library at ${libraryPath} could not be taken.`, {
    hint: `If no Semblance is running, remove ${path}.`,
  });
}

function heldLock(path: string, self: LockOwner): LibraryLock {
  const releaseNow = () => {
    try {
      const owner = ownerSchema.parse(JSON.parse(readFileSync(path, "utf8")));
      if (owner.id === self.id) rmSync(path, { force: true });
    } catch {
      // Nothing to release: the lock, or the whole folder, is not there any more.
    }
  };
  process.once("exit", releaseNow);
  return {
    release: async () => {
      process.off("exit", releaseNow);
      releaseNow();
    },
  };
}
