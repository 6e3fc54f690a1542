/** @file What the pictures under a filter have in common, counted. */
import { z } from "zod";

/** Groups in the order in which they are shown; each asks for the filter's field of `facetFields`. */
export const facetIds = [
  "flag",
  "rating",
  "tag",
  "colour",
  "model",
  "lora",
  "generator",
  "sampler",
  "format",
  "camera",
  "keyword",
  "orientation",
  "month",
  "measured",
  "missing",
] as const;
export const facetIdSchema = z.enum(facetIds);
export type FacetId = z.infer<typeof facetIdSchema>;

/** The field that a value of a group is asked for with: `field = value`. */
export function facetField(id: FacetId): Exclude<FacetId, "month"> | "date" {
  return id === "month" ? "date" : id;
}

/** `count`: pictures that would be shown if this were the only value chosen in its group. */
export const facetValueSchema = z.object({ value: z.string(), count: z.number().int().nonnegative(), isSelected: z.boolean() });
export type FacetValue = Readonly<z.infer<typeof facetValueSchema>>;

/** `total` counts all values; `values` has the most frequent ones and those that are chosen, even when nothing has them. */
export const facetGroupSchema = z.object({ id: facetIdSchema, values: z.array(facetValueSchema), total: z.number().int().nonnegative() });
export type FacetGroup = Readonly<z.infer<typeof facetGroupSchema>>;
