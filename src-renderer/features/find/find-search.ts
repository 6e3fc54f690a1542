/** @file The question as it stands in the URL: `/find?refs=<assetId>:<weight>[:x,y,w,h],...&metric=&combine=&folder=&where=&cutoff=&against=`. */
import { z } from "zod";
import { assetIdSchema } from "#shared/domain/asset";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { metricNameSchema } from "#shared/domain/feature-recipe";
import { type Crop, type SearchReference, combineSchema, cropSchema } from "#shared/domain/search";

function isReadable(where: string): boolean {
  try {
    return parseFilter(where) !== null;
  } catch {
    return false;
  }
}

/**
 * Search parameters of the route; addresses hold text, so numbers and switches are read from text too.
 * What cannot be read is dropped, so that an old or broken link still opens the page.
 */
export const findSearchSchema = z.object({
  refs: z.string().optional().catch(undefined),
  metric: metricNameSchema.optional().catch(undefined),
  combine: combineSchema.optional().catch(undefined),
  folder: z.string().optional().catch(undefined),
  where: z.string().refine(isReadable).optional().catch(undefined),
  cutoff: z
    .union([z.number(), z.string().trim().min(1).transform(Number)])
    .pipe(z.number().min(-32).max(32))
    .optional()
    .catch(undefined),
  against: z
    .union([z.number(), z.string().trim().min(1).transform(Number)])
    .pipe(z.number().min(0).max(1))
    .optional()
    .catch(undefined),
  exact: z.union([z.boolean(), z.stringbool()]).optional().catch(undefined),
});
export type FindSearch = z.infer<typeof findSearchSchema>;

/** Most pictures one question may hold. */
export const maximumReferences = 32;

const number = "-?\\d*\\.?\\d+";
const referencePattern = new RegExp(`([0-9a-f]{32}):(${number})(?::(${number}),(${number}),(${number}),(${number}))?(?=,|$)`, "g");

/** Reads the `refs` parameter; entries that are not whole are left out, and of an asset named twice the first counts. */
export function parseReferences(text: string): readonly SearchReference[] {
  const references = new Map<string, SearchReference>();
  for (const [, id, weight, ...box] of text.matchAll(referencePattern)) {
    const assetId = assetIdSchema.safeParse(id);
    const value = Number(weight);
    if (!assetId.success || !(Math.abs(value) <= 1) || references.has(assetId.data)) continue;
    references.set(assetId.data, { assetId: assetId.data, weight: value, crop: parseCrop(box) });
  }
  return [...references.values()].slice(0, maximumReferences);
}

function parseCrop(box: readonly (string | undefined)[]): Crop | null {
  const [x, y, width, height] = box.map(Number);
  const crop = cropSchema.safeParse({ x, y, width, height });
  return crop.success ? crop.data : null;
}

/** Writes the `refs` parameter. Weights keep two decimals and crops four: finer than a hand can set them. */
export function formatReferences(references: readonly SearchReference[]): string {
  return references
    .map(({ assetId, weight, crop }) => {
      const box = crop === null ? "" : `:${[crop.x, crop.y, crop.width, crop.height].map((value) => rounded(value, 4)).join(",")}`;
      return `${assetId}:${rounded(weight, 2)}${box}`;
    })
    .join(",");
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
