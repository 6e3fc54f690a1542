/** @file What a kept run found so far: the counts of the report, with calibration, who was right together, and published figures that may stand beside. */
import type { BenchmarkMetric, BenchmarkResult, BenchmarkTally } from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";
import { layoutIds, type LayoutId } from "../../data/datasets/layouts";
import { ensembleVoters } from "../../ml/metrics/ensemble/voters";
import type { Decision } from "../../ml/metrics/ensemble/votes";
import { findMetric } from "../../ml/metrics/registry";
import { ensembleName } from "../metric-names";
import { settingsText } from "./bench";
import { calibrationOf } from "./calibration";
import type { KeptManifest, KeptOrder, KeptScores } from "./kept-run";
import { publishedAccuracy, publishedSource, publishedSplits, runsAsPublished } from "./protocol";
import { decisionsOf, type MetricResult, reportOf, type ReportRequest } from "./report";

/** At most so many metrics are looked at together where the three of the ensemble are not all there. */
const mostVoters = 4;

/** A run that was read back, ready to be counted. */
export interface CountedRun {
  readonly manifest: KeptManifest;
  readonly order: KeptOrder;
  readonly scores: KeptScores;
  readonly request: ReportRequest;
  /** Who is looked at together; they also vote where `request.voters` names them. */
  readonly voters: readonly MetricName[];
  /** What each metric, and the vote where there is one, chose of each judged triplet. */
  readonly decisions: ReadonlyMap<MetricName, readonly Decision[]>;
}

/** Puts together what was kept of a run. The vote counts only where the three of the published ensemble take part. */
export function countRun(name: string, parts: Pick<CountedRun, "manifest" | "order" | "scores">): CountedRun {
  const { manifest, order, scores } = parts;
  const names = order.metrics.map((metric) => metric.name);
  const three = ensembleVoters.flatMap(({ voter }) => names.find((metric) => findMetric(metric).vote === voter) ?? []);
  const isVote = three.length === ensembleVoters.length;
  const request: ReportRequest = {
    run: { name, judged: scores.judged, skipped: manifest.skipped, recipes: new Map(), manifest: "" },
    metrics: order.metrics.map(({ name: metric, options }) => ({
      name: metric,
      model: { path: null, ...(scores.models.get(metric) ?? { name: "", sha256: "" }) },
      companions: {},
      options,
    })),
    voters: isVote ? three : [],
    layout: layoutIds.find((id) => id === manifest.layout) ?? null,
    dataset: manifest.dataset,
    mode: order.mode,
    seed: order.seed,
    notes: manifest.notes,
  };
  return { ...parts, request, voters: isVote ? three : names.slice(0, mostVoters), decisions: decisionsOf(request) };
}

/** Everything the counts say, the vote first and then the metrics as they were ordered. */
export function resultOf(run: CountedRun): Omit<BenchmarkResult, "set"> {
  const { manifest, order, request, scores } = run;
  const report = reportOf(request);
  const names = [...(request.voters.length > 0 ? [ensembleName] : []), ...order.metrics.map(({ name }) => name)];
  return {
    mode: order.mode,
    judged: scores.judged.length,
    total: manifest.triplets.length,
    finishedMs: order.finishedMs,
    metrics: names.flatMap((name) => {
      const counted = report.metrics[name];
      return counted === undefined ? [] : [metricOf(run, name, counted)];
    }),
    mcnemar: [...report.mcnemar],
    votes: votesOf(run),
  };
}

function metricOf(run: CountedRun, name: MetricName, counted: MetricResult): BenchmarkMetric {
  const { request, order } = run;
  const prompts = request.run.judged.some(({ triplet }) => triplet.prompt !== null) ? "the prompt of each triplet" : "one prompt for all";
  const options = order.metrics.find((metric) => metric.name === name)?.options;
  return {
    ...tally(counted),
    metric: name,
    title: name === ensembleName ? "Vote of three" : findMetric(name).title,
    model: counted.model?.name ?? null,
    settings: (options && settingsText(options, prompts)) || null,
    published: publishedOf(run, name, counted),
    groups: Object.entries(counted.groups).map(([group, part]) => ({ group, ...tally(part) })),
    calibration: name === ensembleName ? null : calibrationBins(run, name),
  };
}

function tally({ accuracy, correct, total, ties, interval }: BenchmarkTally): BenchmarkTally {
  return { accuracy, correct, total, ties, interval };
}

/** How far apart the two scores lay, positive where the right picture got the better one. */
function calibrationBins({ request }: CountedRun, name: MetricName): BenchmarkMetric["calibration"] {
  const sign = findMetric(name).direction === "similarity" ? 1 : -1;
  const margins = request.run.judged.map(({ triplet, scores }) => {
    const { a, b } = scores.get(name) ?? { a: Number.NaN, b: Number.NaN };
    return sign * (triplet.choice === "a" ? a - b : b - a);
  });
  const calibration = calibrationOf(margins);
  return calibration === null ? null : { error: calibration.error, bins: [...calibration.bins] };
}

/** null unless all of the published set was judged, by the published model under the published settings and rule. */
function publishedOf(run: CountedRun, name: MetricName, counted: MetricResult): BenchmarkMetric["published"] {
  const { manifest, order, request, scores } = run;
  const { layout } = request;
  if (layout === null || !manifest.isWhole || scores.judged.length < manifest.triplets.length) return null;
  const members = name === ensembleName ? request.voters : [name];
  if (!members.every((member) => isAsPublished(layout, { order, scores, member }))) return null;
  const accuracy = publishedAccuracy(layout, name);
  const split = publishedSplits[layout];
  const of = split === undefined ? counted : counted.groups[split];
  return accuracy === null || of === undefined ? null : { accuracy, of: tally(of), source: publishedSource };
}

interface Member {
  readonly order: KeptOrder;
  readonly scores: KeptScores;
  readonly member: MetricName;
}

/** Diffusion metrics score otherwise in corrected mode, where the noise of a picture does not depend on its place. */
function isAsPublished(layout: LayoutId, { order, scores, member }: Member): boolean {
  const options = order.metrics.find(({ name }) => name === member)?.options ?? {};
  const isNoisy = Object.keys(options).length > 0;
  return (
    runsAsPublished(layout, { name: member, model: scores.models.get(member)?.name ?? "", options }) &&
    (order.mode === "published" || !isNoisy)
  );
}

/** Letters of the ensemble's voters; others are told apart by what they ask. */
const letters = { diffsim: "D", clip: "C", dino: "N" } as const;

/** Triplets by which of the voters were right, the most frequent first. */
function votesOf({ voters, decisions, request }: CountedRun): BenchmarkResult["votes"] {
  const counts = new Map<string, { right: boolean[]; count: number }>();
  for (const [place, { triplet }] of request.run.judged.entries()) {
    const right = voters.map((voter) => decisions.get(voter)?.[place] === triplet.choice);
    const key = right.join();
    counts.set(key, { right, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return {
    voters: lettered(voters),
    combinations: [...counts.values()].sort((one, other) => other.count - one.count),
  };
}

/** No two have the same letter: one that is taken gives way to the place among the voters. */
function lettered(voters: readonly MetricName[]): BenchmarkResult["votes"]["voters"] {
  const own = voters.map(letterOf);
  return voters.map((metric, place) => {
    const letter = letterOf(metric);
    return { metric, letter: own.indexOf(letter) === place ? letter : String(place + 1) };
  });
}

function letterOf(metric: MetricName): string {
  const { vote, question } = findMetric(metric);
  return vote === null || vote === "starter" ? question.charAt(0).toUpperCase() : letters[vote];
}
