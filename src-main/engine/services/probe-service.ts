/**
 * @file How stage 1 finds candidates, recipe by recipe: by probe attention where a check on the library's own pictures found that to keep more of the
 * best, else by the pooled vector. See docs/retrieval-study.md.
 *
 * [Note: Codebooks and their tables] Candidate vectors lie in a table named by recipe and codebook version. A new version becomes the one that answers
 * when its file replaces the earlier one, which happens after its table is filled; a build that is killed therefore leaves the earlier one to answer,
 * and the next build, which draws the same pictures, finds most of the table filled. A picture without a candidate vector (its features had been dropped
 * when the codebook was made) is found by its pooled vector. A library whose features were mostly dropped keeps the codebook it has.
 */
import { setImmediate as breathe } from "node:timers/promises";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import type { Job } from "#shared/domain/job";
import type { EmbeddingTable, Store, StoredVector } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { InferenceService } from "../inference/inference-service";
import type { JobContext, JobRunner } from "../jobs/job-runner";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";
import { buildCandidateFile, samplePresent, type SampledPictures } from "./probe-build";
import {
  candidateFileTime,
  candidateTableId,
  readCandidateFile,
  writeCandidateFile,
  type CandidateFacts,
  type CandidateFile,
} from "./probe-file";
import { blendOf, vectorsOf } from "./probe-vectors";

/** A library this small is scored as a whole: whatever finds candidates finds them all. */
export const scoredWholeUpTo = 200;
/** A codebook is made afresh when the library has grown by this factor since. */
const refitGrowth = 1.5;
/** Pictures measured while a table is filled are written together. */
const fillBatch = 64;

/** How candidates of a recipe are found now. */
export interface CandidateStage {
  readonly facts: CandidateFacts;
  /** Null where the pooled vectors answer. */
  readonly probes: { readonly table: EmbeddingTable; question(features: ImageFeatures): Float32Array | null } | null;
}

export interface ProbeService {
  /** Null before a library was checked: the pooled vectors answer. */
  stageOf(recipe: MeasureRecipe): Promise<CandidateStage | null>;
  /** Takes the candidate vector of a picture that was just measured; `commit` writes what was taken. */
  take(recipe: MeasureRecipe, assetId: AssetId, features: ImageFeatures): Promise<void>;
  commit(): Promise<void>;
  /** Starts a job that makes what is due: codebooks of libraries that have grown, vectors that are missing. Null when nothing is; the one that goes when there is one. */
  startIfDue(recipes: readonly MeasureRecipe[]): Promise<Job | null>;
}

export interface ProbeParts {
  readonly store: Store;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly jobs: JobRunner;
}

/** What is to be done for one recipe. */
interface Due {
  readonly recipe: MeasureRecipe;
  readonly pooled: EmbeddingTable;
  /** Null where the codebook stays and only vectors are missing. */
  readonly sample: SampledPictures | null;
}

