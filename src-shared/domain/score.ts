/** @file The score of one pair and the map of where the two pictures agree. */
import { z } from "zod";
import { assetIdSchema } from "./asset";
import { deviceIdSchema } from "./device";
import { featureRecipeSchema, metricNameSchema } from "./feature-recipe";

/** The token grid of a picture, without class and register tokens. */
export const tokenGridSchema = z.object({ rows: z.number().int().positive(), columns: z.number().int().positive() });
export type TokenGrid = Readonly<z.infer<typeof tokenGridSchema>>;

/**
 * One side of a pair: `heat[token]` is the cosine of that token's attention outputs (how far its likes are found in the other picture),
 * `match[token]` is the index of the best patch in the other picture. Row by row.
 */
export const pairSideSchema = z.object({
  assetId: assetIdSchema,
  grid: tokenGridSchema,
  heat: z.array(z.number()),
  match: z.array(z.number().int()),
});
export type PairSide = Readonly<z.infer<typeof pairSideSchema>>;

/** What Compare shows for a pair: the score as in Find, both directions, and the maps from the same features. */
export const pairScoreSchema = z.object({
  metric: metricNameSchema,
  score: z.number(),
  rarity: z.number().nullable(),
  directions: z.object({ ab: z.number().nullable(), ba: z.number().nullable() }),
  a: pairSideSchema.nullable(),
  b: pairSideSchema.nullable(),
  recipe: featureRecipeSchema,
  modelName: z.string(),
  device: deviceIdSchema,
  milliseconds: z.number(),
});
export type PairScore = Readonly<z.infer<typeof pairScoreSchema>>;
