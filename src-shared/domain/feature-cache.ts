/** @file The kept attention features of a library: in which form, how many, how much room, and how well eight bits stand in for sixteen. */
import { z } from "zod";
import { metricNameSchema, recipeIdSchema } from "./feature-recipe";

/** What features are kept as: `int8` takes half the room of `float16` and is a little less exact. */
export const featureFormSchema = z.enum(["float16", "int8"]);
export type FeatureForm = z.infer<typeof featureFormSchema>;

/** `auto`: int8 where it was measured to rank alike and the features are large, else float16. */
export const formChoiceSchema = z.enum(["auto", ...featureFormSchema.options]);
export type FormChoice = z.infer<typeof formChoiceSchema>;

/** What a score was computed from, the coarsest of all its features. Called exact only from float16 and float32. */
export const featurePrecisionSchema = z.enum(["float32", ...featureFormSchema.options]);
export type FeaturePrecision = z.infer<typeof featurePrecisionSchema>;

/**
 * int8 against float16 on pictures of the library: `tau` is Kendall's over each query's exact ranking, `recall` the share of the exact top 20 that is
 * in the top 20, both means over the queries; `identity` is how far the score of a picture with itself is from 1 at most. `bytesPerPicture` is float16.
 */
export const formCheckSchema = z.object({
  queries: z.number().int().positive(),
  pictures: z.number().int().positive(),
  tau: z.number(),
  recall: z.number(),
  identity: z.number(),
  bytesPerPicture: z.number().int().positive(),
  isAccepted: z.boolean(),
  checkedMs: z.number(),
});
export type FormCheck = Readonly<z.infer<typeof formCheckSchema>>;

/** One recipe's features. `hits` and `misses` count reads since the cache was last cleared. */
export const cachedRecipeSchema = z.object({
  recipeId: recipeIdSchema,
  metric: metricNameSchema,
  modelName: z.string(),
  form: featureFormSchema,
  choice: formChoiceSchema,
  check: formCheckSchema.nullable(),
  files: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  hits: z.number().int().nonnegative(),
  misses: z.number().int().nonnegative(),
});
export type CachedRecipe = Readonly<z.infer<typeof cachedRecipeSchema>>;

/** Features that were dropped to make room. */
export const droppedFeaturesSchema = z.object({ files: z.number().int().nonnegative(), bytes: z.number().nonnegative() });

export const cacheStatusSchema = z.object({
  budgetBytes: z.number().nonnegative(),
  files: z.number().int().nonnegative(),
  bytes: z.number().nonnegative(),
  /** Share of reads that found what they looked for; null before the first. */
  hitShare: z.number().nullable(),
  recipes: z.array(cachedRecipeSchema),
});
export type CacheStatus = Readonly<z.infer<typeof cacheStatusSchema>>;
