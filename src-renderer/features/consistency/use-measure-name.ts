/** @file What a measure is called where its question is clear. */
import { useCallback } from "react";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import { useMetricTitle } from "../../lib/metric-title";

/** The title of a metric; of the bundled model, whose metrics share one, with its question. */
export function useMeasureName(cards: readonly MetricCard[]): (metric: MetricName) => string {
  const titleOf = useMetricTitle();
  return useCallback(
    (metric) => {
      const card = cards.find((each) => each.metric === metric);
      if (card === undefined) return metric;
      return metric.startsWith("starter") ? titleOf(card) : card.title;
    },
    [cards, titleOf],
  );
}
