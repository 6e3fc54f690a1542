/** @file "What should be alike?": the questions, the metric that answers each, and how well it does. */
import type { TFunction } from "i18next";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import { cn } from "../../../lib/class-names";
import { formatCount, formatPercent } from "../../../lib/format";
import { Tooltip } from "../../../ui/tooltip";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { isStarter, measuredShare, metricsFor, preferredMetric, questions } from "../metric-choice";
import { useMeasure } from "../queries";

export interface ModePickerProps {
  readonly cards: readonly MetricCard[];
  readonly current: MetricCard | null;
  readonly onChoose: (metric: MetricName) => void;
}

/** A radio group of metrics under their questions. A question shows its other metrics only while it is the chosen one. */
export function ModePicker({ cards, current, onChoose }: ModePickerProps): ReactNode {
  const { t } = useTranslation();
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const radios = [...(group.current?.querySelectorAll<HTMLButtonElement>('[role="radio"]:not([aria-disabled="true"])') ?? [])];
    const here = radios.indexOf(document.activeElement as HTMLButtonElement);
    const next = radios[(here + step + radios.length) % radios.length];
    next?.focus();
    next?.click();
  };
  return (
    <section className="border-b border-line py-2">
      <h3 id="find-question" className="m-0 mb-0.5 flex h-6 items-center px-3 text-2xs font-semibold text-fg-2">
        {t("find.whatAlike")}
      </h3>
      <div ref={group} role="radiogroup" aria-labelledby="find-question" onKeyDown={onKeyDown}>
        {questions.map((question) => {
          const chosen = current?.question === question ? current : null;
          const shown = chosen ?? preferredMetric(cards, question);
          if (shown === null) return null;
          return (
            <div key={question}>
              <MetricRadio
                card={shown}
                heading={t(`find.question.${question}`)}
                hint={t(`find.questionHint.${question}`)}
                isChosen={chosen !== null}
                onChoose={onChoose}
              />
              {chosen !== null && <FurtherMetrics cards={metricsFor(cards, question)} chosen={chosen} onChoose={onChoose} />}
            </div>
          );
        })}
      </div>
      {current?.accuracy && (
        <p className="m-0 px-3 pt-1 text-2xs text-fg-3">{t("find.accuracyNote", { source: current.accuracy.source })}</p>
      )}
      {current !== null && <MeasureOffer card={current} />}
    </section>
  );
}

/** So many metrics whose model is not there are listed; more are folded away. */
const mostAbsent = 2;

interface FurtherMetricsProps {
  readonly cards: readonly MetricCard[];
  readonly chosen: MetricCard;
  readonly onChoose: (metric: MetricName) => void;
}

/** The other metrics of the chosen question. Those without their model come last, and many of them wait behind a button. */
function FurtherMetrics({ cards, chosen, onChoose }: FurtherMetricsProps): ReactNode {
  const { t } = useTranslation();
  const [isUnfolded, setUnfolded] = useState(false);
  const others = cards.filter(({ metric }) => metric !== chosen.metric);
  const absent = others.filter(({ state }) => state === "needs-model");
  const isFolded = absent.length > mostAbsent && !isUnfolded;
  const shown = [...others.filter(({ state }) => state !== "needs-model"), ...(isFolded ? [] : absent)];
  return (
    <>
      {shown.map((card) => (
        <MetricRadio key={card.metric} card={card} heading={null} hint={card.hint} isChosen={false} onChoose={onChoose} />
      ))}
      {absent.length > mostAbsent && (
        <button
          type="button"
          aria-expanded={isUnfolded}
          onClick={() => setUnfolded(!isUnfolded)}
          className="flex min-h-6 w-full items-center gap-2 border-0 bg-transparent px-3 py-0.5 text-left text-2xs text-fg-3 outline-offset-[-2px] hover:bg-hover-fill"
        >
          <Icon icon={isUnfolded ? ChevronDown : ChevronRight} size={14} />
          {t("find.moreNeedModels", { count: absent.length })}
        </button>
      )}
    </>
  );
}

