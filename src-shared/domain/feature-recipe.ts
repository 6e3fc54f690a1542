/** @file Everything that decides the numbers of a feature: the model, where it is tapped, and how the picture gets there. */
import { z } from "zod";
import type { BrandedId } from "../lib/branded-id";

const slug = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);

/** Name of a metric, e.g. `dinov2-aas`. Which ones there are is the business of the engine's registry alone; a name it does not have is refused there. */
export const metricNameSchema = slug;
export type MetricName = z.infer<typeof metricNameSchema>;

/** Name of a family of models, e.g. `stable-diffusion`; the engine's registry has the list. */
export const modelFamilyIdSchema = slug;
export type ModelFamilyId = z.infer<typeof modelFamilyIdSchema>;

/** `published` reproduces the released code with its quirks; `corrected` is what the app uses. */
export const scoringModeSchema = z.enum(["published", "corrected"]);
export type ScoringMode = z.infer<typeof scoringModeSchema>;

export const similarityMeasureSchema = z.enum(["cosine", "mse"]);
export type SimilarityMeasure = z.infer<typeof similarityMeasureSchema>;

export const precisionSchema = z.enum(["float32", "float16"]);
export type Precision = z.infer<typeof precisionSchema>;

/**
 * The recipe of a feature. Two features may be compared only when their recipes are equal.
 * `parameters` holds what the metric needs beyond the common fields (block, layer, timestep, seed, prompt, ...).
 */
export const featureRecipeSchema = z.object({
  metric: metricNameSchema,
  family: modelFamilyIdSchema,
  modelSha256: z.string(),
  mode: scoringModeSchema,
  precision: precisionSchema,
  tap: z.string(),
  imageSize: z.number().int().positive(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  version: z.number().int().positive(),
});
export type FeatureRecipe = Readonly<z.infer<typeof featureRecipeSchema>>;

/** First 16 hex digits of the SHA-256 of the recipe's canonical JSON. */
export type RecipeId = BrandedId<"RecipeId">;
export const recipeIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .transform((id) => id as RecipeId);
