/** @file The metric that has come furthest answers a question; one without its model never does. */
import { expect, test } from "vitest";
import type { MetricCard } from "#shared/domain/model-card";
import { metricForQuestion } from "./metric-choice";

const card = (metric: MetricCard["metric"], state: MetricCard["state"], measured: number): MetricCard => ({
  metric,
  title: metric,
  hint: "",
  needs: "",
  question: "style",
  model: null,
  state,
  measured,
  total: 100,
  accuracy: null,
  hasHeatMap: false,
});

test("prefers what is measured, keeps the order between equals, and skips what needs a model", () => {
  const cards = [
    card("diffsim-s", "needs-model", 0),
    card("starter-style", "ready", 100),
    card("clip-aas", "ready", 100),
    card("dinov2-aas", "not-measured", 0),
  ];
  expect(metricForQuestion(cards, "style")?.metric).toBe("starter-style");
  expect(metricForQuestion(cards.slice(3), "style")?.metric).toBe("dinov2-aas");
  expect(metricForQuestion(cards, "semantic")).toBeNull();
});
