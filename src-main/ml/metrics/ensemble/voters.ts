/** @file Who votes in the published ensemble. Source: `--metric ensemble` of the published *_main.py. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricFacts } from "../metric";

export interface EnsembleVoter {
  readonly voter: NonNullable<MetricFacts["vote"]>;
  /** The metric that speaks for it unless another one of the voter is asked. */
  readonly usual: MetricName;
}

export const ensembleVoters: readonly EnsembleVoter[] = [
  { voter: "diffsim", usual: "diffsim-s" },
  { voter: "clip", usual: "clip-i" },
  { voter: "dino", usual: "dinov2-cls" },
];

export const usualVoters: readonly MetricName[] = ensembleVoters.map(({ usual }) => usual);
