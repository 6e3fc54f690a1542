/** @file Every picture with every other under one measure: for the matrix of a check, and for orders by likeness. */
import { z } from "zod";
import { assetIdSchema } from "./asset";
import { checkMeasureSchema, referenceScoresSchema } from "./check";
import type { SimilarityMatrix } from "./cluster-order";
import { featureRecipeSchema } from "./feature-recipe";

/** Half a million pairs. */
export const mostMatrixPictures = 1000;

/** Pictures of the library; those that are named twice count once. */
export const matrixQuerySchema = z.object({ assetIds: z.array(assetIdSchema).min(2).max(mostMatrixPictures), measure: checkMeasureSchema });
export type MatrixQuery = Readonly<z.infer<typeof matrixQuerySchema>>;

/**
 * `scores[i][k]` is the score of picture i with picture i + k: a score is the same both ways round, so the lower half is left out
 * ({@link wholeMatrix} has it). null where the measure says nothing. `skipped` pictures could not be measured and are not among `assetIds`.
 */
export const checkMatrixSchema = z.object({
  assetIds: z.array(assetIdSchema),
  measure: checkMeasureSchema,
  scores: z.array(referenceScoresSchema),
  skipped: z.array(z.object({ assetId: assetIdSchema, reason: z.string() })),
  recipe: featureRecipeSchema,
  modelName: z.string(),
  device: z.string(),
  milliseconds: z.number(),
});
export type CheckMatrix = Readonly<z.infer<typeof checkMatrixSchema>>;

/** `done` of `total` pictures, then of all pairs; `result` comes with the last event. */
export const matrixEventSchema = z.object({
  stage: z.enum(["pictures", "pairs"]),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  result: checkMatrixSchema.nullable(),
});
export type MatrixEvent = Readonly<z.infer<typeof matrixEventSchema>>;

/** Scores of all pairs both ways round, in the order of the answer's pictures. */
export function wholeMatrix({ scores }: Pick<CheckMatrix, "scores">): SimilarityMatrix {
  return scores.map((_, a) => scores.map((_row, b) => scores[Math.min(a, b)]?.[Math.abs(a - b)] ?? null));
}
