/** @file A question to the library and its ranked answer. */
import { z } from "zod";
import { assetIdSchema, assetSummarySchema } from "./asset";
import { featurePrecisionSchema } from "./feature-cache";
import { metricNameSchema } from "./feature-recipe";

/** A box in fractions of the picture: 0..1 from the top left. */
export const cropSchema = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().positive().max(1),
  height: z.number().positive().max(1),
});
export type Crop = Readonly<z.infer<typeof cropSchema>>;

/** One picture of the question. A negative weight means "unlike this". */
export const searchReferenceSchema = z.object({
  assetId: assetIdSchema,
  weight: z.number().min(-1).max(1),
  crop: cropSchema.nullable(),
});
export type SearchReference = Readonly<z.infer<typeof searchReferenceSchema>>;

export const combineSchema = z.enum(["mean", "max", "min"]);
export type Combine = z.infer<typeof combineSchema>;

/** A property to look past: the score under its metric is taken off `weight` times, both in units of spread. */
export const againstSchema = z.object({ metric: metricNameSchema, weight: z.number().min(0).max(1) });
export type Against = Readonly<z.infer<typeof againstSchema>>;

/**
 * `folder` limits the search to a path and what lies below it, `where` to what passes a filter (see `parseFilter`); `exact` scores the whole
 * library without a candidate stage.
 */
export const searchQuerySchema = z.object({
  references: z.array(searchReferenceSchema).min(1).max(32),
  metric: metricNameSchema,
  combine: combineSchema,
  top: z.number().int().positive().max(2000),
  exact: z.boolean(),
  folder: z.string().nullable(),
  where: z.string().nullable().default(null),
  against: againstSchema.nullable(),
  /** Whether matches say which better one they nearly equal. */
  findsCopies: z.boolean().optional(),
});
export type SearchQuery = Readonly<z.infer<typeof searchQuerySchema>>;

/** A metric's vote on a result: its score is rarer than 1 in 100 random pairs of the library. null = not measured. */
export const votesSchema = z.object({
  diffsim: z.boolean().nullable(),
  clip: z.boolean().nullable(),
  dino: z.boolean().nullable(),
  starter: z.boolean().nullable(),
});
export type Votes = Readonly<z.infer<typeof votesSchema>>;

/**
 * `rarity` is the share of random pairs of this library that score at least as high; null below 200 pairs. Where the query looks past a
 * property, the order follows `adjusted`; `againstScore` is null for a picture that is not measured with it, which counts as an average one.
 */
export const matchSchema = z.object({
  rank: z.number().int().positive(),
  asset: assetSummarySchema,
  path: z.string(),
  score: z.number(),
  rarity: z.number().nullable(),
  againstScore: z.number().nullable(),
  adjusted: z.number().nullable(),
  /** The better match that this one is a near-duplicate of, where that was asked for. */
  copyOf: assetIdSchema.nullable(),
  votes: votesSchema,
});
export type Match = Readonly<z.infer<typeof matchSchema>>;

/** Where the scores of random pairs lie: what a score in units of spread is measured with. */
export const spreadSchema = z.object({ mean: z.number(), deviation: z.number().positive() });
export type Spread = Readonly<z.infer<typeof spreadSchema>>;

/** With what an answer looks past a property: the spread of the metric itself and of the one it is taken against. */
export const lookedPastSchema = againstSchema.extend({ spread: spreadSchema, againstSpread: spreadSchema });
export type LookedPast = Readonly<z.infer<typeof lookedPastSchema>>;

/** Coarse results come first from the pooled features; exact ones replace them once. */
export const searchEventSchema = z.object({
  stage: z.enum(["coarse", "exact"]),
  isFinal: z.boolean(),
  matches: z.array(matchSchema),
  candidates: z.number().int().nonnegative(),
  /** Share of the best by the metric itself that is expected among the candidates; left out where all were scored, or nobody has measured it. */
  expectedRecall: z.number().optional(),
  measured: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  recipeId: z.string(),
  /** The coarsest form of the features that were scored; scores from `int8` are off by less than 0.001. */
  precision: featurePrecisionSchema,
  against: lookedPastSchema.nullable(),
  milliseconds: z.object({ embed: z.number(), candidates: z.number(), rerank: z.number(), total: z.number() }),
});
export type SearchEvent = Readonly<z.infer<typeof searchEventSchema>>;

/** Scores of random pairs of the library under one metric: the yardstick of every score on screen. */
export const randomPairsSchema = z.object({
  metric: metricNameSchema,
  scores: z.array(z.number()),
  suggestedCutoff: z.number().nullable(),
});
export type RandomPairs = Readonly<z.infer<typeof randomPairsSchema>>;
