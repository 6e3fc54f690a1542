/** @file Answers of a check made of plain scores. */
import { type AssetId, assetIdSchema } from "#shared/domain/asset";
import type { CheckPicture, CheckResult, MeasuredCheck } from "#shared/domain/check";

/** An id that tells its number. */
export function assetIdOf(index: number): AssetId {
  return assetIdSchema.parse(index.toString(16).padStart(32, "0"));
}

/** One measure with these scores; references are near-duplicates of none unless `groups` says so. */
export function measuredOf(scores: Partial<MeasuredCheck> & Pick<MeasuredCheck, "references">): MeasuredCheck {
  return {
    measure: { metric: "starter-subject", area: "whole" },
    question: "instance",
    groups: scores.references.map((_, index) => index),
    candidates: [],
    impostors: [],
    centroid: null,
    random: [],
    recipe: {
      metric: "starter-subject",
      family: "starter",
      modelSha256: "",
      mode: "corrected",
      precision: "float32",
      tap: "pooled",
      imageSize: 224,
      parameters: {},
      version: 1,
    },
    modelName: "starter",
    ...scores,
  };
}

/** A result of these measures. Ids of candidates count from 0, those of references from 1000, those of impostors from 2000. */
export function checkResultOf(measures: readonly [MeasuredCheck, ...MeasuredCheck[]], copies: CheckResult["copies"] = []): CheckResult {
  const [{ references, candidates, impostors }] = measures;
  return {
    references: references.map((_, index) => pictureOf(1000 + index)),
    candidates: candidates.map((_, index) => pictureOf(index)),
    copies: candidates.map((_, index) => copies[index] ?? null),
    impostors: impostors.map((_, index) => assetIdOf(2000 + index)),
    measures: [...measures],
    skipped: [],
    device: "cpu",
    milliseconds: 1,
  };
}

function pictureOf(index: number): CheckPicture {
  const name = `picture-${index}.png`;
  return {
    asset: {
      id: assetIdOf(index),
      name,
      width: 64,
      height: 64,
      format: "png",
      isMissing: false,
      isMeasured: true,
      rating: null,
      flag: null,
    },
    path: `/pictures/${name}`,
    generation: null,
  };
}
