/**
 * @file The folder that holds float32 copies of weights: which there are, how much room they may take, and which have to go for others.
 * Beside the copies of a weight file, whose names begin with its hash, lies a note that says where it is; the note's time is that of the last use.
 */
import { mkdir, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { writeFileAtomic } from "../../platform/atomic-file";
import { isNotFound, toDiskError } from "../../platform/disk-error";

/** What the copies of one weight file take. */
export interface CopiedWeights {
  /** Begin of the names of its copies. */
  readonly key: string;
  /** Where the weight file was when it was used last. */
  readonly path: string;
  readonly bytes: number;
  readonly usedMs: number;
}

/** Enough for a few models of the size of Stable Diffusion XL. */
const defaultBudgetBytes = 25e9;
/** A disk that is filled to the brim stops every other program. */
const spareDiskBytes = 2e9;
/** A draft that was not touched for so long belongs to a process that was killed. */
const abandonedAfterMs = 3600_000;

const noteName = /^([0-9a-f]+)\.json$/;
const copyName = /^([0-9a-f]+)-[0-9a-f]+\.safetensors$/;
const draftName = /\.(?:part|tmp)$/;
const budgetFile = "budget.json";
const noteSchema = z.object({ path: z.string() });
const budgetSchema = z.object({ bytes: z.number().nonnegative() });

/** File names of the copies of the weight file with this key. */
export async function copiesOf(folder: string, key: string): Promise<readonly string[]> {
  return (await namesIn(folder)).filter((name) => copyName.exec(name)?.[1] === key);
}

/** All copies, the last used first. */
export async function listCopiedWeights(folder: string): Promise<readonly CopiedWeights[]> {
  const names = await namesIn(folder);
  const sizes = new Map<string, number>();
  for (const name of names) {
    const key = copyName.exec(name)?.[1];
    if (key !== undefined) sizes.set(key, (sizes.get(key) ?? 0) + (await fileFacts(join(folder, name))).size);
  }
  const listed: CopiedWeights[] = [];
  for (const [key, bytes] of sizes) {
    const note = join(folder, `${key}.json`);
    const { path = "" } = (await readJson(note, noteSchema)) ?? {};
    listed.push({ key, path, bytes, usedMs: (await fileFacts(note)).mtimeMs });
  }
  return listed.sort((a, b) => b.usedMs - a.usedMs);
}

/** Notes that the copies of the weight file at `path` are used now. @throws disk/full, disk/read-only, disk/failed */
export async function noteUse(folder: string, key: string, path: string): Promise<void> {
  await writeFileAtomic(join(folder, `${key}.json`), JSON.stringify({ path }));
}

/** Removes the copies of these weight files, and what killed processes left. Sessions that have them open keep them. @throws disk/read-only, disk/failed */
export async function removeCopiedWeights(folder: string, keys: readonly string[]): Promise<void> {
  for (const name of await namesIn(folder)) {
    const key = (copyName.exec(name) ?? noteName.exec(name))?.[1];
    const path = join(folder, name);
    const isAbandoned = draftName.test(name) && Date.now() - (await fileFacts(path)).mtimeMs > abandonedAfterMs;
    if (!isAbandoned && (key === undefined || !keys.includes(key))) continue;
    await rm(path, { force: true }).catch((error: unknown) => {
      throw toDiskError(error, path);
    });
  }
}

/** Bytes that all copies together may take. */
export async function copyBudget(folder: string): Promise<number> {
  return (await readJson(join(folder, budgetFile), budgetSchema))?.bytes ?? defaultBudgetBytes;
}

/** Sets the budget; copies beyond it are removed, the longest unused first. @throws disk/full, disk/read-only, disk/failed */
export async function setCopyBudget(folder: string, bytes: number): Promise<void> {
  await writeFileAtomic(join(folder, budgetFile), JSON.stringify({ bytes }));
  await shrinkTo(folder, bytes, new Set());
}

/**
 * Makes sure that `bytes` more fit, removing copies that were not used for longest, but never those in `kept`.
 * @throws disk/full where they do not fit
 */
export async function makeRoom(folder: string, bytes: number, kept: ReadonlySet<string>): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw toDiskError(error, folder);
  });
  const noRoom = (why: string) =>
    appError("disk/full", `There is no room in ${folder} for ${(bytes / 1e9).toFixed(1)} GB of prepared weights: ${why}.`, {
      hint: "Free some space, or allow more with `semblance cache weights budget`.",
    });
  const budget = await copyBudget(folder);
  const keptBytes = totalBytes((await listCopiedWeights(folder)).filter(({ key }) => kept.has(key)));
  if (keptBytes + bytes > budget) throw noRoom("their budget is too small");
  await shrinkTo(folder, budget - bytes, kept);
  const { bavail, bsize } = await statfs(folder);
  if (bytes + spareDiskBytes > bavail * bsize) throw noRoom("the disk is nearly full");
}

/** Removes the longest unused until at most `limit` bytes are left, or nothing but `kept`. */
async function shrinkTo(folder: string, limit: number, kept: ReadonlySet<string>): Promise<void> {
  const copied = await listCopiedWeights(folder);
  let left = totalBytes(copied);
  const removed: string[] = [];
  for (const { key, bytes } of copied.toReversed()) {
    if (left <= limit) break;
    if (kept.has(key)) continue;
    removed.push(key);
    left -= bytes;
  }
  await removeCopiedWeights(folder, removed);
}

function totalBytes(copied: readonly CopiedWeights[]): number {
  return copied.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw toDiskError(error, folder);
  });
}

/** Size and time of a file; nothing and never of one that is gone. */
async function fileFacts(path: string): Promise<{ readonly size: number; readonly mtimeMs: number }> {
  return (await stat(path).catch(() => null)) ?? { size: 0, mtimeMs: 0 };
}

async function readJson<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}