interface MetricRadioProps {
  readonly card: MetricCard;
  /** The question in large; null for a further metric of the same question. */
  readonly heading: string | null;
  readonly hint: string;
  readonly isChosen: boolean;
  readonly onChoose: (metric: MetricName) => void;
}

function MetricRadio({ card, heading, hint, isChosen, onChoose }: MetricRadioProps): ReactNode {
  const { t } = useTranslation();
  const isMissing = card.state === "needs-model";
  const title = useMetricTitle(card);
  const standing = useStanding(card);
  return (
    <Tooltip label={hint} side="right">
      <button
        type="button"
        role="radio"
        aria-checked={isChosen}
        aria-disabled={isMissing}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => !isMissing && onChoose(card.metric)}
        className={cn(
          "grid w-full items-center gap-x-2 gap-y-px border-0 bg-transparent px-3 text-left text-fg-2 outline-offset-[-2px] hover:bg-hover-fill",
          heading === null ? "min-h-6 grid-cols-[14px_auto_minmax(0,1fr)] py-0.5" : "grid-cols-[14px_minmax(0,1fr)_auto] py-[7px]",
          isChosen && "bg-select-fill text-fg-1 hover:bg-select-fill",
        )}
      >
        <span
          className={cn(
            "size-3 rounded-full border border-control-line",
            heading === null && "mx-px size-2.5",
            isChosen && "border-4 border-accent",
            isMissing && "border-line-strong",
          )}
        />
        {heading === null ? (
          <>
            <span className={cn("truncate", isMissing && "text-fg-3")}>{isStarter(card.metric) ? title : card.title}</span>
            <span className="truncate text-right text-2xs text-fg-3">{standing}</span>
          </>
        ) : (
          <>
            <span className={cn("truncate font-medium", isMissing && "font-normal text-fg-3")}>{heading}</span>
            <span className="text-fg-2">{card.accuracy && !isMissing ? formatPercent(card.accuracy.percent) : null}</span>
            <span className="col-span-2 col-start-2 text-2xs text-fg-3">{isMissing ? standing : `${title}, ${accuracyText(card, t)}`}</span>
          </>
        )}
      </button>
    </Tooltip>
  );
}

/** "Starter", or the metric with its model: "DiffSim-S, Stable Diffusion 1.5". */
export function useMetricTitle(card: Pick<MetricCard, "metric" | "title" | "model">): string {
  const { t } = useTranslation();
  if (isStarter(card.metric)) return t("find.starter");
  return card.model === null ? card.title : `${card.title}, ${card.model}`;
}

function accuracyText({ accuracy }: MetricCard, t: TFunction): string {
  return accuracy === null ? t("find.notBenchmarked") : t("find.accuracyOn", { set: accuracy.set, trials: formatCount(accuracy.trials) });
}

/** Where a further metric of a question stands, in a few words: its model, its measurement, or its accuracy. */
function useStanding({ needs, state, measured, total, accuracy }: MetricCard): string {
  const { t } = useTranslation();
  if (state === "needs-model") return t("find.needs", { model: needs });
  if (state === "not-measured") return t("find.libraryShare", { percent: Math.floor(measuredShare({ measured, total }) * 100) });
  return accuracy === null ? t("find.notBenchmarked") : formatPercent(accuracy.percent);
}

/** What is missing before the chosen metric can answer for the whole library. */
function MeasureOffer({ card }: { readonly card: MetricCard }): ReactNode {
  const { t } = useTranslation();
  const measure = useMeasure(t("find.measuringStarted", { metric: useMetricTitle(card) }));
  if (card.state !== "not-measured" || card.total === 0) return null;
  return (
    <div className="flex items-center gap-2 px-3 pt-2">
      <span className="min-w-0 flex-1 text-2xs text-fg-3">{t("find.measuredOf", { percent: Math.floor(measuredShare(card) * 100) })}</span>
      <Button size="sm" onClick={() => measure(card.metric)}>
        {t("find.measureLibrary")}
      </Button>
    </div>
  );
}
