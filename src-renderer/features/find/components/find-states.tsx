/** @file What Find says instead of results: nothing asked, not measured, no model, no good match, an error. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import type { Match } from "#shared/domain/search";
import { formatCount, formatScore } from "../../../lib/format";
import { Button, buttonClass } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { measuredShare, preferredMetric, questions } from "../metric-choice";
import { useMeasure } from "../queries";
import { AddSelected, ChooseFile } from "./add-picture";
import { useMetricTitle } from "./mode-picker";

/** Nothing in the tray yet. */
export function NothingAsked(): ReactNode {
  const { t } = useTranslation();
  const actions = (
    <div className="grid justify-items-center gap-1">
      <ChooseFile isPrimary label={t("find.chooseImage")} />
      <AddSelected />
    </div>
  );
  return (
    <EmptyState title={t("find.emptyTitle")} actions={actions}>
      {t("find.empty")}
    </EmptyState>
  );
}

/** The library itself is empty. */
export function NothingToSearch(): ReactNode {
  const { t } = useTranslation();
  const actions = (
    <Link to="/library" className={buttonClass("primary")}>
      {t("find.openLibrary")}
    </Link>
  );
  return (
    <EmptyState title={t("find.noLibraryTitle")} actions={actions}>
      {t("find.noLibrary")}
    </EmptyState>
  );
}

/** The metric cannot answer yet. */
export function CannotAnswer({ card }: { readonly card: MetricCard }): ReactNode {
  const { t } = useTranslation();
  const title = useMetricTitle({ ...card, model: null });
  const measure = useMeasure(t("find.measuringStarted", { metric: title }));
  if (card.state === "needs-model") {
    return <EmptyState title={t("find.needs", { model: card.needs })}>{t("find.needsModelNote")}</EmptyState>;
  }
  const actions = (
    <Button variant="primary" onClick={() => measure(card.metric)}>
      {t("find.measureLibrary")}
    </Button>
  );
  return (
    <EmptyState title={t("find.notMeasuredTitle", { metric: title })} actions={actions}>
      {t("find.notMeasuredNote", { count: card.total, number: formatCount(card.total) })}
    </EmptyState>
  );
}

export interface NoGoodMatchProps {
  readonly best: Match;
  readonly card: MetricCard;
  readonly cards: readonly MetricCard[];
  readonly measured: number;
  readonly onShow: () => void;
  readonly onChoose: (metric: MetricName) => void;
}

/** Even the best score is common among random pairs, so nothing is called a match. */
export function NoGoodMatch({ best, card, cards, measured, onShow, onChoose }: NoGoodMatchProps): ReactNode {
  const { t } = useTranslation();
  const other = questions
    .filter((question) => question !== card.question)
    .map((question) => preferredMetric(cards, question))
    .find((each) => each?.state === "ready");
  const actions = (
    <>
      <Button onClick={onShow}>{t("find.showClosest")}</Button>
      {other && (
        <Button variant="ghost" onClick={() => onChoose(other.metric)}>
          {t("find.searchInstead", { question: t(`find.question.${other.question}`) })}
        </Button>
      )}
    </>
  );
  const hundredth = Math.max(2, Math.round((best.rarity ?? 0) * 100));
  return (
    <EmptyState title={t("find.noGoodMatch")} actions={actions}>
      {t("find.noGoodMatchNote", { total: formatCount(measured), score: formatScore(best.score), share: hundredth })}
    </EmptyState>
  );
}

/** A line under the header while the library is only partly measured. */
export function PartialNote({ card }: { readonly card: MetricCard }): ReactNode {
  const { t } = useTranslation();
  if (card.total === 0 || card.measured >= card.total) return null;
  return (
    <p className="m-0 flex h-7 shrink-0 items-center border-b border-line px-3 text-2xs text-fg-2" role="status">
      {t("find.partial", {
        percent: Math.floor(measuredShare(card) * 100),
        done: formatCount(card.measured),
        total: formatCount(card.total),
      })}
    </p>
  );
}
