/** @file How many results there are, where their scores lie among random pairs, and the cut-off between yes and no. */
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MetricCard } from "#shared/domain/model-card";
import type { RandomPairs, SearchEvent } from "#shared/domain/search";
import { ScoreHistogram } from "../../../charts/score-histogram";
import type { ValueRange } from "../../../charts/scales";
import { formatCount, formatScore } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { NumberField } from "../../../ui/number-field";
import type { CutoffSplit } from "../cutoff";
import { editQuery, useFind } from "../find-state";

export interface ResultsHeaderProps {
  readonly card: MetricCard;
  readonly event: SearchEvent;
  readonly split: CutoffSplit;
  readonly scores: readonly number[];
  readonly pairs: RandomPairs | undefined;
  readonly cutoff: number | null;
  readonly range: ValueRange;
  /** No result is rarer than 1 in 100 random pairs, so none is called a match. */
  readonly isNoMatch: boolean;
}

const setCutoff = (cutoff: number): void => editQuery({ type: "cutoff", cutoff });
const settle = (): void => editQuery({ type: "settle" });

/** The count, the histogram with its handle, and the number field. Moving the cut-off only splits the list anew. */
export function ResultsHeader({ card, event, split, scores, pairs, cutoff, range, isNoMatch }: ResultsHeaderProps): ReactNode {
  const { t } = useTranslation();
  const isSigned = useFind((state) => state.search.shownFor?.references.some(({ weight }) => weight < 0) ?? false);
  const count = isNoMatch ? 0 : split.above.length;
  // Without a cut-off nothing was judged, so nothing is called a match.
  const countText = t(cutoff === null && !isNoMatch ? "find.ranked" : "find.matches", {
    count,
    number: formatCount(count),
    question: t(`find.inQuestion.${card.question}`),
  });
  return (
    <header className="grid h-[84px] shrink-0 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-4 border-b border-line bg-panel px-3">
      <div className="max-w-44">
        <div role="status">
          <h2 className="m-0 text-sm font-medium">{countText}</h2>
        </div>
        <div className="mt-0.5 text-2xs text-fg-3">{t("find.ofMeasured", { number: formatCount(event.measured) })}</div>
      </div>
      <div className="flex max-w-[820px] min-w-0">
        <ScoreHistogram
          background={pairs?.scores ?? []}
          foreground={scores}
          range={range}
          cutoff={cutoff}
          suggested={pairs?.suggestedCutoff ?? null}
          onChange={setCutoff}
          onCommit={settle}
          words={{
            background: t("find.randomPairs"),
            foreground: t("find.thisQuery"),
            cutoff: t("find.cutoff"),
            valueText: cutoff === null ? "" : `${formatScore(cutoff)}, ${countText}`,
            description: describe(scores, pairs, t),
          }}
        />
      </div>
      <CutoffField {...{ cutoff, range }} suggested={pairs?.suggestedCutoff ?? null} isLoading={pairs === undefined} isSigned={isSigned} />
    </header>
  );
}

function describe(scores: readonly number[], pairs: RandomPairs | undefined, t: TFunction): string {
  const sorted = pairs?.scores.toSorted((a, b) => a - b) ?? [];
  const median = sorted[sorted.length >> 1];
  return t("find.histogram", {
    median: median === undefined ? "-" : formatScore(median),
    best: scores.length === 0 ? "-" : formatScore(Math.max(...scores)),
  });
}

interface CutoffFieldProps {
  readonly cutoff: number | null;
  readonly suggested: number | null;
  readonly range: ValueRange;
  readonly isLoading: boolean;
  /** An "unlike" takes the scores off the scale of random pairs. */
  readonly isSigned: boolean;
}

function CutoffField({ cutoff, suggested, range, isLoading, isSigned }: CutoffFieldProps): ReactNode {
  const { t } = useTranslation();
  if (isLoading) return <div className="w-28" />;
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex items-center gap-1">
        <span className="text-2xs text-fg-3">{t("find.cutoff")}</span>
        {cutoff === null ? (
          <Button size="sm" onClick={() => setCutoff(Math.round(((range.min + range.max) / 2) * 1000) / 1000)}>
            {t("find.setCutoff")}
          </Button>
        ) : (
          <NumberField
            label={t("find.cutoffScore")}
            value={cutoff}
            min={range.min}
            max={range.max}
            step={0.01}
            decimals={3}
            onChange={setCutoff}
          />
        )}
      </div>
      {suggested === null ? (
        <span className="text-2xs text-fg-3" title={t(isSigned ? "find.signedQueryHint" : "find.tooFewPairsHint")}>
          {t(isSigned ? "find.signedQuery" : "find.tooFewPairs")}
        </span>
      ) : (
        <Button
          size="sm"
          variant="ghost"
          title={t("find.suggestedHint")}
          disabled={cutoff === suggested}
          onClick={() => editQuery({ type: "cutoff", cutoff: null })}
        >
          {t("find.useSuggested", { cutoff: formatScore(suggested) })}
        </Button>
      )}
    </div>
  );
}
