/** @file Who speaks for a family of metrics: one of those that a library is measured with. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Voter } from "#shared/domain/vote-report";
import { findMetric } from "../../ml/metrics/registry";
import { questionOfMetric } from "../metric-names";
import type { MeasureRecipe } from "./measure-recipes";

/** The metric that speaks for a voter: the one that is asked if it is measured, then one that answers the same question, else any; null where there is none. */
export function spokesmanOf(measured: readonly MeasureRecipe[], voter: Voter, asked: MetricName | null): MeasureRecipe | null {
  const own = spokesmenOf(measured, voter);
  const question = asked === null ? null : questionOfMetric(asked);
  const isAlike = ({ key }: MeasureRecipe): boolean => questionOfMetric(key.metric) === question;
  return own.find(({ key }) => key.metric === asked) ?? own.find(isAlike) ?? own[0] ?? null;
}

/** All metrics of a family that the library is measured with. */
export function spokesmenOf(measured: readonly MeasureRecipe[], voter: Voter): readonly MeasureRecipe[] {
  return measured.filter(({ key }) => findMetric(key.metric).vote === voter);
}
