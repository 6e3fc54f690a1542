/** @file Float32 copies of large half precision weights, which the processor reads without taking memory for them: how much room they take on disk. */
import { z } from "zod";

/** The copies made of one weight file. */
export const copiedWeightsSchema = z.object({
  /** Where the weight file was when it was used last. */
  path: z.string(),
  bytes: z.number().nonnegative(),
  usedMs: z.number(),
});

export const weightCacheSchema = z.object({
  folder: z.string(),
  budgetBytes: z.number().nonnegative(),
  bytes: z.number().nonnegative(),
  /** The last used first. */
  weights: z.array(copiedWeightsSchema),
});
export type WeightCache = Readonly<z.infer<typeof weightCacheSchema>>;
