import { expect, test } from "vitest";
import type { CheckMeasure } from "./check";
import { reachableAreas } from "./check-area";
import type { MetricCard } from "./model-card";

const cardOf = (metric: string, hasForeground: boolean): MetricCard => ({
  metric,
  title: metric,
  hint: "",
  needs: "",
  question: "instance",
  model: null,
  state: "ready",
  measured: 1,
  total: 1,
  accuracy: null,
  hasHeatMap: true,
  hasForeground,
});
const cards = [cardOf("tokens", true), cardOf("pooled", false)];
const foreground = (metric: string): CheckMeasure => ({ metric, area: "foreground" });
const whole = (metric: string): CheckMeasure => ({ metric, area: "whole" });

test("metrics that see a picture as one thing look at all of it beside one that has a foreground", () => {
  expect(reachableAreas([foreground("tokens"), foreground("pooled")], cards)).toEqual([foreground("tokens"), whole("pooled")]);
});

test("what was asked stays where no metric has a foreground, and where none was asked", () => {
  expect(reachableAreas([foreground("pooled")], cards)).toEqual([foreground("pooled")]);
  expect(reachableAreas([whole("tokens"), whole("pooled")], cards)).toEqual([whole("tokens"), whole("pooled")]);
});
