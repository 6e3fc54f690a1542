/** @file Which metric is offered first. */
import { describe, expect, it } from "vitest";
import type { MetricCard } from "#shared/domain/model-card";
import { currentMetric, measuredShare, preferredMetric } from "./metric-choice";

const card = (metric: MetricCard["metric"], question: MetricCard["question"], state: MetricCard["state"]): MetricCard => ({
  metric,
  question,
  state,
  title: metric,
  hint: "",
  needs: "",
  model: null,
  measured: 0,
  total: 0,
  accuracy: null,
  hasHeatMap: true,
});

describe("choice of a metric", () => {
  const cards = [
    card("starter-style", "style", "ready"),
    card("diffsim-s", "style", "not-measured"),
    card("clip-i", "semantic", "needs-model"),
    card("dinov2-aas", "instance", "ready"),
  ];

  it("prefers what can answer, and a model someone chose to the starter", () => {
    expect(preferredMetric(cards, "style")?.metric).toBe("starter-style");
    expect(preferredMetric([...cards, card("diffsim-s", "style", "ready")], "style")?.metric).toBe("diffsim-s");
    expect(preferredMetric(cards, "semantic")?.metric).toBe("clip-i");
    expect(preferredMetric([], "style")).toBeNull();
  });

  it("keeps the chosen metric, whatever its state", () => {
    expect(currentMetric(cards, "clip-i")?.metric).toBe("clip-i");
    expect(currentMetric(cards, null)?.metric).toBe("starter-style");
    expect(currentMetric(cards, "dinov2-cls")?.metric).toBe("starter-style");
    expect(currentMetric([], null)).toBeNull();
  });

  it("counts an empty library as measured", () => {
    expect(measuredShare({ measured: 0, total: 0 })).toBe(1);
    expect(measuredShare({ measured: 31, total: 50 })).toBe(0.62);
  });
});
