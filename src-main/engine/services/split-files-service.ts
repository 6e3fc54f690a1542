/**
 * @file Copies and moves the files of a check, and takes it back. What is about to be done is written into the library before it is, so that also
 * what was cut short can be taken back. Files that a person has touched since are left as they are.
 */
import { randomUUID } from "node:crypto";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type AppError, appError } from "#shared/domain/app-error";
import type { FileAct, FileActId, FileOrder, FilePlan, FileStep, FileUndo } from "#shared/domain/split-files";
import { brandId } from "#shared/lib/branded-id";
import { hashFile } from "../../data/library/asset-hash";
import type { Store } from "../../data/store/store-types";
import { toDiskError } from "../../platform/disk-error";
import { diskFilePlacer, type FilePlacer, isTaken } from "../../platform/place-file";
import { planFiles } from "./split-files-plan";

export interface SplitFilesService {
  /** What an order would do. Throws usage/invalid. */
  plan(order: FileOrder, signal?: AbortSignal): Promise<FilePlan>;
  /**
   * Does it; null where there was nothing to do.
   * @throws usage/invalid while names are taken, library/read-only, disk/... (what was done until then is kept and can be taken back)
   */
  carryOut(order: FileOrder, signal?: AbortSignal): Promise<{ readonly plan: FilePlan; readonly act: FileAct | null }>;
  /** Takes back an act, the last one with null. Throws usage/invalid where there is none or something is in the way of a file; then nothing is changed. */
  undo(id: FileActId | null): Promise<FileUndo>;
}

/** Creates the service over one library. */
export function createSplitFilesService(store: Store, placer: FilePlacer = diskFilePlacer): SplitFilesService {
  const { fileActs } = store;

  async function carryOut(plan: FilePlan, signal: AbortSignal | undefined): Promise<FileAct> {
    const { kind, folder, steps } = plan;
    const planned: FileAct = { id: brandId<FileActId>(randomUUID()), kind, folder, madeFolder: null, steps, atMs: Date.now() };
    await fileActs.put(planned);
    let act = planned;
    let done = 0;
    try {
      act = { ...planned, madeFolder: (await mkdir(folder, { recursive: true })) ?? null };
      if (act.madeFolder !== null) await fileActs.put(act);
      for (const step of steps) {
        signal?.throwIfAborted();
        await (kind === "copy" ? copyWhole(placer, step) : moveWhole(placer, step));
        done += 1;
      }
      return act;
    } catch (error) {
      if (done === 0) {
        await removeEmptyFolders(act);
        await fileActs.remove(act.id);
      } else await fileActs.put({ ...act, steps: steps.slice(0, done) });
      signal?.throwIfAborted();
      throw failure(error, { ...plan, done });
    }
  }

  return {
    plan: (order, signal) => planFiles(store, order, signal),
    async carryOut(order, signal) {
      const plan = await planFiles(store, order, signal);
      if (plan.conflicts.length > 0) throw namesTaken(plan);
      return { plan, act: plan.steps.length === 0 ? null : await carryOut(plan, signal) };
    },
    async undo(id) {
      const acts = fileActs.list();
      const act = id === null ? acts.at(-1) : acts.find((each) => each.id === id);
      if (act === undefined) throw appError("usage/invalid", "There is nothing to take back.");
      // Also refuses a library that is open read-only, before anything is done.
      await fileActs.put(act);
      const { undone, left } = await (act.kind === "copy" ? removeCopies(act) : moveBack(placer, act));
      await removeEmptyFolders(act);
      await fileActs.remove(act.id);
      return { kind: act.kind, folder: act.folder, undone, left };
    },
  };
}

/** How many names a sentence holds. */
const mostNamed = 3;

function namesTaken({ folder, conflicts }: FilePlan): AppError {
  const names = conflicts.slice(0, mostNamed).map(({ path }) => basename(path));
  const more = conflicts.length > mostNamed ? ` and ${conflicts.length - mostNamed} more` : "";
  return appError("usage/invalid", `Nothing was done: in ${folder} there is something else called ${names.join(", ")}${more}.`, {
    hint: "Choose another folder, or let the files be numbered.",
  });
}

function failure(error: unknown, { kind, folder, steps, done }: FilePlan & { readonly done: number }): AppError {
  const { code, message } = toDiskError(error, folder);
  const so =
    done === 0
      ? "Nothing was done."
      : `${done} of ${steps.length} files were ${kind === "copy" ? "copied" : "moved"}; Undo takes that back.`;
  return appError(code, message, { hint: `${so} Choose another folder, or make room or permission there.`, cause: error });
}

async function copyWhole(placer: FilePlacer, { from, to, assetId }: FileStep): Promise<void> {
  await placer.copy(from, to);
  if ((await hashFile(to)) === assetId) return;
  await rm(to, { force: true });
  throw appError("disk/failed", `${from} changed while it was copied.`);
}

/** To another disk it is copied, and the original goes once its copy is known to be whole. */
async function moveWhole(placer: FilePlacer, step: FileStep): Promise<void> {
  try {
    await placer.move(step.from, step.to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyWhole(placer, step);
    await rm(step.from);
  }
}

type Undone = Pick<FileUndo, "undone" | "left">;

async function removeCopies({ steps }: FileAct): Promise<Undone> {
  const undone: FileStep[] = [];
  const left: FileUndo["left"] = [];
  for (const step of steps) {
    if (!(await isTaken(step.to))) continue;
    if ((await hashFile(step.to).catch(() => null)) === step.assetId) {
      await rm(step.to).catch((error: unknown) => {
        throw toDiskError(error, step.to);
      });
      undone.push(step);
    } else left.push({ path: step.to, reason: "it has changed since it was copied" });
  }
  return { undone, left };
}

async function moveBack(placer: FilePlacer, { steps }: FileAct): Promise<Undone> {
  const moved: FileStep[] = [];
  const left: FileUndo["left"] = [];
  for (const step of steps) {
    const isBack = await isTaken(step.from);
    if (await isTaken(step.to)) {
      if (isBack && !(await isSameFile(step)))
        throw appError("usage/invalid", `Nothing was taken back: something else lies at ${step.from} now.`, {
          hint: "Move it away first, and undo again.",
        });
      moved.push(step);
    } else if (!isBack) left.push({ path: step.to, reason: "it is not there any more" });
  }
  for (const { from, to } of moved) {
    try {
      if (await isTaken(from)) {
        await rm(to);
        continue;
      }
      await mkdir(dirname(from), { recursive: true });
      await moveWhole(placer, { from: to, to: from, assetId: await hashFile(to) });
    } catch (error) {
      throw toDiskError(error, from);
    }
  }
  return { undone: moved, left };
}

/** A move that was cut short leaves the file under both names. */
async function isSameFile({ from, to, assetId }: FileStep): Promise<boolean> {
  return (await hashFile(from).catch(() => null)) === assetId && (await hashFile(to).catch(() => null)) === assetId;
}

/** Folders that were made for an act go with it, when nothing else has come into them. */
async function removeEmptyFolders({ folder, madeFolder }: FileAct): Promise<void> {
  if (madeFolder === null) return;
  for (let each = folder; each.length >= madeFolder.length; each = dirname(each)) {
    const isRemoved = await rmdir(each).then(
      () => true,
      () => false,
    );
    if (!isRemoved) return;
  }
}
