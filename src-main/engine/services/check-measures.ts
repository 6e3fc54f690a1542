/** @file The measures of a check, with the recipes that their numbers come from. */
import { appError } from "#shared/domain/app-error";
import type { CheckMeasure } from "#shared/domain/check";
import { findMetric } from "../../ml/metrics/registry";
import { noForegroundScore } from "./foreground-service";
import type { MeasureRecipe, MeasureRecipes } from "./measure-recipes";

export interface OpenMeasure {
  readonly measure: CheckMeasure;
  readonly recipe: MeasureRecipe;
}

/** Each measure once. Throws metric/..., usage/invalid for a distance, and for the foreground under a metric whose score is not made of tokens. */
export async function openMeasures(recipes: MeasureRecipes, measures: readonly CheckMeasure[]): Promise<readonly OpenMeasure[]> {
  const opened: OpenMeasure[] = [];
  for (const measure of measures) {
    if (opened.some((other) => other.measure.metric === measure.metric && other.measure.area === measure.area)) continue;
    assertLikeness(measure);
    const recipe = await recipes.of(measure.metric);
    if (measure.area === "foreground" && !recipe.ranksByTokens) throw noForegroundScore(measure.metric);
    opened.push({ measure, recipe });
  }
  return opened;
}

function assertLikeness({ metric }: CheckMeasure): void {
  if (findMetric(metric).direction === "similarity") return;
  throw appError("usage/invalid", `${metric} is a distance, and a check goes by likeness.`, {
    hint: "Choose a metric of likeness, for example starter-subject.",
  });
}
