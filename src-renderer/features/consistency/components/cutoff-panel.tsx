/** @file Where the scores of references, impostors and candidates lie, and the two cut-offs between the verdicts. */
import type { TFunction } from "i18next";
import { type ReactNode, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CheckResult } from "#shared/domain/check";
import type { Calibration, Cutoffs } from "#shared/domain/check-calibration";
import type { CheckSplit } from "#shared/domain/check-split";
import { TwoHistograms } from "../../../charts/two-histograms";
import { withinRange } from "../../../charts/handle-moves";
import { rangeOf, type ValueRange, widenTo } from "../../../charts/scales";
import { formatScore } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { SegmentedControl } from "../../../ui/segmented-control";
import { Select } from "../../../ui/select";
import { useCheckState } from "../check-state";
import type { CheckSetup } from "../check-setup";
import { type CheckView, rememberCutoffs } from "../use-check";
import { useMeasureName } from "../use-measure-name";

export interface CutoffPanelProps {
  readonly check: CheckView;
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly onSuggested: () => void;
}

/** Legend and plot. Moving a handle splits anew what is there; the engine is asked nothing. */
export function CutoffPanel({ check, result, split, onSuggested }: CutoffPanelProps): ReactNode {
  const { t } = useTranslation();
  const { shownMeasure, setCutoffs, setup } = check;
  const before = useRef<CheckSetup["cutoffs"] | null>(null);
  const calibration = split.calibrations[shownMeasure];
  const cutoffs = split.cutoffs[shownMeasure] ?? null;
  const candidates = useMemo(() => split.rows.flatMap(({ scores }) => scores[shownMeasure] ?? []), [split.rows, shownMeasure]);
  // The range does not follow the handles, or they would run away under the pointer.
  const range = useMemo(() => rangeOfPlot(calibration, candidates), [calibration, candidates]);
  if (calibration === undefined) return null;
  const { genuine, impostors } = calibration;
  const isSuggested = setup.cutoffs.every((each) => each === null) && split.rows.every(({ isByHand }) => !isByHand);
  return (
    <section aria-label={t("check.cutoffs")} className="@container shrink-0 border-b border-line bg-panel px-3 pt-1.5">
      <div className="flex h-7 items-center gap-3 overflow-hidden text-2xs whitespace-nowrap text-fg-2">
        {result.measures.length > 1 && <MeasureSwitch check={check} result={result} />}
        <LegendBox className="bg-fg-2">{t("check.legend.references")}</LegendBox>
        <LegendBox className="bg-control-press">{t("check.legend.impostors")}</LegendBox>
        <span className="flex items-center gap-1.5">
          <span aria-hidden className="h-2.5 w-px bg-fg-1" />
          {t("check.legend.candidates")}
        </span>
        <span className="ml-auto" />
        {cutoffs !== null && <span className="hidden text-fg-3 @[900px]:inline">{t("check.dragHint")}</span>}
        {cutoffs === null && (
          <Button size="sm" onClick={() => setCutoffs(shownMeasure, middleThird(range))}>
            {t("check.setCutoffs")}
          </Button>
        )}
        <Button size="sm" variant="ghost" disabled={isSuggested} title={t("check.suggestedHint")} onClick={onSuggested}>
          {t("check.useSuggested")}
        </Button>
      </div>
      <TwoHistograms
        genuine={genuine}
        impostors={impostors}
        ticks={candidates}
        range={range}
        pair={cutoffs === null ? null : { low: cutoffs.reject, high: cutoffs.accept }}
        onChange={({ low, high }) => {
          before.current ??= setup.cutoffs;
          setCutoffs(shownMeasure, { reject: low, accept: high });
        }}
        onCommit={() => {
          if (before.current !== null) rememberCutoffs(before.current, t("check.undo.cutoffs"));
          before.current = null;
        }}
        words={{ low: t("check.rejectBelow"), high: t("check.acceptFrom"), description: describe(t, { genuine, impostors, candidates }) }}
      />
    </section>
  );
}

/** Two stand side by side; more would push the legend out. */
function MeasureSwitch({ check, result }: { readonly check: CheckView; readonly result: CheckResult }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useMeasureName(check.cards);
  const Control = result.measures.length > 2 ? Select : SegmentedControl;
  return (
    <Control
      label={t("check.shownMeasure")}
      value={String(check.shownMeasure)}
      onChange={(next) => useCheckState.setState({ shownMeasure: Number(next) })}
      options={result.measures.map(({ measure }, index) => ({ value: String(index), label: nameOf(measure.metric) }))}
    />
  );
}

function LegendBox({ className, children }: { readonly className: string; readonly children: ReactNode }): ReactNode {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2.5 rounded-xs ${className}`} />
      {children}
    </span>
  );
}

function rangeOfPlot(calibration: Calibration | undefined, candidates: readonly number[]): ValueRange {
  const { genuine = [], impostors = [], suggested = null } = calibration ?? {};
  const cuts = suggested === null ? [] : [suggested.accept, suggested.reject];
  // A handle reaches beyond the best candidate, so that none is accepted.
  const above = candidates.length === 0 ? [] : [candidates.reduce((best, score) => Math.max(best, score)) + 0.001];
  return widenTo(rangeOf(genuine, impostors, candidates, cuts, above), 0.1);
}

/** Where handles start that nothing suggests a place for. */
function middleThird({ min, max }: ValueRange): Cutoffs {
  const third = (max - min) / 3;
  return { reject: withinRange(min + third, { min, max }), accept: withinRange(max - third, { min, max }) };
}

interface Plotted {
  readonly genuine: readonly number[];
  readonly impostors: readonly number[];
  readonly candidates: readonly number[];
}

/** The lists by their middles, for who cannot see the plot. */
function describe(t: TFunction, { genuine, impostors, candidates }: Plotted): string {
  const middle = (scores: readonly number[]): string => {
    const score = scores.toSorted((a, b) => a - b)[scores.length >> 1];
    return score === undefined ? "-" : formatScore(score);
  };
  return t("check.plot", { references: middle(genuine), impostors: middle(impostors), candidates: middle(candidates) });
}
