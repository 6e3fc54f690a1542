/**
 * @file Finds the settings of a metric that agree best with a person's own judgements: successive halving over every combination, then an
 * estimate on judgements that took no part in the choice. The published method is a full grid search.
 */
import { appError } from "#shared/domain/app-error";
import type { MetricName } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { wilsonInterval } from "#shared/lib/wilson-interval";
import { decodeImage } from "../../data/imaging/decode";
import type { Triplet } from "../../data/datasets/triplet";
import type { CompareOptions, ImageFeatures } from "../../ml/metrics/metric";
import { findMetric } from "../../ml/metrics/registry";
import { seededRandom, shuffled } from "../../platform/seeded-random";
import type { ExtractorKey, InferenceService, ModelChoice } from "../inference/inference-service";
import { type AxisChoices, chosenAxes, passGroups, type Setting, settingGrid } from "./setting-grid";
import { halvingCost, type Judgement, type Standing, successiveHalving } from "./successive-halving";
import { recentByBytes } from "./recent-by-bytes";

/** Fewer judgements than this decide nothing. */
export const fewestTriplets = 8;
const fewestInFirstRound = 8;
/** Features of pictures kept while one pass group is judged. */
const keptBytes = 2 ** 30;

export interface TuneRequest {
  readonly metric: MetricName;
  readonly choice: ModelChoice;
  readonly triplets: readonly Triplet[];
  readonly axes: AxisChoices;
  /** Options that hold for every combination. */
  readonly fixed: CompareOptions;
  readonly seed: number;
  /** Share of the judgements kept for the estimate, 0 to 1. */
  readonly heldOut: number;
}

export interface TuneProgress {
  readonly done: number;
  readonly total: number;
}

/** How settings did on the judgements that took no part in the choice. */
export interface HeldOutEstimate {
  readonly accuracy: number;
  readonly total: number;
  readonly interval: readonly [low: number, high: number];
}

export interface TuneResult {
  /** The winner first, then those that lasted longest. */
  readonly standings: readonly Standing<Setting>[];
  readonly tuned: number;
  readonly best: HeldOutEstimate | null;
  /** The metric's own settings on the same judgements. */
  readonly usual: HeldOutEstimate | null;
  /** Judgements made, and how many a full grid search would have made. */
  readonly cost: { readonly halved: number; readonly full: number };
}

export interface TuneWatch {
  readonly signal: AbortSignal;
  onProgress(progress: TuneProgress): void;
}

/**
 * Runs the search.
 *
 * @throws usage/invalid (too few judgements, a metric without settings), image/..., checkpoint/..., job/cancelled
 */
export async function tune(inference: InferenceService, request: TuneRequest, watch: TuneWatch): Promise<TuneResult> {
  const { metric, triplets, seed } = request;
  if (triplets.length < fewestTriplets)
    throw appError(
      "usage/invalid",
      `${triplets.length === 1 ? "1 judgement is" : `${triplets.length} judgements are`} too few to choose by.`,
      { hint: `Give at least ${fewestTriplets}.` },
    );
  if (!(request.heldOut >= 0 && request.heldOut <= 0.5))
    throw appError("usage/invalid", `A held-out share of ${request.heldOut} is not possible.`, {
      hint: "--held-out is between 0 and 0.5.",
    });
  const axes = chosenAxes(await inference.settings(metric, request.choice), request.axes);
  const candidates = settingGrid(axes);
  if (candidates.length < 2)
    throw appError("usage/invalid", `${metric} has nothing to choose.`, {
      hint: "Metrics that look at one of several layers can be tuned, such as diffsim-s.",
    });
  const order = shuffled(triplets, seededRandom(seed));
  const heldOut = order.slice(0, Math.floor(order.length * request.heldOut));
  const used = order.slice(heldOut.length);
  const halving = { trials: used.length, fewest: fewestInFirstRound };
  const cost = halvingCost(candidates.length, halving);
  const total = cost.halved + 2 * heldOut.length;
  let done = 0;
  const judge = createJudge(inference, request, watch.signal, (judged) => watch.onProgress({ done: (done += judged), total }));
  const standings = await successiveHalving({
    candidates,
    ...halving,
    judge: (settings, { from, to }) => judge(settings, used.slice(from, to)),
  });
  const best = defined(standings[0], "there are candidates").candidate;
  const usual: Setting = { labels: best.labels, options: {} };
  return {
    standings,
    tuned: used.length,
    best: estimateOf((await judge([best], heldOut))[0]),
    usual: estimateOf((await judge([usual], heldOut))[0]),
    cost,
  };
}

/** A picture as a text-guided model sees it. */
interface Shown {
  readonly path: string;
  readonly prompt: string | null;
}

type Judge = (settings: readonly Setting[], triplets: readonly Triplet[]) => Promise<readonly (readonly Judgement[])[]>;

/** Settings that share a pass of the network are judged together, so that a picture goes through it once for all of them. */
function createJudge(
  inference: InferenceService,
  { metric, choice, fixed }: TuneRequest,
  signal: AbortSignal,
  onJudged: (judgements: number) => void,
): Judge {
  const sign = findMetric(metric).direction === "similarity" ? 1 : -1;

  async function judgeGroup(group: readonly Setting[], triplets: readonly Triplet[]): Promise<readonly (readonly Judgement[])[]> {
    const keysFor = (prompt: string | null) =>
      group.map(({ options }): ExtractorKey => ({
        metric,
        ...choice,
        options: { ...fixed, ...(prompt === null ? {} : { prompt }), ...options },
      }));
    const featuresOf = recentByBytes(keptBytes, async ({ path, prompt }: Shown) =>
      inference.extract(keysFor(prompt), await decodeImage(path, { mode: "corrected" })),
    );
    const judgements: Judgement[][] = group.map(() => []);
    for (const { reference, a, b, choice: chosen, prompt } of triplets) {
      if (signal.aborted) throw appError("job/cancelled", "Stopped.");
      const shown = (path: string) => featuresOf({ path, prompt });
      const [ofReference, ofA, ofB] = [await shown(reference), await shown(a), await shown(b)];
      for (const [index, key] of keysFor(prompt).entries()) {
        const features = (all: readonly ImageFeatures[]) => defined(all[index], "one set of features a setting");
        const [scoreA, scoreB] = await inference.score(key, features(ofReference), [features(ofA), features(ofB)], "score");
        const towardsA = sign * (defined(scoreA, "one score a target").score - defined(scoreB, "one score a target").score);
        judgements[index]?.push({ margin: chosen === "a" ? towardsA : -towardsA });
      }
      onJudged(group.length);
    }
    return judgements;
  }

  return async (settings, triplets) => {
    const judged = new Map<Setting, readonly Judgement[]>();
    for (const group of passGroups(settings)) {
      const results = await judgeGroup(group, triplets);
      for (const [index, setting] of group.entries()) judged.set(setting, results[index] ?? []);
    }
    return settings.map((setting) => judged.get(setting) ?? []);
  };
}

function estimateOf(judgements: readonly Judgement[] = []): HeldOutEstimate | null {
  if (judgements.length === 0) return null;
  const right = judgements.reduce((sum, { margin }) => sum + (margin > 0 ? 1 : margin === 0 ? 0.5 : 0), 0);
  return { accuracy: right / judgements.length, total: judgements.length, interval: wilsonInterval(right, judgements.length) };
}
