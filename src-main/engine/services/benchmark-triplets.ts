/** @file The single triplets of a run: which pass a filter. */
import { resolve } from "node:path";
import type { BenchmarkTriplet, TripletFilter, tripletPageSchema, TripletSide } from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { z } from "zod";
import type { Store } from "../../data/store/store-types";
import type { JudgedTriplet } from "../bench/bench-run";
import type { CountedRun } from "../bench/run-result";
import { ensembleName } from "../metric-names";

export type TripletPage = z.infer<typeof tripletPageSchema>;

export interface TripletQuery {
  readonly filter: TripletFilter;
  readonly offset: number;
  readonly limit: number;
}

/** A page of the judged triplets that pass, in the order of the set. */
export function tripletPage(store: Store, run: CountedRun, { filter, offset, limit }: TripletQuery): TripletPage {
  const places = [...run.scores.judged.keys()].filter((place) => passes(run, place, filter));
  return { total: places.length, items: places.slice(offset, offset + limit).map((place) => described(store, run, place)) };
}

function passes(run: CountedRun, place: number, filter: TripletFilter): boolean {
  const isRight = (metric: MetricName): boolean => run.decisions.get(metric)?.[place] === run.scores.judged[place]?.triplet.choice;
  switch (filter.kind) {
    case "all":
      return true;
    case "disagree":
      return new Set(run.voters.map((metric) => run.decisions.get(metric)?.[place])).size > 1;
    case "vote-wrong":
      return run.decisions.has(ensembleName) && !isRight(ensembleName);
    case "wrong":
      return run.decisions.has(filter.metric) && !isRight(filter.metric);
    case "right":
      return run.voters.every((metric) => isRight(metric) === filter.metrics.includes(metric));
  }
}

function described(store: Store, { scores, decisions, manifest }: CountedRun, place: number): BenchmarkTriplet {
  const { index, triplet, scores: ofMetrics } = scores.judged[place] as JudgedTriplet & { readonly index: number };
  const picture = (side: TripletSide | "reference"): BenchmarkTriplet["reference"] => {
    const path = resolve(manifest.dataset, triplet[side]);
    return { path, assetId: store.files.get(path)?.assetId ?? null };
  };
  return {
    index,
    reference: picture("reference"),
    a: picture("a"),
    b: picture("b"),
    choice: triplet.choice,
    group: triplet.group,
    decisions: [...decisions].map(([metric, chosen]) => {
      const own = ofMetrics.get(metric);
      return { metric, a: finiteOf(own?.a), b: finiteOf(own?.b), chose: chosen[place] ?? "tie" };
    }),
  };
}

const finiteOf = (score: number | undefined): number | null => (score === undefined || !Number.isFinite(score) ? null : score);
