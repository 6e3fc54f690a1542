/**
 * @file The question "is this still the same?": candidates against references, by one or more measures, each with its own yardsticks.
 *
 * An answer holds the score against every reference and nothing that a person may still change: how scores are combined, where the cut-offs
 * are and what was decided by hand is worked out from it wherever it is shown, so that no change of mind computes anything again.
 */
import { z } from "zod";
import { assetIdSchema, assetSummarySchema } from "./asset";
import { generationSchema } from "./asset-metadata";
import { featureRecipeSchema, metricNameSchema } from "./feature-recipe";
import { questionSchema } from "./model-card";

/** Which part of a picture counts: all of it, or what stands in front (a mask the person painted, transparency, or an estimate from the features). */
export const checkAreaSchema = z.enum(["whole", "foreground"]);
export type CheckArea = z.infer<typeof checkAreaSchema>;

/** One thing that candidates are looked at by. Scores of different measures share no scale and are never mixed. */
export const checkMeasureSchema = z.object({ metric: metricNameSchema, area: checkAreaSchema });
export type CheckMeasure = Readonly<z.infer<typeof checkMeasureSchema>>;

/** How a candidate's scores against the references become one. `centroid` is the score against the references' middle, where a metric has one. */
export const checkCombineSchema = z.enum(["mean", "max", "min", "harmonic", "geometric", "centroid"]);
export type CheckCombine = z.infer<typeof checkCombineSchema>;

export const checkVerdictSchema = z.enum(["accepted", "undecided", "rejected"]);
export type CheckVerdict = z.infer<typeof checkVerdictSchema>;

/** Pictures of the library to look at: those named, or all in a folder and below. References among them are left out. */
export const checkCandidatesSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("assets"), assetIds: z.array(assetIdSchema).min(1).max(20_000) }),
  z.object({ kind: z.literal("folder"), path: z.string(), where: z.string().nullable() }),
]);
export type CheckCandidates = Readonly<z.infer<typeof checkCandidatesSchema>>;

export const checkQuerySchema = z.object({
  references: z.array(assetIdSchema).min(1).max(200),
  candidates: checkCandidatesSchema,
  measures: z.array(checkMeasureSchema).min(1).max(4),
});
export type CheckQuery = Readonly<z.infer<typeof checkQuerySchema>>;

/** Scores against each reference, in the order of the answer's references; null where there is none (a picture that this metric cannot read). */
export const referenceScoresSchema = z.array(z.number().nullable());
export type ReferenceScores = z.infer<typeof referenceScoresSchema>;

/** Scores against the middle of the references; `references` are left out of their own middle. null where the metric's vectors have no middle. */
export const centroidScoresSchema = z.object({
  references: referenceScoresSchema,
  candidates: referenceScoresSchema,
  impostors: referenceScoresSchema,
});

/**
 * What one measure says. `references[i][j]` is the score of reference i with reference j; `candidates` and `impostors` have one row a picture.
 * Impostors are pictures of the library that are none of the references, none of the candidates and no near-duplicates of a reference.
 * References of the same number in `groups` are near-duplicates of one another and count as one. `random` are scores of random pairs of the library, ascending.
 */
export const measuredCheckSchema = z.object({
  measure: checkMeasureSchema,
  question: questionSchema,
  references: z.array(referenceScoresSchema),
  groups: z.array(z.number().int().nonnegative()),
  candidates: z.array(referenceScoresSchema),
  impostors: z.array(referenceScoresSchema),
  centroid: centroidScoresSchema.nullable(),
  random: z.array(z.number()),
  recipe: featureRecipeSchema,
  modelName: z.string(),
});
export type MeasuredCheck = Readonly<z.infer<typeof measuredCheckSchema>>;

export const checkPictureSchema = z.object({ asset: assetSummarySchema, path: z.string(), generation: generationSchema.nullable() });
export type CheckPicture = Readonly<z.infer<typeof checkPictureSchema>>;

/**
 * `references` are those of the question without repetitions of the same bytes; `copies` says for each candidate which reference (by its place) it is a
 * near-duplicate of; `skipped` candidates could not be measured by any measure.
 */
export const checkResultSchema = z.object({
  references: z.array(checkPictureSchema),
  candidates: z.array(checkPictureSchema),
  copies: z.array(z.number().int().nonnegative().nullable()),
  impostors: z.array(assetIdSchema),
  measures: z.array(measuredCheckSchema),
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  device: z.string(),
  milliseconds: z.number(),
});
export type CheckResult = Readonly<z.infer<typeof checkResultSchema>>;

/** Pictures measured so far; `result` comes with the last event. */
export const checkEventSchema = z.object({
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  result: checkResultSchema.nullable(),
});
export type CheckEvent = Readonly<z.infer<typeof checkEventSchema>>;
