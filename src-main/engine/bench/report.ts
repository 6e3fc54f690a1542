/** @file What a run found, as the JSON document of `semblance bench`; the text is made from the same numbers. */
import type { FeatureRecipe, MetricName, ScoringMode } from "#shared/domain/feature-recipe";
import { wilsonInterval } from "#shared/lib/wilson-interval";
import type { LayoutId } from "../../data/datasets/layouts";
import type { Skipped, Triplet } from "../../data/datasets/triplet";
import { publishedIsTwiceAsNear, publishedPicksA } from "../../ml/metrics/ensemble/published-decisions";
import { ensembleVoters } from "../../ml/metrics/ensemble/voters";
import { type Decision, majority, nearerOf, type PairOfScores, voteOf } from "../../ml/metrics/ensemble/votes";
import { findMetric } from "../../ml/metrics/registry";
import { ensembleName } from "../metric-names";
import type { BenchRun, JudgedTriplet } from "./bench-run";
import { protocols, publishedAccuracy, publishedSource } from "./protocol";
import { mcnemar } from "./statistics";
import type { BenchMetric } from "./triplet-scorer";

/** Shares are in [0, 1]; a tie counts as not right. */
export interface Tally {
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
  readonly ties: number;
  readonly interval: readonly [low: number, high: number];
}

export interface MetricResult extends Tally {
  /** The published share of right answers on this set; null where there is none. */
  readonly published: number | null;
  readonly model: { readonly name: string; readonly sha256: string } | null;
  readonly recipe: FeatureRecipe | null;
  /** Parts of the set, each by itself. */
  readonly groups: Readonly<Record<string, Tally>>;
  /** In published mode: what the released script would count with its own rule of decision. */
  readonly asPublished?: { readonly correct: number; readonly accuracy: number; readonly twiceAsNear?: number };
}

export interface McNemarResult {
  readonly a: MetricName;
  readonly b: MetricName;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly p: number;
}

export interface BenchReport {
  readonly layout: string;
  readonly dataset: string;
  readonly mode: ScoringMode;
  readonly seed: number;
  readonly triplets: number;
  readonly skipped: readonly Skipped[];
  readonly metrics: Readonly<Record<MetricName, MetricResult>>;
  readonly mcnemar: readonly McNemarResult[];
  /** Who votes, and on how many triplets all agree. */
  readonly ensemble?: { readonly voters: readonly MetricName[]; readonly unanimous: number; readonly split: number };
  readonly publishedSource: string;
  readonly notes: readonly string[];
  readonly manifest: string;
}

export interface ReportRequest {
  readonly run: BenchRun;
  readonly metrics: readonly BenchMetric[];
  /** Metrics that vote; empty without an ensemble. */
  readonly voters: readonly MetricName[];
  /** null for triplets of one's own. */
  readonly layout: LayoutId | null;
  readonly dataset: string;
  readonly mode: ScoringMode;
  readonly seed: number;
  readonly notes: readonly string[];
}

/** What every metric, and the ensemble where it votes, chose of each triplet. */
export function decisionsOf({
  run,
  metrics,
  voters,
  mode,
}: Pick<ReportRequest, "run" | "metrics" | "voters" | "mode">): ReadonlyMap<MetricName, readonly Decision[]> {
  const decisions = new Map<MetricName, readonly Decision[]>(
    metrics.map(({ name }) => [name, run.judged.map((judged) => decisionOf(name, judged))]),
  );
  if (voters.length > 0)
    decisions.set(
      ensembleName,
      run.judged.map((judged) => majority(votesOn(judged, voters, mode))),
    );
  return decisions;
}

/** Counts a run. */
export function reportOf(request: ReportRequest): BenchReport {
  const { run, layout, voters } = request;
  const decisions = decisionsOf(request);
  const triplets = run.judged.map(({ triplet }) => triplet);
  const results = [...decisions].map(([name, chosen]) => [name, resultOf(name, { chosen, triplets, request })] as const);
  return {
    layout: layout ?? "custom",
    dataset: request.dataset,
    mode: request.mode,
    seed: request.seed,
    triplets: run.judged.length,
    skipped: run.skipped,
    metrics: Object.fromEntries(results),
    mcnemar: comparisons(decisions, triplets),
    ...(voters.length === 0 ? {} : { ensemble: agreement(request) }),
    publishedSource,
    notes: request.notes,
    manifest: run.manifest,
  };
}

