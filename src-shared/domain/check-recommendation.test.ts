/** @file The recommended measures follow what is measured and make up for what they cannot see. */
import { expect, test } from "vitest";
import { blindSpots, recommendedMeasures } from "./check-recommendation";
import type { MetricCard } from "./model-card";

const card = (metric: string, changes: Partial<MetricCard> = {}): MetricCard => ({
  metric,
  title: metric,
  hint: "",
  needs: "",
  question: "instance",
  model: "m",
  state: "ready",
  measured: 10,
  total: 10,
  accuracy: null,
  hasHeatMap: true,
  blindTo: [],
  ...changes,
});
const starter = card("starter-subject", { blindTo: ["colour"] });
const colour = card("colour", { question: "style", state: "not-measured", measured: 0 });
const whole = (...metrics: string[]) => metrics.map((metric) => ({ metric, area: "whole" as const }));

test("a metric that is blind to colour is helped by one that sees it", () => {
  expect(recommendedMeasures([starter, colour], "instance")).toEqual(whole("starter-subject", "colour"));
  expect(recommendedMeasures([card("dinov2-cls"), starter, colour], "instance")).toEqual(whole("dinov2-cls"));
  expect(recommendedMeasures([card("dinov2-cls", { measured: 3 }), starter, colour], "instance")).toEqual(
    whole("starter-subject", "colour"),
  );
  expect(recommendedMeasures([colour], "instance")).toEqual([]);
});

test("what one measure cannot see is told unless another one sees it", () => {
  const cards = [starter, colour, card("dinov2-cls")];
  expect(blindSpots(whole("starter-subject"), cards)).toEqual(["colour"]);
  expect(blindSpots(whole("starter-subject", "colour"), cards)).toEqual([]);
  expect(blindSpots(whole("starter-subject", "dinov2-cls"), cards)).toEqual([]);
  expect(blindSpots([], cards)).toEqual([]);
});
