/** @file The second stage of a search: candidates by the metric's own score over their tokens, which are read ahead of the model. */
import type { AssetId } from "#shared/domain/asset";
import type { FeaturePrecision } from "#shared/domain/feature-cache";
import type { SearchQuery } from "#shared/domain/search";
import { defined } from "#shared/lib/assert";
import type { ImageFeatures } from "../../ml/metrics/metric";
import type { Allocate } from "../../platform/lent-memory";
import type { InferenceService } from "../inference/inference-service";
import type { Lanes } from "../jobs/lanes";
import { coarsestOf, precisionOf } from "./feature-blobs";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";
import { readBatches } from "./read-batches";
import { combineScores } from "./score-combination";

export interface Scored {
  readonly assetId: AssetId;
  readonly score: number;
}

/** What the second stage needs of a question. */
interface ExactQuestion {
  readonly query: Pick<SearchQuery, "exact" | "combine">;
  readonly recipe: MeasureRecipe;
  readonly references: readonly ImageFeatures[];
  readonly weights: readonly number[];
}

/** `unranked` counts candidates whose picture is gone, which keep their coarse score; `precision` is the coarsest of all features that were scored. */
export interface ExactRanks {
  readonly scored: readonly Scored[];
  readonly unranked: number;
  readonly precision: FeaturePrecision;
}

export type RankExact = (question: ExactQuestion, coarse: readonly Scored[], signal?: AbortSignal) => Promise<ExactRanks>;

export interface ExactRankingParts {
  readonly features: Pick<FeatureSource, "of" | "exact">;
  readonly inference: Pick<InferenceService, "score">;
  readonly lanes: Lanes;
}

/** `target` is null where the picture is gone. */
interface Candidate {
  readonly coarse: Scored;
  readonly target: ImageFeatures | null;
}

/** Creates the second stage. */
export function createExactRanking({ features, inference, lanes }: ExactRankingParts): RankExact {
  /** Tokens of a candidate, kept or computed from its file; null when the file is gone or can no longer be decoded. */
  function targetOf({ recipe, query }: ExactQuestion, assetId: AssetId, allocate: Allocate): Promise<ImageFeatures | null> {
    const found = query.exact ? features.exact(recipe, assetId, { allocate }) : features.of(recipe, assetId, { allocate });
    return found.catch(() => null);
  }

  /** Scores in the order of the candidates; those without features keep the one they had. */
  async function scoreBatchOf(question: ExactQuestion, batch: readonly Candidate[]): Promise<readonly Scored[]> {
    const targets = batch.flatMap(({ target }) => (target === null ? [] : [target]));
    const perReference: (readonly { readonly score: number }[])[] = [];
    for (const reference of question.references) {
      perReference.push(
        targets.length === 0 ? [] : await lanes.run("interactive", () => inference.score(question.recipe.key, reference, targets, "score")),
      );
    }
    let next = 0;
    return batch.map(({ coarse, target }) => {
      if (target === null) return coarse;
      const scores = perReference.map((pairs) => defined(pairs[next], "one score a target").score);
      next += 1;
      return { assetId: coarse.assetId, score: combineScores(scores, question.weights, question.query.combine) };
    });
  }

  return async (question, coarse, signal) => {
    const scored: Scored[] = [];
    let unranked = 0;
    let precision = coarsestOf(question.references.map(precisionOf));
    const read = async (candidate: Scored, allocate: Allocate): Promise<Candidate> => {
      return { coarse: candidate, target: await targetOf(question, candidate.assetId, allocate) };
    };
    for await (const batch of readBatches(coarse, read, signal)) {
      for (const { target } of batch) {
        if (target === null) unranked += 1;
        else precision = coarsestOf([precision, precisionOf(target)]);
      }
      scored.push(...(await scoreBatchOf(question, batch)));
    }
    return { scored: sorted(scored), unranked, precision };
  };
}

/** Best first; equal scores by id. */
export function sorted(scored: readonly Scored[]): readonly Scored[] {
  return [...scored].sort((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1));
}
