/**
 * @file Measures the pictures of the library's folders: scan, hash, decode once, thumbnails, features, store.
 *
 * [Note: Any moment may be the last] Each batch is written features first, then vectors, then assets, then files. A file row is the sign that
 * everything before it is there, so a run that is killed leaves files that the next run looks at again, and both end in the same state.
 */
import type { AssetId } from "#shared/domain/asset";
import { toAppError } from "#shared/domain/app-error";
import type { Job, JobId } from "#shared/domain/job";
import type { FileIssue } from "#shared/domain/library";
import type { AssetRecord, DescribedAsset, FileRecord, Store, StoredVector } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { RawImage } from "../../platform/raw-image";
import type { InferenceService } from "../inference/inference-service";
import type { JobContext, JobRunner } from "../jobs/job-runner";
import type { Lanes } from "../jobs/lanes";
import type { FeatureForms } from "./cache-forms";
import { describeAsset } from "./describe-asset";
import { packFeatures, toStoredPrecision } from "./feature-blobs";
import { createFileReader, type FileReader, type ReadPicture } from "./file-reader";
import { type ChangedFile, type IndexPlan, issueOf, planIndexRun, type UnmeasuredAsset } from "./index-plan";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import type { PictureSource } from "./picture-source";
import type { ProbeService } from "./probe-service";
import { prefetch } from "./prefetch";

/** Pictures written together: enough that a write is cheap per picture, few enough that a kill loses little. */
const batchSize = 32;
const batchAgeMs = 3000;
/** Pictures read ahead of the model. Bounds memory: a picture of 50 megapixels takes 150 MB. */
const readAhead = 3;
/** A file that was written this recently and cannot be decoded is taken for half-written. */
const youngMs = 20_000;

/** A run over single files, as the watching of folders asks for it. */
export interface IndexScope {
  readonly paths: ReadonlySet<string>;
  /** Told of a file that cannot be decoded although it was written a moment ago: it is not noted, but to be asked for again. */
  readonly postpone: (path: string) => void;
}

export interface IndexingService {
  /** Starts a run over all roots or a few files. One over all roots that is waiting to start is returned instead. */
  start(device: string | null, scope?: IndexScope): Job;
  /** Runs `work` while no run is going: one that goes is stopped first and started again after, so that it cannot write about what `work` removed. */
  between<T>(work: () => Promise<T>): Promise<T>;
}

export interface IndexingParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly pictures: PictureSource;
  readonly probes: ProbeService;
  readonly forms: FeatureForms;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly jobs: JobRunner;
  /** Told after each batch, so that views refetch. */
  readonly onChange: (topics: readonly ("assets" | "roots" | "issues")[]) => void;
  /** Told after a run that measured something, with the recipes it measured. */
  readonly onMeasured: (recipes: readonly MeasureRecipe[]) => void;
}

/** What a run has measured and not yet written. */
interface Batch {
  assets: AssetRecord[];
  files: FileRecord[];
  issues: FileIssue[];
  described: DescribedAsset[];
  vectors: Map<MeasureRecipe, StoredVector[]>;
  startedMs: number;
}

