/** @file What an index run has to do: the difference between the folders as they are and the library as it stands. Reads names and dates, no content. */
import { sep } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { toAppError } from "#shared/domain/app-error";
import type { FileIssue, LibraryRoot } from "#shared/domain/library";
import { type ScannedEntry, scanFolder } from "../../data/library/scanner";
import type { FileRecord, Store } from "../../data/store/store-types";
import type { MeasureRecipe } from "./measure-recipes";

export type ScannedImage = Extract<ScannedEntry, { kind: "image-candidate" }>;

/** A file whose bytes have not been looked at, or not since they changed. */
export interface ChangedFile {
  readonly root: LibraryRoot;
  readonly file: ScannedImage;
}

/** A picture that is known but lacks a recipe. */
export interface UnmeasuredAsset {
  readonly assetId: AssetId;
  readonly recipes: readonly MeasureRecipe[];
}

export interface IndexPlan {
  readonly changed: readonly ChangedFile[];
  readonly unmeasured: readonly UnmeasuredAsset[];
  /** Paths of files that are gone. */
  readonly removed: readonly string[];
  /** What the scan itself could not take, new or different from what is noted. */
  readonly issues: readonly FileIssue[];
  /** Paths whose noted issue no longer holds. */
  readonly clearedIssues: readonly string[];
}

interface RootPlan {
  readonly changed: readonly ChangedFile[];
  readonly removed: readonly string[];
  readonly skipped: readonly FileIssue[];
  readonly present: ReadonlySet<string>;
}

export interface PlanRequest {
  readonly store: Store;
  readonly recipes: readonly MeasureRecipe[];
  readonly signal: AbortSignal;
}

/** Compares every root that is there with what is stored about it. Roots whose drive is missing keep their index. */
export async function planIndexRun({ store, recipes, signal }: PlanRequest): Promise<IndexPlan> {
  const roots = (await store.roots.list()).filter((root) => root.isAvailable);
  const plans: RootPlan[] = [];
  for (const root of roots) plans.push(await planRoot(root, store, signal));
  const changed = plans.flatMap((plan) => plan.changed);
  const changedPaths = new Set(changed.map(({ file }) => file.path));
  const noted = new Map(store.issues.list(Number.MAX_SAFE_INTEGER).map((issue) => [issue.path, issue]));
  const skipped = plans.flatMap((plan) => plan.skipped);
  const skippedPaths = new Set(skipped.map((issue) => issue.path));
  const present = new Set(plans.flatMap((plan) => [...plan.present]));
  const rootIds = new Set(roots.map((root) => root.id));
  const clearedIssues = [...noted.values()]
    .filter((issue) => rootIds.has(issue.rootId) && !skippedPaths.has(issue.path) && !present.has(issue.path))
    .map((issue) => issue.path);
  return {
    changed,
    unmeasured: await findUnmeasured(store, recipes, changedPaths),
    removed: plans.flatMap((plan) => plan.removed),
    issues: skipped.filter((issue) => noted.get(issue.path)?.message !== issue.message),
    clearedIssues,
  };
}

async function planRoot(root: LibraryRoot, store: Store, signal: AbortSignal): Promise<RootPlan> {
  const stored = new Map<string, FileRecord>(store.files.byRoot(root.id).map((file) => [file.path, file]));
  const changed: ChangedFile[] = [];
  const skipped: FileIssue[] = [];
  const present = new Set<string>();
  try {
    for await (const entry of scanFolder(root.path, { signal, exclude: [store.libraryPath] })) {
      if (entry.kind === "skipped") {
        skipped.push({ path: entry.path, rootId: root.id, code: entry.code, message: entry.message });
        continue;
      }
      present.add(entry.path);
      const known = stored.get(entry.path);
      if (known === undefined || known.sizeBytes !== entry.sizeBytes || known.mtimeMs !== entry.mtimeMs)
        changed.push({ root, file: entry });
    }
  } catch (error) {
    signal.throwIfAborted();
    // The drive went away while it was read: what is known about it stays, and is no longer called missing.
    skipped.push(issueOf(root.path, root.id, error));
  }
  // A folder that may not be read right now says nothing about the files in it.
  const unread = skipped.map((issue) => issue.path + sep);
  const removed = [...stored.keys()].filter((path) => !present.has(path) && !unread.some((folder) => path.startsWith(folder)));
  return { changed, removed, skipped, present };
}

async function findUnmeasured(
  store: Store,
  recipes: readonly MeasureRecipe[],
  changedPaths: ReadonlySet<string>,
): Promise<readonly UnmeasuredAsset[]> {
  const ids = store.assets.ids();
  const lacking = new Map<AssetId, MeasureRecipe[]>();
  for (const recipe of recipes) {
    const table = store.findEmbeddings(recipe.id);
    for (const id of table === null ? ids : await table.missing(ids)) lacking.set(id, [...(lacking.get(id) ?? []), recipe]);
  }
  const isElsewhere = (id: AssetId): boolean => (store.assets.get(id)?.files ?? []).some((file) => !changedPaths.has(file.path));
  return [...lacking].filter(([id]) => isElsewhere(id)).map(([assetId, missing]) => ({ assetId, recipes: missing }));
}

/** The issue of a file that could not be taken, in one sentence. */
export function issueOf(path: string, rootId: FileIssue["rootId"], error: unknown): FileIssue {
  const { code, message } = toAppError(error);
  return { path, rootId, code, message };
}
