/** @file What a metric is called on screen. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { MetricCard } from "#shared/domain/model-card";

/** "Starter, style" or "DiffSim-S, style": the bundled model is always called Starter. */
export function useMetricTitle(): (card: Pick<MetricCard, "metric" | "title" | "question">) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ metric, title, question }) =>
      t("compare.metricTitle", {
        title: metric.startsWith("starter") ? t("compare.starter") : title,
        question: t(`compare.questions.${question}`),
      }),
    [t],
  );
}
