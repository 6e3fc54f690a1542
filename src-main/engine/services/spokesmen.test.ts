import { expect, test } from "vitest";
import type { MetricName } from "#shared/domain/feature-recipe";
import { brandId } from "#shared/lib/branded-id";
import type { MeasureRecipe } from "./measure-recipes";
import { spokesmanOf, spokesmenOf } from "./spokesmen";

/** Only the metric counts. */
const recipeOf = (metric: MetricName) =>
  ({
    id: brandId(metric),
    key: { metric, modelPath: null },
    modelName: "",
    hasTokens: false,
    ranksByTokens: false,
  }) as Partial<MeasureRecipe> as MeasureRecipe;
const measured = ["starter-style", "starter-subject", "clip-i", "colour"].map(recipeOf);
const spokesman = (voter: "diffsim" | "clip" | "starter", asked: MetricName | null): MetricName | undefined =>
  spokesmanOf(measured, voter, asked)?.key.metric;

test("the metric that is asked speaks for its family, else one that answers the same question, else any", () => {
  expect(spokesman("starter", "starter-subject")).toBe("starter-subject");
  expect(spokesman("starter", "dinov2-cls")).toBe("starter-subject");
  expect(spokesman("starter", "ensemble")).toBe("starter-style");
  expect(spokesman("starter", null)).toBe("starter-style");
  expect(spokesman("clip", "starter-style")).toBe("clip-i");
});

test("a family that the library is not measured with has none; metrics without a voice speak for nobody", () => {
  expect(spokesman("diffsim", "starter-style")).toBeUndefined();
  expect(spokesmenOf(measured, "starter").map(({ key }) => key.metric)).toEqual(["starter-style", "starter-subject"]);
});