function scoresOf({ scores }: JudgedTriplet, metric: MetricName): PairOfScores {
  return scores.get(metric) ?? { a: Number.NaN, b: Number.NaN };
}

function decisionOf(metric: MetricName, judged: JudgedTriplet): Decision {
  return nearerOf(scoresOf(judged, metric), findMetric(metric).direction);
}

function votesOn(judged: JudgedTriplet, voters: readonly MetricName[], mode: ScoringMode) {
  return voters.map((voter) => voteOf(scoresOf(judged, voter), { mode, direction: findMetric(voter).direction }));
}

function tallyOf(chosen: readonly Decision[], triplets: readonly Triplet[]): Tally {
  const correct = triplets.filter(({ choice }, index) => chosen[index] === choice).length;
  const total = triplets.length;
  const ties = chosen.filter((decision) => decision === "tie").length;
  return { accuracy: total === 0 ? 0 : correct / total, correct, total, ties, interval: wilsonInterval(correct, total) };
}

interface Counted {
  readonly chosen: readonly Decision[];
  readonly triplets: readonly Triplet[];
  readonly request: ReportRequest;
}

function resultOf(name: MetricName, { chosen, triplets, request }: Counted): MetricResult {
  const bench = request.metrics.find((metric) => metric.name === name);
  const groups = [...new Set(triplets.map(({ group }) => group).filter((group) => group !== null))];
  const groupTally = (group: string): Tally => {
    const places = [...triplets.keys()].filter((index) => triplets[index]?.group === group);
    return tallyOf(
      places.flatMap((index) => chosen[index] ?? []),
      places.flatMap((index) => triplets[index] ?? []),
    );
  };
  return {
    ...tallyOf(chosen, triplets),
    published: publishedBeside(name, request),
    model: bench === undefined ? null : { name: bench.model.name, sha256: bench.model.sha256 },
    recipe: request.run.recipes.get(name) ?? null,
    groups: Object.fromEntries(groups.map((group) => [group, groupTally(group)])),
    ...(request.mode === "published" && bench !== undefined ? asPublished(name, request) : {}),
  };
}

/** The published ensemble is of three voters; a vote of others has nothing to stand beside. */
function publishedBeside(name: MetricName, { layout, voters }: ReportRequest): number | null {
  const isOfOthers = name === ensembleName && !ensembleVoters.every(({ voter }) => voters.some((own) => findMetric(own).vote === voter));
  return layout === null || isOfOthers ? null : publishedAccuracy(layout, name);
}

/** Names the scripts give to metrics, where they decide by them. */
const scriptNames: Readonly<Record<MetricName, string>> = { "diffsim-s": "diffsim", "diffsim-xl": "diffsim_xl", "diffsim-dit": "dit" };

function asPublished(name: MetricName, { layout, run }: ReportRequest): Pick<MetricResult, "asPublished"> {
  if (layout === null) return {};
  const { script } = protocols[layout];
  const metric = { metric: scriptNames[name] ?? name, similarity: "cosine" } as const;
  const right = run.judged.filter((judged) => publishedPicksA(script, metric, scoresOf(judged, name)) === (judged.triplet.choice === "a"));
  const counted = { correct: right.length, accuracy: run.judged.length === 0 ? 0 : right.length / run.judged.length };
  if (script !== "cute" && script !== "style") return { asPublished: counted };
  const twice = run.judged.filter((judged) => publishedIsTwiceAsNear(script, metric, scoresOf(judged, name)));
  return { asPublished: { ...counted, twiceAsNear: twice.length } };
}

/** Every two metrics on the same triplets. */
function comparisons(decisions: ReadonlyMap<MetricName, readonly Decision[]>, triplets: readonly Triplet[]): readonly McNemarResult[] {
  const rights = [...decisions].map(([name, chosen]) => ({ name, right: triplets.map(({ choice }, index) => chosen[index] === choice) }));
  return rights.flatMap((a, index) =>
    rights.slice(index + 1).map((b) => {
      const onlyA = a.right.filter((isRight, place) => isRight && b.right[place] === false).length;
      const onlyB = b.right.filter((isRight, place) => isRight && a.right[place] === false).length;
      return { a: a.name, b: b.name, onlyA, onlyB, p: mcnemar(onlyA, onlyB) };
    }),
  );
}

function agreement({ run, voters, mode }: ReportRequest): NonNullable<BenchReport["ensemble"]> {
  const unanimous = run.judged.filter((judged) => new Set(votesOn(judged, voters, mode)).size === 1).length;
  return { voters, unanimous, split: run.judged.length - unanimous };
}
