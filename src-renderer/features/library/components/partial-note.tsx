/** @file Says how much of the library Find covers while measuring goes on. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";

/** Nothing once everything is measured with the ready metrics, or while nothing is. */
export function PartialNote(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const behind = cards
    ?.filter(({ state, total, measured }) => state === "ready" && total > 0 && measured < total)
    .reduce<{ measured: number; total: number } | null>(
      (least, card) => (least === null || card.measured < least.measured ? card : least),
      null,
    );
  if (!behind) return null;
  return (
    <p className="shrink-0 border-t border-line bg-panel px-3 py-1 text-2xs text-fg-2">
      {t("library.measuredPart", {
        percent: Math.floor((100 * behind.measured) / behind.total),
        done: formatCount(behind.measured),
        total: formatCount(behind.total),
      })}
    </p>
  );
}
