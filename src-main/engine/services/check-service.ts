/**
 * @file "Is this still the same?": every candidate against every reference, with the yardsticks that tell what a score means.
 *
 * The answer holds scores alone. What they become (combined, cut, decided by hand) is worked out by check-split.ts wherever it is shown. How it is
 * calibrated is told in docs/consistency.md.
 */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { CheckEvent, CheckPicture, CheckResult, MeasuredCheck } from "#shared/domain/check";
import { findMetric } from "../../ml/metrics/registry";
import { createCentroid } from "./check-centroid";
import { plainMeasures, withEnsemble } from "./check-ensemble";
import { openCheckFeatures } from "./check-features";
import type { OpenMeasure } from "./check-measures";
import { type CheckOrder, openCheck, type OpenCheck, type OpeningParts } from "./check-opening";
import type { DescribedPicture } from "./check-pictures";
import {
  type CheckReference,
  type CheckScale,
  type CheckScoreParts,
  readReference,
  scoreAgainst,
  type ScoredPicture,
} from "./check-scores";
import type { YardstickService } from "./yardstick-service";

const eventEveryMs = 100;

export interface CheckService {
  /**
   * Says how many pictures are measured, and the answer at last. Pictures that are not measured yet are, and stay so.
   * @throws metric/..., library/not-indexed for the ensemble in a library that is too small, usage/invalid for a distance or a filter, asset/not-found where no reference is left, checkpoint/..., disk/..., and the reason of an
   *   aborted signal
   */
  run(query: CheckOrder, signal?: AbortSignal): AsyncGenerator<CheckEvent, void, undefined>;
}

export interface CheckParts extends OpeningParts, CheckScoreParts {
  readonly yardsticks: YardstickService;
}

/** Creates the service over one library. */
export function createCheckService(parts: CheckParts): CheckService {
  return {
    async *run(query, signal) {
      const startedMs = performance.now();
      const measures = await plainMeasures(parts.recipes, query.measures);
      const check = await openCheck(parts, { ...query, measures: [...measures.plain] }, signal);
      const total = check.references.length * 2 + check.candidates.length + check.impostors.length;
      const steps = scoreCheck(parts, check, signal);
      let saidMs = -Infinity;
      let step = await steps.next();
      for (; step.done !== true; step = await steps.next()) {
        if (performance.now() - saidMs < eventEveryMs) continue;
        saidMs = performance.now();
        yield { done: step.value, total, result: null };
      }
      const { id: device } = await parts.inference.device();
      const plain = await resultOf(parts, check, step.value);
      const asked = withEnsemble(query.measures, measures, plain.measures);
      yield { done: total, total, result: { ...plain, measures: asked, device, milliseconds: performance.now() - startedMs } };
    },
  };
}

/** Scored pictures in the order they were asked for, and the references' features. */
interface Scored {
  readonly sights: readonly CheckReference[];
  readonly references: readonly ScoredPicture[];
  readonly candidates: readonly ScoredPicture[];
  readonly impostors: readonly ScoredPicture[];
}

/** Yields how many pictures are done; a reference counts when it is measured and again when it is scored. */
async function* scoreCheck(parts: CheckParts, check: OpenCheck, signal?: AbortSignal): AsyncGenerator<number, Scored, undefined> {
  const { references, candidates, impostors, recipes, measures } = check;
  const idsOf = (pictures: readonly DescribedPicture[]): readonly AssetId[] => pictures.map(({ asset }) => asset.id);
  const asked = { references: idsOf(references), candidates: idsOf(candidates), impostors };
  const read = await openCheckFeatures(parts, recipes, Object.values(asked).flat());
  const scale: CheckScale = { recipes, measures, read };
  const sights: CheckReference[] = [];
  const reasons: string[] = [];
  for (const id of asked.references) {
    signal?.throwIfAborted();
    const { reason, ...reference } = await readReference(parts, scale, id);
    if (reason !== null) reasons.push(reason);
    sights.push(reference);
    yield sights.length;
  }
  if (reasons.length === sights.length)
    throw appError("asset/not-found", reasons[0] ?? "There is no reference.", { hint: "Choose other references." });
  const scored = { references: [] as ScoredPicture[], candidates: [] as ScoredPicture[], impostors: [] as ScoredPicture[] };
  for (const side of ["references", "candidates", "impostors"] as const) {
    for await (const batch of scoreAgainst(parts, scale, { references: sights, ids: asked[side], signal })) {
      scored[side].push(...batch);
      yield sights.length + scored.references.length + scored.candidates.length + scored.impostors.length;
    }
  }
  return { sights, ...scored };
}

async function resultOf(parts: CheckParts, check: OpenCheck, scored: Scored): Promise<Omit<CheckResult, "device" | "milliseconds">> {
  const isScored = scored.candidates.map(({ reason }) => reason === null);
  const kept = { ...scored, candidates: scored.candidates.filter((_, place) => isScored[place]) };
  const unread = check.candidates.flatMap(({ path }, place) => {
    const reason = scored.candidates[place]?.reason ?? null;
    return reason === null ? [] : [{ path, reason }];
  });
  const measures: MeasuredCheck[] = [];
  for (const [row, measure] of check.measures.entries()) measures.push(await measured(parts, { check, measure, row }, kept));
  return {
    references: check.references.map(pictureOf),
    candidates: check.candidates.filter((_, place) => isScored[place]).map(pictureOf),
    copies: check.copies.filter((_, place) => isScored[place]),
    impostors: [...check.impostors],
    measures,
    skipped: [...check.skipped, ...unread],
  };
}

function pictureOf({ phash: _, ...picture }: DescribedPicture): CheckPicture {
  return picture;
}

interface MeasureRow {
  readonly check: OpenCheck;
  readonly measure: OpenMeasure;
  readonly row: number;
}

async function measured(
  { yardsticks }: CheckParts,
  { check, measure: { measure, recipe }, row }: MeasureRow,
  { sights, references, candidates, impostors }: Scored,
): Promise<MeasuredCheck> {
  const scoresOf = (pictures: readonly ScoredPicture[]) => pictures.map(({ scores }) => scores[row] ?? []);
  const place = check.recipes.findIndex(({ id }) => id === recipe.id);
  const centroid = createCentroid(
    sights.map((reference) => reference.sights[place]?.features.pooled ?? null),
    check.groups,
  );
  const middleOf = (pictures: readonly ScoredPicture[]) => pictures.map(({ pooled }) => centroid.scoreOf(pooled[place] ?? null));
  const isWhole = measure.area === "whole";
  return {
    measure,
    question: findMetric(measure.metric).question,
    references: scoresOf(references),
    groups: [...check.groups],
    candidates: scoresOf(candidates),
    impostors: scoresOf(impostors),
    // Vectors are of whole pictures, and so are random pairs.
    centroid: isWhole
      ? {
          references: sights.map((_, index) => centroid.scoreOfReference(index)),
          candidates: middleOf(candidates),
          impostors: middleOf(impostors),
        }
      : null,
    random: isWhole ? [...(await yardsticks.exact(recipe)).scores] : [],
    recipe: recipe.recipe,
    modelName: recipe.modelName,
  };
}
