/** @file The scores of one metric over the triplets of a run, kept in the library as they are made, so that a run that stops goes on later. */
import { z } from "zod";
import { type FeatureRecipe, featureRecipeSchema, type MetricName } from "#shared/domain/feature-recipe";
import type { BenchmarkStore } from "../../data/store/store-types";
import type { PairOfScores } from "../../ml/metrics/ensemble/votes";
import type { BenchMetric } from "./triplet-scorer";

/** How long scores may lie in memory alone. */
const keepEveryMs = 3000;

/** JSON has no word for what is no number. */
const score = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

const bookSchema = z.object({
  metric: z.string(),
  model: z.object({ name: z.string(), sha256: z.string() }),
  recipe: featureRecipeSchema.nullable(),
  /** Place of the triplet in the manifest, both scores, and what the files were like. */
  scores: z.array(z.tuple([z.number().int(), score, score, z.string()])),
});

interface Entry {
  readonly scores: PairOfScores;
  readonly fingerprint: string;
}

export interface ScoreBook {
  /** The scores of a triplet, if its files are still what they were. */
  get(index: number, fingerprint: string): PairOfScores | null;
  put(index: number, fingerprint: string, scored: { readonly scores: PairOfScores; readonly recipe: FeatureRecipe }): Promise<void>;
  /** Writes what is not written yet. */
  keep(): Promise<void>;
  /** How the scores were made; null before the first. With prompts of the triplets, that of the first. */
  recipe(): FeatureRecipe | null;
}

export interface BookPlace {
  readonly store: BenchmarkStore;
  readonly run: string;
  readonly scorerId: string;
}

/** The scores of a metric as they lie in the library, by the place of the triplet; null where there are none. */
export async function readScores(
  { store, run, scorerId }: BookPlace,
  metric: MetricName,
): Promise<{
  readonly model: { readonly name: string; readonly sha256: string };
  readonly scores: ReadonlyMap<number, PairOfScores>;
} | null> {
  const book = await store.read(run, fileName(metric, scorerId), bookSchema);
  return book === null ? null : { model: book.model, scores: new Map(book.scores.map(([index, a, b]) => [index, { a, b }] as const)) };
}

const fileName = (metric: MetricName, scorerId: string): string => `scores-${metric}-${scorerId}`;

/** Opens the book of a metric with what an earlier run left in it. */
export async function openScoreBook({ store, run, scorerId }: BookPlace, { name, model }: BenchMetric): Promise<ScoreBook> {
  const file = fileName(name, scorerId);
  const earlier = await store.read(run, file, bookSchema);
  const entries = new Map<number, Entry>(
    earlier?.scores.map(([index, a, b, fingerprint]) => [index, { scores: { a, b }, fingerprint }] as const),
  );
  let recipe = earlier?.recipe ?? null;
  let keptMs = Date.now();
  let isKept = true;

  async function keep(): Promise<void> {
    if (isKept) return;
    const scores = [...entries].map(
      ([
        index,
        {
          scores: { a, b },
          fingerprint,
        },
      ]) => [index, a, b, fingerprint],
    );
    await store.write(run, file, { metric: name, model: { name: model.name, sha256: model.sha256 }, recipe, scores });
    isKept = true;
    keptMs = Date.now();
  }

  return {
    get(index, fingerprint) {
      const entry = entries.get(index);
      return entry?.fingerprint === fingerprint ? entry.scores : null;
    },
    async put(index, fingerprint, scored) {
      entries.set(index, { scores: scored.scores, fingerprint });
      recipe ??= scored.recipe;
      isKept = false;
      if (Date.now() - keptMs >= keepEveryMs) await keep();
    },
    keep,
    recipe: () => recipe,
  };
}
