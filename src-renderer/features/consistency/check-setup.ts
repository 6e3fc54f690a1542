/** @file What is checked against what, and how: everything about a check that an address can hold. Pure. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckArea, CheckCandidates, CheckCombine, CheckMeasure, CheckQuery } from "#shared/domain/check";
import type { Cutoffs } from "#shared/domain/check-calibration";
import type { MetricName } from "#shared/domain/feature-recipe";

export const checkModes = ["style", "instance", "both"] as const;
export type CheckMode = (typeof checkModes)[number];
/** The questions a check asks; "both" asks one after the other. */
export type CheckQuestion = Exclude<CheckMode, "both">;

export const checkOrders = ["score", "worst", "name"] as const;
export type CheckOrder = (typeof checkOrders)[number];

export interface CheckSetup {
  readonly references: readonly AssetId[];
  /** The board the references were taken from, while they are still its. */
  readonly boardId: string | null;
  readonly candidates: CheckCandidates | null;
  readonly mode: CheckMode;
  /** The metric chosen for a question; null: what is recommended. */
  readonly metrics: Readonly<Record<CheckQuestion, MetricName | null>>;
  readonly area: CheckArea;
  readonly combine: CheckCombine;
  /** One a measure, set by hand; null: what is suggested. */
  readonly cutoffs: readonly (Cutoffs | null)[];
  readonly order: CheckOrder;
}

export const emptySetup: CheckSetup = {
  references: [],
  boardId: null,
  candidates: null,
  mode: "instance",
  metrics: { style: null, instance: null },
  area: "whole",
  combine: "mean",
  cutoffs: [],
  order: "score",
};

/** Most references one check takes. */
export const mostReferences = 200;

/** The metrics recommended for each question on this library; empty where none can be used. */
export type RecommendedMetrics = Readonly<Record<CheckQuestion, readonly MetricName[]>>;

/** What candidates are looked at by. The same metric is never asked twice. */
export function measuresOf({ mode, metrics, area }: CheckSetup, recommended: RecommendedMetrics): readonly CheckMeasure[] {
  const questions: readonly CheckQuestion[] = mode === "both" ? ["style", "instance"] : [mode];
  const names = questions.flatMap((question) => {
    const chosen = metrics[question];
    return chosen === null ? recommended[question] : [chosen];
  });
  return [...new Set(names)].map((metric) => ({ metric, area }));
}

/** The question for the engine; null while there is nothing to ask. */
export function checkQueryOf(setup: CheckSetup, measures: readonly CheckMeasure[]): CheckQuery | null {
  const { references, candidates } = setup;
  if (references.length === 0 || candidates === null || measures.length === 0) return null;
  return { references: [...references], candidates, measures: [...measures] };
}

/** Changes that give every score another meaning: cut-offs set by hand no longer fit. */
export function changesScale(change: Partial<CheckSetup>): boolean {
  return ["mode", "metrics", "area", "combine"].some((name) => name in change);
}