/** Creates the service over one library. */
export function createProbeService(parts: ProbeParts): ProbeService {
  const { store, jobs } = parts;
  const known = new Map<RecipeId, { readonly timeMs: number; readonly file: CandidateFile | null }>();
  const taken = new Map<RecipeId, StoredVector[]>();
  /** Pictures without a candidate vector whose features are gone too, as last counted: they are not looked for again in this process. */
  const unreachable = new Map<RecipeId, number>();
  let starting: Promise<Job | null> | null = null;

  async function fileOf(recipeId: RecipeId): Promise<CandidateFile | null> {
    const timeMs = await candidateFileTime(store, recipeId);
    if (timeMs === null) return null;
    const earlier = known.get(recipeId);
    if (earlier?.timeMs === timeMs) return earlier.file;
    const file = await readCandidateFile(store, recipeId);
    known.set(recipeId, { timeMs, file });
    return file;
  }

  function tableOf(recipeId: RecipeId, { codebook, version }: CandidateFile): EmbeddingTable | null {
    return codebook === null ? null : store.findEmbeddings(candidateTableId(recipeId, version));
  }

  async function stageOf(recipe: MeasureRecipe): Promise<CandidateStage | null> {
    if (!recipe.ranksByTokens) return null;
    const file = await fileOf(recipe.id);
    if (file === null) return null;
    const { codebook, facts } = file;
    const table = tableOf(recipe.id, file);
    // Another process may have replaced the file since this one opened its tables.
    if (codebook === null || table === null) return { facts, probes: null };
    const question = (features: ImageFeatures) => vectorsOf(recipe, codebook, features)?.question ?? null;
    return { facts, probes: { table, question } };
  }

  async function take(recipe: MeasureRecipe, assetId: AssetId, features: ImageFeatures): Promise<void> {
    const file = recipe.ranksByTokens ? await fileOf(recipe.id) : null;
    if (file === null || file.codebook === null) return;
    const vector = vectorsOf(recipe, file.codebook, features)?.stored;
    if (vector === undefined) return;
    const id = candidateTableId(recipe.id, file.version);
    taken.set(id, [...(taken.get(id) ?? []), { assetId, vector }]);
  }

  async function commit(): Promise<void> {
    const batches = [...taken];
    taken.clear();
    for (const [id, rows] of batches) await (await store.embeddings(id, rows[0]?.vector.length ?? 0)).upsert(rows);
  }

  async function dueOf(recipe: MeasureRecipe): Promise<Due | null> {
    const pooled = recipe.ranksByTokens ? store.findEmbeddings(recipe.id) : null;
    const measured = (await pooled?.count()) ?? 0;
    if (pooled === null || measured <= scoredWholeUpTo) return null;
    const file = await fileOf(recipe.id);
    if (file === null || measured > file.facts.measured * refitGrowth) {
      const sample = await samplePresent(parts, recipe, pooled);
      if (sample.isEnough && (file === null || sample.isNearlyWhole)) return { recipe, pooled, sample };
    }
    if (file === null || file.codebook === null) return null;
    const table = tableOf(recipe.id, file);
    const missing = measured - ((await table?.count()) ?? 0);
    return missing > (unreachable.get(recipe.id) ?? 0) ? { recipe, pooled, sample: null } : null;
  }

  async function dueAmong(recipes: readonly MeasureRecipe[]): Promise<readonly Due[]> {
    const due: Due[] = [];
    for (const recipe of recipes) {
      const one = await dueOf(recipe);
      if (one !== null) due.push(one);
    }
    return due;
  }

  async function optimise(context: JobContext, recipes: readonly MeasureRecipe[]): Promise<void> {
    const due = await dueAmong(recipes);
    context.progress.setTotal(due.reduce((sum, { sample }) => sum + 1 + (sample?.steps ?? 0), 0));
    for (const each of due) {
      const built = each.sample === null ? null : await build(each, each.sample, context);
      const file = built?.file ?? (await fileOf(each.recipe.id));
      if (file !== null) await fill(each, file, context);
      if (built !== null) await activate(each.recipe.id, built);
      context.progress.advance();
    }
    if (due.length > 0) await store.optimise();
  }

  async function build({ recipe, pooled }: Due, sample: SampledPictures, context: JobContext) {
    const blend = blendOf(recipe, pooled.dimension);
    const measured = await pooled.count();
    return buildCandidateFile({
      ...parts,
      recipe,
      sample,
      blend,
      measured,
      checkpoint: pauseOf(context),
      advance: () => context.progress.advance(),
    });
  }

  /** Gives every measured picture whose features are kept its candidate vector. */
  async function fill({ recipe, pooled }: Due, file: CandidateFile, context: JobContext): Promise<void> {
    const { codebook, version } = file;
    if (codebook === null) return;
    const id = candidateTableId(recipe.id, version);
    let table = store.findEmbeddings(id);
    const missing = table === null ? pooled.ids() : await table.missing(pooled.ids());
    let without = 0;
    const pause = pauseOf(context);
    for (let from = 0; from < missing.length; from += fillBatch) {
      const rows: StoredVector[] = [];
      for (const assetId of missing.slice(from, from + fillBatch)) {
        await pause();
        const isKept = await store.features.has(recipe.id, assetId);
        const features = isKept ? await parts.features.cached(recipe, assetId) : null;
        const vector = features === null ? undefined : vectorsOf(recipe, codebook, features)?.stored;
        if (vector === undefined) without += 1;
        else rows.push({ assetId, vector });
      }
      if (rows.length === 0) continue;
      table ??= await store.embeddings(id, rows[0]?.vector.length ?? 0);
      await table.upsert(rows);
    }
    unreachable.set(recipe.id, without);
  }

  /** From now on the new file answers; the tables of others are dropped. */
  async function activate(recipeId: RecipeId, { file, blob }: Awaited<ReturnType<typeof buildCandidateFile>>): Promise<void> {
    await writeCandidateFile(store, recipeId, blob);
    const current = candidateTableId(recipeId, file.version);
    await store.dropEmbeddings((id) => id.startsWith(candidateTableId(recipeId, "")) && id !== current);
  }

  /** Between slices of work: waits while paused, ends when cancelled or when pictures wait to be measured. */
  function pauseOf(context: JobContext): () => Promise<void> {
    return async () => {
      await context.checkpoint();
      if (jobs.list().some(({ kind, state }) => kind === "index" && state === "queued")) throw new GaveWay();
      await breathe();
    };
  }

  function start(recipes: readonly MeasureRecipe[]): Job {
    return jobs.start({ kind: "optimise", title: "Improving the search", device: null }, async (context) => {
      try {
        await optimise(context, recipes);
      } catch (error) {
        if (!(error instanceof GaveWay)) throw error;
        // Behind the run that waits; what was done is found done.
        start(recipes);
      }
    });
  }

  async function startWhereDue(recipes: readonly MeasureRecipe[]): Promise<Job | null> {
    if (store.isReadOnly) return null;
    const going = jobs.list().find(({ kind, state }) => kind === "optimise" && ["queued", "running", "paused"].includes(state));
    if (going !== undefined) return going;
    return (await dueAmong(recipes)).length === 0 ? null : start(recipes);
  }

  return {
    stageOf,
    take,
    commit,
    startIfDue(recipes) {
      starting ??= startWhereDue(recipes).finally(() => (starting = null));
      return starting;
    },
  };
}

/** Pictures wait to be measured, which goes first. */
class GaveWay extends Error {}
