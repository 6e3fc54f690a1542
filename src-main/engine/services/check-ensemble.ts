/**
 * @file The ensemble as a measure of a check: its voters are measured, each score becomes its percentile among random pairs of the library, and a pair's
 * score is their mean.
 */
import { appError } from "#shared/domain/app-error";
import type { CheckMeasure, MeasuredCheck, ReferenceScores } from "#shared/domain/check";
import { defined } from "#shared/lib/assert";
import { ensembleName, questionOfMetric } from "../metric-names";
import { ensembleRecipes, percentileOf } from "./ensemble-voters";
import type { MeasureRecipes } from "./measure-recipes";
import { createYardstick } from "./random-pairs";

/** `plain` has voters in the ensemble's place; `voters` is empty where it was not asked for. */
export interface PlainMeasures {
  readonly plain: readonly CheckMeasure[];
  readonly voters: readonly CheckMeasure[];
}

/** What is measured for these measures. Throws metric/needs-model for a voter without a model, usage/invalid for the ensemble of foregrounds. */
export async function plainMeasures(recipes: MeasureRecipes, measures: readonly CheckMeasure[]): Promise<PlainMeasures> {
  const ensemble = measures.filter(({ metric }) => metric === ensembleName);
  if (ensemble.length === 0) return { plain: measures, voters: [] };
  if (ensemble.some(({ area }) => area === "foreground"))
    throw appError("usage/invalid", "The ensemble compares whole pictures.", { hint: "Ask for the whole area." });
  const voters = (await ensembleRecipes(recipes)).map(({ key }): CheckMeasure => ({ metric: key.metric, area: "whole" }));
  return { plain: measures.flatMap((measure) => (measure.metric === ensembleName ? voters : [measure])), voters };
}

/** What was asked for, out of what was measured. Throws library/not-indexed where a voter has too few random pairs. */
export function withEnsemble(
  asked: readonly CheckMeasure[],
  { voters }: PlainMeasures,
  measured: readonly MeasuredCheck[],
): MeasuredCheck[] {
  const found = ({ metric, area }: CheckMeasure): MeasuredCheck =>
    defined(
      measured.find(({ measure }) => measure.metric === metric && measure.area === area),
      "what was asked for is measured",
    );
  const distinct = asked.filter(
    (one, place) => asked.findIndex(({ metric, area }) => metric === one.metric && area === one.area) === place,
  );
  return distinct.map((measure) => (measure.metric === ensembleName ? meanOf(measure, voters.map(found)) : found(measure)));
}

function meanOf(measure: CheckMeasure, voters: readonly MeasuredCheck[]): MeasuredCheck {
  const [first] = voters;
  const { groups, recipe } = defined(first, "the ensemble has voters");
  const percentiles = voters.map(percentilesOf);
  const rowsOf = (pictures: "references" | "candidates" | "impostors"): ReferenceScores[] =>
    (first?.[pictures] ?? []).map((row, i) =>
      row.map((_, j) => mean(voters.map((voter, k) => percentiles[k]?.(voter[pictures][i]?.[j] ?? null) ?? null))),
    );
  return {
    measure,
    question: questionOfMetric(ensembleName),
    references: rowsOf("references"),
    groups,
    candidates: rowsOf("candidates"),
    impostors: rowsOf("impostors"),
    // Percentiles of vectors and of tokens share no scale, and no pair was drawn for all voters at once.
    centroid: null,
    random: [],
    recipe: { ...recipe, metric: ensembleName, parameters: { voters: voters.map((voter) => voter.measure.metric).join(" ") } },
    modelName: voters.map(({ modelName }) => modelName).join(", "),
  };
}

function percentilesOf({ random, measure }: MeasuredCheck): (score: number | null) => number | null {
  const yardstick = createYardstick(random);
  return (score) => (score === null ? null : percentileOf(yardstick.rarityOf(score), measure.metric));
}

/** null where a voter has no score. */
function mean(percentiles: readonly (number | null)[]): number | null {
  const known = percentiles.filter((percentile) => percentile !== null);
  return known.length < percentiles.length ? null : known.reduce((sum, percentile) => sum + percentile, 0) / known.length;
}
