/** @file Pictures that are there more than once: the same bytes, nearly the same picture, or the same scene. */
import { z } from "zod";
import { assetFileSchema, assetIdSchema, assetSummarySchema } from "./asset";
import { metricNameSchema } from "./feature-recipe";

/** `exact`: the same bytes in several files. `near`: saved again, scaled, retouched. `scene`: as alike as few pictures of the library are. */
export const duplicateTierSchema = z.enum(["exact", "near", "scene"]);
export type DuplicateTier = z.infer<typeof duplicateTierSchema>;

/**
 * `low` and `high` bound the similarity of the pictures' vectors under `metric`; null is the usual bound of the tier, for `metric` the one that tells
 * things apart. `folder` and `where` limit which pictures are looked at.
 */
export const duplicateQuerySchema = z.object({
  tier: duplicateTierSchema,
  metric: metricNameSchema.nullable(),
  low: z.number().min(-1).max(1).nullable(),
  high: z.number().min(-1).max(1).nullable(),
  folder: z.string().nullable(),
  where: z.string().nullable(),
});
export type DuplicateQuery = Readonly<z.infer<typeof duplicateQuerySchema>>;

/** `similarity` and `distance` (bits of the perceptual hash) are those to the group's best picture; null for itself and where they decide nothing. */
export const duplicateSchema = z.object({
  asset: assetSummarySchema,
  files: z.array(assetFileSchema),
  similarity: z.number().nullable(),
  distance: z.number().int().nullable(),
});
export type Duplicate = Readonly<z.infer<typeof duplicateSchema>>;

/** The best picture (most pixels, then most bytes) comes first, then the others, most alike first. Every one is like the best, not only like another. */
export const duplicateGroupSchema = z.object({ pictures: z.array(duplicateSchema).min(1) });
export type DuplicateGroup = Readonly<z.infer<typeof duplicateGroupSchema>>;

/** `low` and `high` are the bounds in use, null where the tier needs none; `unlooked` pictures lack the hash or the vector that the tier needs. */
export const duplicatesSchema = z.object({
  tier: duplicateTierSchema,
  metric: metricNameSchema.nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  groups: z.array(duplicateGroupSchema),
  looked: z.number().int().nonnegative(),
  unlooked: z.number().int().nonnegative(),
});
export type Duplicates = Readonly<z.infer<typeof duplicatesSchema>>;

/** `answer` comes with the last event. */
export const duplicatesEventSchema = z.object({
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  answer: duplicatesSchema.nullable(),
});
export type DuplicatesEvent = Readonly<z.infer<typeof duplicatesEventSchema>>;

/** Pictures that a person said are no duplicates of one another. */
export const keptApartSchema = z.object({ assetIds: z.array(assetIdSchema).min(2).max(500) });
