/**
 * @file Finds pictures like the references.
 *
 * [Note: Two stages] Stage 1 ranks by the pooled vectors and names candidates; stage 2 scores the candidates (or with `exact` everything) by the
 * metric itself. Both are streamed: the coarse order is there at once, the exact one replaces it in one step.
 */
import type { AssetId } from "#shared/domain/asset";
import { appError } from "#shared/domain/app-error";
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { EmbeddingTable, Store } from "../../data/store/store-types";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";
import { checkWeights, combineScores } from "./score-combination";
import { cosine } from "../../ml/tensor/linear-algebra";
import type { VoteService } from "./vote-service";
import type { YardstickService } from "./yardstick-service";

/** Fewer candidates than this would let the coarse order decide what is found. */
const minimumCandidates = 200;
/** Targets scored in one run: enough to keep a device busy, few enough to answer a cancelled question soon. */
const scoreBatch = 32;

/** A search event; `unranked` counts candidates whose picture is gone, which keep their coarse score. */
export type SearchStep = SearchEvent & { readonly unranked: number };

export interface SearchService {
  run(query: SearchQuery, signal?: AbortSignal): AsyncGenerator<SearchStep, void, undefined>;
}

export interface SearchParts {
  readonly store: Store;
  readonly recipes: MeasureRecipes;
  readonly features: FeatureSource;
  readonly inference: InferenceService;
  readonly lanes: Lanes;
  readonly yardsticks: YardstickService;
  readonly votes: VoteService;
}

interface Question {
  readonly query: SearchQuery;
  readonly recipe: MeasureRecipe;
  readonly references: readonly ImageFeatures[];
  readonly weights: readonly number[];
}

interface Scored {
  readonly assetId: AssetId;
  readonly score: number;
}