/** Creates the indexing service of one library. */
export function createIndexingService(parts: IndexingParts): IndexingService {
  const { store, recipes, jobs } = parts;
  /** The latest run over all roots. */
  let waitingForAll: JobId | null = null;

  async function run(context: JobContext, scope: IndexScope | null): Promise<void> {
    context.setStep("scan");
    const active = await recipes.active();
    // The list of recipes is what the details of a picture name its measurements by.
    for (const { recipe, key, modelName } of active) await store.recipes.put({ ...recipe, name: key.metric, modelName });
    const plan = await planIndexRun({ store, recipes: active, signal: context.signal, paths: scope?.paths });
    context.setStep("measure");
    context.progress.setTotal(plan.changed.length + plan.unmeasured.length);
    await noteScanIssues(plan);
    for (let issue = 0; issue < plan.issues.length; issue += 1) context.issue();
    const measuring = createRun(parts, active, { ...context, postpone: scope?.postpone ?? null });
    await takeMoved(plan);
    await measuring.files(plan.changed);
    await measuring.assets(plan.unmeasured);
    // Last, so that a file that was moved is found by its bytes before its old place is forgotten.
    if (plan.removed.length > 0) {
      await store.files.remove(plan.removed);
      await store.issues.clear(plan.removed);
    }
    if (plan.removed.length > 0 || plan.changed.length > 0) await store.assets.removeOrphans();
    parts.onChange(["assets", "roots", "issues"]);
    if (plan.changed.length > 0 || plan.unmeasured.length > 0) parts.onMeasured(active);
  }

  async function takeMoved({ moved }: IndexPlan): Promise<void> {
    await store.files.upsert(
      moved.map(({ root, file, assetId }) => ({
        path: file.path,
        rootId: root.id,
        assetId,
        sizeBytes: file.sizeBytes,
        mtimeMs: file.mtimeMs,
      })),
    );
    await store.issues.clear(moved.map(({ file }) => file.path));
  }

  async function noteScanIssues(plan: IndexPlan): Promise<void> {
    if (plan.clearedIssues.length > 0) await store.issues.clear(plan.clearedIssues);
    if (plan.issues.length > 0)
      await store.issues.replaceFor(
        plan.issues.map((issue) => issue.path),
        plan.issues,
      );
  }

  function start(device: string | null, scope: IndexScope | null = null): Job {
    // One that has not looked at the folders yet will see everything a second one would.
    const waiting = jobs.list().find((job) => job.id === waitingForAll && job.state === "queued");
    if (waiting !== undefined) return waiting;
    const job = jobs.start({ kind: "index", title: "Measuring pictures", device }, (context) => run(context, scope));
    if (scope === null) waitingForAll = job.id;
    return job;
  }

  return {
    start,
    async between(work) {
      const unfinished = jobs.list().filter(({ state }) => ["queued", "running", "paused"].includes(state));
      const going = unfinished.filter(({ kind }) => kind === "index");
      // Learning from the library goes on with the next run.
      for (const { id, kind } of unfinished) if (kind === "index" || kind === "optimise") jobs.cancel(id);
      try {
        return await jobs.alone(work);
      } finally {
        if (going.length > 0) start(going[0]?.device ?? null);
      }
    },
  };
}

interface RunContext extends JobContext {
  readonly postpone: IndexScope["postpone"] | null;
}

