/** @file What an order about files would do: where each goes, whose name is taken, and which are not touched. */
import { lstat, readdir } from "node:fs/promises";
import { basename, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { appError, toAppError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { FileOrder, FilePlan, SplitFile } from "#shared/domain/split-files";
import { hashFile } from "../../data/library/asset-hash";
import type { Store } from "../../data/store/store-types";
import { isNotFound, toDiskError } from "../../platform/disk-error";

type Fate =
  | { readonly kind: "step"; readonly to: string }
  | { readonly kind: "present" }
  | { readonly kind: "conflict" | "skipped"; readonly reason: string };

/** Names are compared as the strictest of systems does. */
const nameKey = (path: string): string => path.normalize("NFC").toLowerCase();

/** Looks at every file and at the folder; changes nothing. @throws usage/invalid for a folder that cannot be a target */
export async function planFiles(store: Pick<Store, "roots" | "libraryPath">, order: FileOrder, signal?: AbortSignal): Promise<FilePlan> {
  const folder = resolve(order.folder);
  await assertTarget(folder, store.libraryPath);
  const samples = (await store.roots.list()).flatMap(({ isSample, path }) => (isSample ? [path] : []));
  const plan = {
    steps: [] as FilePlan["steps"],
    conflicts: [] as FilePlan["conflicts"],
    present: [] as string[],
    skipped: [] as FilePlan["skipped"],
  };
  const lying = new Map((await listed(folder)).map((path) => [nameKey(path), path]));
  /** What will lie under a name of the folder. */
  const claimed = new Map<string, AssetId>();
  for (const file of order.files) {
    signal?.throwIfAborted();
    const fate = await fateOf(file, { order, folder, samples, lying, claimed });
    const { path, assetId } = file;
    if (fate.kind === "present") plan.present.push(path);
    else if (fate.kind !== "step") plan[fate.kind === "conflict" ? "conflicts" : "skipped"].push({ path, reason: fate.reason });
    else {
      claimed.set(nameKey(fate.to), assetId);
      plan.steps.push({ assetId, from: path, to: fate.to });
    }
  }
  return { kind: order.kind, folder, ...plan };
}

async function assertTarget(folder: string, libraryPath: string): Promise<void> {
  if (isWithin(folder, libraryPath))
    throw appError("usage/invalid", `${folder} belongs to the library itself, which holds only its own files.`, {
      hint: "Choose another folder.",
    });
  const found = await lstat(folder).catch(() => null);
  if (found !== null && !found.isDirectory() && !found.isSymbolicLink())
    throw appError("usage/invalid", `${folder} is a file, and the pictures go into a folder.`, { hint: "Choose another folder." });
}

async function listed(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isNotFound(error)) return [];
    throw toDiskError(error, folder);
  });
  return names.map((name) => join(folder, name));
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way));
}

interface Planning {
  readonly order: FileOrder;
  readonly folder: string;
  readonly samples: readonly string[];
  readonly lying: ReadonlyMap<string, string>;
  readonly claimed: ReadonlyMap<string, AssetId>;
}

async function fateOf({ path, assetId }: SplitFile, { order, folder, samples, lying, claimed }: Planning): Promise<Fate> {
  const reason = await whyUntouched({ path, assetId }, order.kind, samples);
  if (reason !== null) return { kind: "skipped", reason };
  for (let number = 1; ; number += 1) {
    const to = join(folder, numbered(basename(path), number));
    const there = lying.get(nameKey(to));
    const holds = claimed.get(nameKey(to)) ?? (there === undefined ? undefined : await hashFile(there).catch(() => null));
    if (holds === undefined) return { kind: "step", to };
    if (there === path || (holds === assetId && order.kind === "copy")) return { kind: "present" };
    if (!order.isNumbered) return { kind: "conflict", reason: `${to} is there already` };
  }
}

/** `fox.png`, `fox (2).png`, ... */
function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)} (${number})${extension}`;
}

async function whyUntouched({ path, assetId }: SplitFile, kind: FileOrder["kind"], samples: readonly string[]): Promise<string | null> {
  const found = await lstat(path).catch(() => null);
  if (found === null) return "it is not there any more";
  if (kind === "move" && found.isSymbolicLink()) return "it is a link to a file that lies elsewhere";
  if (kind === "move" && samples.some((sample) => isWithin(path, sample)))
    return "it belongs to the sample library, which is part of the program";
  try {
    return (await hashFile(path)) === assetId ? null : "it has changed since it was judged";
  } catch (error) {
    return toAppError(error).message;
  }
}
