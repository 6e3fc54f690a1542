/** @file The check as a view shows it: how it is set up, what the engine said, and how that splits. Nothing here is asked twice or computed by the engine. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { CheckMeasure, CheckResult } from "#shared/domain/check";
import { reachableAreas } from "#shared/domain/check-area";
import type { Cutoffs } from "#shared/domain/check-calibration";
import { type CheckSplit, splitCheck } from "#shared/domain/check-split";
import { recommendedMeasures } from "#shared/domain/check-recommendation";
import type { MetricCard } from "#shared/domain/model-card";
import { useEngine } from "../../lib/engine";
import { useIsReadOnly } from "../../lib/read-only";
import { rememberStep } from "../../lib/undo-history";
import { type CheckQuestion, type CheckSetup, type RecommendedMetrics, checkQueryOf, measuresOf } from "./check-setup";
import { changeSetup, selectCandidate, useCheckState } from "./check-state";
import { useCheckRun, useWatchedCandidates } from "./use-check-run";
import { type Verdicts, useVerdicts } from "./use-verdicts";

const noCards: readonly MetricCard[] = [];

/**
 * `nothing`: neither references nor candidates; `no-references`, `no-candidates`: one of them is missing; `no-metric`: nothing can measure;
 * `measuring`: the first answer is on its way; `stopped`: the person stopped it; `failed`; `ready`: there is an answer, though a newer may come.
 */
export type CheckStage =
  "loading" | "nothing" | "no-references" | "no-candidates" | "no-metric" | "measuring" | "stopped" | "failed" | "ready";

export interface CheckView {
  readonly stage: CheckStage;
  readonly setup: CheckSetup;
  readonly measures: readonly CheckMeasure[];
  readonly recommended: RecommendedMetrics;
  readonly cards: readonly MetricCard[];
  readonly result: CheckResult | null;
  readonly split: CheckSplit | null;
  readonly shownMeasure: number;
  readonly selected: AssetId | null;
  readonly isReadOnly: boolean;
  readonly decide: Verdicts["decide"];
  readonly select: (id: AssetId | null) => void;
  readonly setCutoffs: (measure: number, cutoffs: Cutoffs) => void;
}

/** Runs the check of this window and derives everything from its answer. Mounted once, by the page. */
export function useCheck(): CheckView {
  const { api } = useEngine();
  const { data } = useQuery(api.metrics.list.queryOptions());
  const cards = data ?? noCards;
  const isReadOnly = useIsReadOnly();
  const setup = useCheckState((state) => state.setup);
  const result = useCheckState((state) => state.result);
  const error = useCheckState((state) => state.error);
  const isStopped = useCheckState((state) => state.isStopped);
  const selectedId = useCheckState((state) => state.selectedId);
  const shown = useCheckState((state) => state.shownMeasure);
  const isWatching = useCheckState((state) => state.isWatching);

  const recommended = useMemo(() => recommendedMetrics(cards), [cards]);
  const measures = useMemo(() => reachableAreas(measuresOf(setup, recommended), cards), [setup, recommended, cards]);
  const query = useMemo(() => (data === undefined ? null : checkQueryOf(setup, measures)), [data, setup, measures]);
  const { byHand, decide } = useVerdicts(setup.references, measures);
  useCheckRun(query);
  useWatchedCandidates(isWatching && setup.candidates?.kind === "folder");

  const { combine, cutoffs } = setup;
  const split = useMemo(
    () => (result === null ? null : splitCheck(result, { combine, cutoffs, byHand })),
    [result, combine, cutoffs, byHand],
  );
  return {
    stage: stageOf({ setup, isLoaded: data !== undefined, measures, result, hasError: error !== null, isStopped }),
    setup,
    measures,
    recommended,
    cards,
    result,
    split,
    shownMeasure: Math.min(shown, Math.max(0, (result?.measures.length ?? 1) - 1)),
    selected: selectedId,
    isReadOnly,
    decide,
    select: selectCandidate,
    setCutoffs,
  };
}

interface StageParts {
  readonly setup: CheckSetup;
  readonly isLoaded: boolean;
  readonly measures: readonly CheckMeasure[];
  readonly result: CheckResult | null;
  readonly hasError: boolean;
  readonly isStopped: boolean;
}

function stageOf({ setup, isLoaded, measures, result, hasError, isStopped }: StageParts): CheckStage {
  if (setup.references.length === 0 && setup.candidates === null) return "nothing";
  if (setup.references.length === 0) return "no-references";
  if (setup.candidates === null) return "no-candidates";
  if (!isLoaded) return "loading";
  if (measures.length === 0) return "no-metric";
  if (hasError) return "failed";
  if (result !== null) return "ready";
  return isStopped ? "stopped" : "measuring";
}

function recommendedMetrics(cards: readonly MetricCard[]): RecommendedMetrics {
  const names = (question: CheckQuestion) => recommendedMeasures(cards, question).map(({ metric }) => metric);
  return { style: names("style"), instance: names("instance") };
}

/** Sets the cut-offs of one measure while its handles move; nothing is asked of the engine. */
function setCutoffs(measure: number, cutoffs: Cutoffs): void {
  const { setup } = useCheckState.getState();
  const next = Array.from({ length: Math.max(setup.cutoffs.length, measure + 1) }, (_, index) => setup.cutoffs[index] ?? null);
  next[measure] = cutoffs;
  changeSetup({ cutoffs: next });
}

/** Remembers how cut-offs were before they were moved, for Undo. */
export function rememberCutoffs(before: CheckSetup["cutoffs"], title: string): void {
  if (useCheckState.getState().setup.cutoffs === before) return;
  rememberStep({ title, takeBack: async () => changeSetup({ cutoffs: before }) });
}