/** One run over a plan. */
function createRun(
  { store, pictures, probes, forms, inference, lanes, onChange }: IndexingParts,
  active: readonly MeasureRecipe[],
  context: RunContext,
) {
  const reader: FileReader = createFileReader(store, active);
  let batch = emptyBatch();
  let writing: Promise<void> = Promise.resolve();

  async function measure(assetId: AssetId, image: RawImage, missing: readonly MeasureRecipe[]): Promise<void> {
    if (missing.length === 0) return;
    const features = await lanes.run("background", () =>
      inference.extract(
        missing.map((recipe) => recipe.key),
        image,
      ),
    );
    for (const [index, recipe] of missing.entries()) {
      const fresh = features[index];
      if (fresh !== undefined) await keep(recipe, assetId, fresh);
    }
  }

  async function keep(recipe: MeasureRecipe, assetId: AssetId, fresh: ImageFeatures): Promise<void> {
    const kept = toStoredPrecision(fresh, forms.of(recipe.id));
    if (kept.attention !== null) await store.features.write(recipe.id, assetId, packFeatures(kept));
    const vectors = batch.vectors.get(recipe) ?? [];
    vectors.push({ assetId, vector: kept.pooled });
    await probes.take(recipe, assetId, kept);
    batch.vectors.set(recipe, vectors);
  }

  async function commit(): Promise<void> {
    const { assets, files, issues, described, vectors } = batch;
    batch = emptyBatch();
    for (const [recipe, rows] of vectors) {
      const table = await store.embeddings(recipe.id, rows[0]?.vector.length ?? 0);
      await table.upsert(rows);
    }
    await probes.commit();
    await store.metadata.upsert(described);
    if (assets.length > 0) await store.assets.upsert(assets);
    if (files.length > 0) {
      await store.files.upsert(files);
      await store.issues.replaceFor(
        files.map((file) => file.path),
        issues,
      );
    }
    if (files.length > 0 || vectors.size > 0 || described.length > 0) onChange(issues.length > 0 ? ["assets", "issues"] : ["assets"]);
  }

  /** Writes while the next pictures are measured. One batch at a time: when writing is what takes long, measuring waits for it. */
  async function commitAside(): Promise<void> {
    await writing;
    writing = commit();
    writing.catch(() => undefined); // told to whoever waits for it next
  }

  async function commitWhenFull(): Promise<void> {
    const measured = [...batch.vectors.values()].map((rows) => rows.length);
    const size = batch.files.length + batch.issues.length + Math.max(batch.described.length, ...measured);
    if (size >= batchSize || (size > 0 && Date.now() - batch.startedMs > batchAgeMs)) await commitAside();
  }

  function note(issue: FileIssue): void {
    batch.issues.push(issue);
    context.issue();
  }

  async function takeFile({ root, file }: ChangedFile, read: ReadPicture): Promise<void> {
    const record: FileRecord = { path: file.path, rootId: root.id, assetId: null, sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs };
    if (read.kind === "fatal") throw read.error;
    if ((read.kind === "bad" || read.kind === "unreadable") && context.postpone !== null && isYoung(file.mtimeMs))
      return context.postpone(file.path);
    if (read.kind === "unreadable") {
      await store.issues.replaceFor([file.path], [issueOf(file.path, root.id, read.error)]);
      context.issue();
      return;
    }
    if (read.kind === "bad") {
      batch.files.push(record);
      note(issueOf(file.path, root.id, read.error));
      return;
    }
    if (read.kind === "new") {
      await measure(read.asset.id, read.image, read.missing);
      batch.assets.push(read.asset);
      if (read.described !== null) batch.described.push(read.described);
    }
    batch.files.push({ ...record, assetId: read.kind === "new" ? read.asset.id : read.assetId });
  }

  /** Runs `take` over prepared items with pauses and cancellation between them; what was done is written whatever the end. */
  async function each<Item, Prepared>(
    items: readonly Item[],
    prepare: (item: Item) => Promise<Prepared>,
    take: (item: Item, prepared: Prepared) => Promise<void>,
  ): Promise<void> {
    try {
      for await (const { item, prepared } of prefetch(items, readAhead, prepare)) {
        await context.checkpoint();
        await take(item, prepared);
        context.progress.advance();
        await commitWhenFull();
      }
    } finally {
      await writing;
      await commit();
    }
  }

  /** What a known picture lacks: pixels for its recipes, its description. */
  async function complete({ assetId, recipes: missing, isDescribed }: UnmeasuredAsset) {
    const image = missing.length > 0 ? await pictures.decode(assetId) : null;
    return { image, described: isDescribed ? null : await describeAsset(store, assetId, await pictures.path(assetId)) };
  }

  return {
    files: (changed: readonly ChangedFile[]) => each(changed, ({ file }) => reader.read(file.path), takeFile),
    assets: (unmeasured: readonly UnmeasuredAsset[]) =>
      each(
        unmeasured,
        (asset) => complete(asset).catch((error: unknown) => toAppError(error)),
        async ({ assetId, recipes: missing }, found) => {
          if (found instanceof Error) return context.issue();
          if (found.image !== null) await measure(assetId, found.image, missing);
          if (found.described !== null) batch.described.push(found.described);
        },
      ),
  };
}

/** Whether a file may still be in the making. Clocks of network drives differ, so a time in the future counts too. */
function isYoung(mtimeMs: number): boolean {
  return Math.abs(Date.now() - mtimeMs) < youngMs;
}

function emptyBatch(): Batch {
  return { assets: [], files: [], issues: [], described: [], vectors: new Map(), startedMs: Date.now() };
}