/** Creates the search over one library. */
export function createSearchService(parts: SearchParts): SearchService {
  const { store, recipes, features, inference, lanes, yardsticks, votes } = parts;

  async function* run(query: SearchQuery, signal?: AbortSignal): AsyncGenerator<SearchStep, void, undefined> {
    const startedMs = performance.now();
    const question = await ask(query);
    const table = store.findEmbeddings(question.recipe.id);
    const measured = (await table?.count()) ?? 0;
    if (table === null || measured === 0) throw notMeasured(store, query);
    const embeddedMs = performance.now();

    const coarse = await rankCoarse(question, table);
    const candidatesMs = performance.now();
    const eventOf = async (stage: SearchEvent["stage"], scored: readonly Scored[], unranked: number): Promise<SearchStep> => {
      const endedMs = performance.now();
      return {
        stage,
        isFinal: stage === "exact",
        matches: await matchesOf(question, scored, stage),
        candidates: coarse.length,
        measured,
        total: store.assets.count(),
        recipeId: question.recipe.id,
        milliseconds: {
          embed: embeddedMs - startedMs,
          candidates: candidatesMs - embeddedMs,
          rerank: endedMs - candidatesMs,
          total: performance.now() - startedMs,
        },
        unranked,
      };
    };

    if (!question.recipe.ranksByTokens) {
      yield await eventOf("exact", coarse, 0);
      return;
    }
    yield await eventOf("coarse", coarse, 0);
    const { scored, unranked } = await rankExact(question, coarse, signal);
    yield await eventOf("exact", scored, unranked);
  }

  async function ask(query: SearchQuery): Promise<Question> {
    const weights = query.references.map((reference) => reference.weight);
    checkWeights(weights);
    const recipe = await recipes.of(query.metric);
    const references: ImageFeatures[] = [];
    for (const reference of query.references) references.push(await features.of(recipe, reference.assetId, reference.crop));
    return { query, recipe, references, weights };
  }

  /** Candidates of every reference, ranked together by the combined cosine of their pooled vectors. */
  async function rankCoarse({ query, references, weights }: Question, table: EmbeddingTable): Promise<readonly Scored[]> {
    const own = new Set(query.references.map((reference) => reference.assetId));
    const ids = new Set<AssetId>();
    if (query.exact) for (const id of store.assets.ids({ folder: query.folder, text: null })) ids.add(id);
    else {
      const limit = Math.max(minimumCandidates, 2 * query.top) + own.size;
      const hasWanted = weights.some((weight) => weight > 0);
      for (const [index, reference] of references.entries()) {
        const weight = defined(weights[index], "one weight a reference");
        if (weight === 0 || (hasWanted && weight < 0)) continue;
        // With unwanted references only, the pictures least like them are the candidates.
        const direction = weight > 0 ? reference.pooled : reference.pooled.map((value) => -value);
        for (const match of await table.search(direction, { limit, folder: query.folder })) ids.add(match.assetId);
      }
    }
    for (const id of own) ids.delete(id);
    const vectors = await table.get(ids);
    const scored = [...vectors].map(([assetId, vector]) => {
      const scores = references.map((reference) => cosine(reference.pooled, vector));
      return { assetId, score: combineScores(scores, weights, query.combine) };
    });
    return sorted(scored);
  }

  /** The same candidates by the metric's own score over their tokens. */
  async function rankExact(
    question: Question,
    coarse: readonly Scored[],
    signal?: AbortSignal,
  ): Promise<{ scored: readonly Scored[]; unranked: number }> {
    const scored: Scored[] = [];
    let unranked = 0;
    for (let from = 0; from < coarse.length; from += scoreBatch) {
      signal?.throwIfAborted();
      const batch = coarse.slice(from, from + scoreBatch);
      const found = await Promise.all(
        batch.map(async (candidate) => ({ candidate, target: await targetOf(question.recipe, candidate.assetId) })),
      );
      const targets = found.flatMap(({ target }) => (target === null ? [] : [target]));
      const perReference: (readonly { readonly score: number }[])[] = [];
      for (const reference of question.references) {
        perReference.push(
          targets.length === 0 ? [] : await lanes.run("interactive", () => inference.score(question.recipe.key, reference, targets)),
        );
      }
      let next = 0;
      for (const { candidate, target } of found) {
        if (target === null) {
          unranked += 1;
          scored.push(candidate);
          continue;
        }
        const scores = perReference.map((pairs) => defined(pairs[next], "one score a target").score);
        next += 1;
        scored.push({ assetId: candidate.assetId, score: combineScores(scores, question.weights, question.query.combine) });
      }
    }
    return { scored: sorted(scored), unranked };
  }

  /** Tokens of a candidate: kept ones, else computed from its file; null when the file is gone or can no longer be decoded. */
  async function targetOf(recipe: MeasureRecipe, assetId: AssetId): Promise<ImageFeatures | null> {
    const kept = await features.cached(recipe, assetId);
    return kept ?? features.of(recipe, assetId).catch(() => null);
  }

  async function matchesOf(question: Question, scored: readonly Scored[], stage: SearchEvent["stage"]): Promise<Match[]> {
    const top = scored.slice(0, question.query.top);
    const yardstick = stage === "exact" ? await yardsticks.exact(question.recipe) : await yardsticks.pooled(question.recipe);
    // Below an unwanted reference a score is on no scale that random pairs could have.
    // A difference of scores, or the best or worst of several, is on another scale than a pair's.
    const isOnScale =
      question.weights.every((weight) => weight >= 0) && (question.weights.length === 1 || question.query.combine === "mean");
    const voted = await votes.of(
      question.query,
      top.map(({ assetId }) => assetId),
    );
    return top.flatMap(({ assetId, score }, index): Match[] => {
      const detail = store.assets.get(assetId);
      if (detail === null) return [];
      const { files, measuredWith: _, ...asset } = detail;
      const rarity = isOnScale ? yardstick.rarityOf(score) : null;
      return [{ rank: index + 1, asset, path: files[0]?.path ?? "", score, rarity, votes: defined(voted[index], "one vote a match") }];
    });
  }

  return { run };
}

function sorted(scored: readonly Scored[]): readonly Scored[] {
  return [...scored].sort((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1));
}

function notMeasured(store: Store, query: SearchQuery): Error {
  if (store.assets.count() === 0) {
    return appError("library/not-indexed", "The library has no pictures yet.", {
      hint: "Add a folder with `semblance index add DIR`, then run `semblance index run`.",
    });
  }
  return appError("library/not-indexed", `The library is not measured with ${query.metric} yet.`, {
    hint: `Run \`semblance index run --metric ${query.metric}\`.`,
  });
}
