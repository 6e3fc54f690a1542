/** @file What an index run has to do: the difference between the folders as they are and the library as it stands. Reads names and dates, no content. */
import type { AssetId } from "#shared/domain/asset";
import { toAppError } from "#shared/domain/app-error";
import type { FileIssue, LibraryRoot } from "#shared/domain/library";
import { isFolderThere, type ScannedEntry, scanFile, scanFolder } from "../../data/library/scanner";
import { isInFolder } from "../../data/store/path-test";
import type { FileRecord, Store } from "../../data/store/store-types";
import type { MeasureRecipe } from "./measure-recipes";
import { type MovedFile, splitMoved } from "./moved-files";

export type ScannedImage = Extract<ScannedEntry, { kind: "image-candidate" }>;

/** A file whose bytes have not been looked at, or not since they changed. */
export interface ChangedFile {
  readonly root: LibraryRoot;
  readonly file: ScannedImage;
}

/** A picture that is known but lacks recipes, or was never described. */
export interface UnmeasuredAsset {
  readonly assetId: AssetId;
  readonly recipes: readonly MeasureRecipe[];
  readonly isDescribed: boolean;
}

export interface IndexPlan {
  readonly changed: readonly ChangedFile[];
  /** Known pictures under new paths, whose bytes need no look. */
  readonly moved: readonly MovedFile[];
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
  readonly removed: readonly FileRecord[];
  readonly skipped: readonly FileIssue[];
  readonly present: ReadonlySet<string>;
}

export interface PlanRequest {
  readonly store: Store;
  readonly recipes: readonly MeasureRecipe[];
  readonly signal: AbortSignal;
  /** Only these files; without it all roots are scanned. */
  readonly paths?: ReadonlySet<string> | undefined;
}

/** Compares what is there with what is stored about it. Roots whose drive is missing keep their index. */
export async function planIndexRun({ store, recipes, signal, paths }: PlanRequest): Promise<IndexPlan> {
  const roots = (await store.roots.list()).filter((root) => root.isAvailable);
  const plans: RootPlan[] = [];
  for (const root of roots) plans.push(paths === undefined ? await compareRoot(root, store, signal) : await planPaths(root, store, paths));
  const newcomers = plans.flatMap((plan) => plan.changed);
  const vanished = plans.flatMap((plan) => plan.removed);
  const { changed, moved } = splitMoved(newcomers, vanished);
  const noted = new Map(store.issues.list(Number.MAX_SAFE_INTEGER).map((issue) => [issue.path, issue]));
  const skipped = plans.flatMap((plan) => plan.skipped);
  const skippedPaths = new Set(skipped.map((issue) => issue.path));
  const present = new Set(plans.flatMap((plan) => [...plan.present]));
  const rootIds = new Set(roots.map((root) => root.id));
  const clearedIssues = [...noted.values()]
    .filter((issue) => paths?.has(issue.path) ?? rootIds.has(issue.rootId))
    .filter((issue) => !skippedPaths.has(issue.path) && !present.has(issue.path))
    .map((issue) => issue.path);
  return {
    changed,
    moved,
    // What a whole run would find lacking besides is left to it: a new file is searchable at once.
    unmeasured: paths === undefined ? await findUnmeasured(store, recipes, new Set(newcomers.map(({ file }) => file.path))) : [],
    removed: vanished.map((file) => file.path),
    issues: skipped.filter((issue) => noted.get(issue.path)?.message !== issue.message),
    clearedIssues,
  };
}

const isUnchanged = (known: FileRecord | null | undefined, file: ScannedImage): boolean =>
  known?.sizeBytes === file.sizeBytes && known.mtimeMs === file.mtimeMs;

/** The same as `compareRoot` for single files of a root. */
async function planPaths(root: LibraryRoot, store: Store, paths: ReadonlySet<string>): Promise<RootPlan> {
  const changed: ChangedFile[] = [];
  const removed: FileRecord[] = [];
  const skipped: FileIssue[] = [];
  const present = new Set<string>();
  for (const path of paths) {
    if (!isInFolder(path, root.path)) continue;
    const known = store.files.get(path);
    const entry = await scanFile(path);
    if (entry?.kind === "image-candidate") {
      present.add(path);
      if (!isUnchanged(known, entry)) changed.push({ root, file: entry });
      continue;
    }
    if (entry !== null) skipped.push({ path, rootId: root.id, code: entry.code, message: entry.message });
    if (known !== null && entry?.code !== "image/unreadable") removed.push(known);
  }
  // A drive that went away meanwhile took nothing out of the library.
  const isThere = removed.length === 0 || (await isFolderThere(root.path));
  return { changed, removed: isThere ? removed : [], skipped, present };
}

/** How a root differs from what is stored about it. */
export async function compareRoot(root: LibraryRoot, store: Store, signal: AbortSignal): Promise<RootPlan> {
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
      if (!isUnchanged(stored.get(entry.path), entry)) changed.push({ root, file: entry });
    }
  } catch (error) {
    signal.throwIfAborted();
    // The drive went away while it was read: what is known about it stays, and is no longer called missing.
    skipped.push(issueOf(root.path, root.id, error));
  }
  // A folder or file that may not be read right now is no folder or file that is gone.
  const unread = skipped.filter((issue) => issue.code !== "image/undecodable" && issue.code !== "image/unsupported");
  const removed = [...stored.values()].filter(({ path }) => !present.has(path) && !unread.some((issue) => isInFolder(path, issue.path)));
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
  for (const id of store.metadata.missing(ids)) {
    const isMissing = store.assets.summary(id)?.isMissing ?? true;
    if (!isMissing && !lacking.has(id)) lacking.set(id, []);
  }
  const isElsewhere = (id: AssetId): boolean => (store.assets.get(id)?.files ?? []).some((file) => !changedPaths.has(file.path));
  return [...lacking]
    .filter(([id]) => isElsewhere(id))
    .map(([assetId, missing]) => ({ assetId, recipes: missing, isDescribed: store.metadata.has(assetId) }));
}

/** The issue of a file that could not be taken, in one sentence. */
export function issueOf(path: string, rootId: FileIssue["rootId"], error: unknown): FileIssue {
  const { code, message } = toAppError(error);
  return { path, rootId, code, message };
}
