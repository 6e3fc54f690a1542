/** @file What is reviewed, as it stands in the address. */
import { z } from "zod";
import { type DuplicateQuery, duplicateTierSchema } from "#shared/domain/duplicates";

const bound = z.coerce.number().min(-1).max(1).optional().catch(undefined);

/** `folder` is a path and what lies below it, `where` a filter of docs/filter-expressions.md. What cannot be read is left out. */
export const duplicatesSearchSchema = z.object({
  tier: duplicateTierSchema.optional().catch(undefined),
  low: bound,
  high: bound,
  folder: z.coerce.string().optional().catch(undefined),
  where: z.coerce.string().optional().catch(undefined),
});
export type DuplicatesSearch = z.infer<typeof duplicatesSearchSchema>;

/** The question to the engine: near-duplicates within their usual bounds, unless the address says otherwise. */
export function duplicateQueryOf({ tier = "near", low, high, folder, where }: DuplicatesSearch): DuplicateQuery {
  const scope = { folder: folder ?? null, where: where ?? null };
  if (tier === "exact") return { tier, metric: null, low: null, high: null, ...scope };
  return { tier, metric: null, low: low ?? null, high: high ?? null, ...scope };
}
