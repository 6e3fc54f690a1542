/** @file What is compared, as it stands in the address: `/compare?a=&b=&metric=&tile=a:0.4,0.2&view=`. */
import { z } from "zod";
import { assetIdSchema } from "#shared/domain/asset";
import { metricNameSchema } from "#shared/domain/feature-recipe";

/** `similarity`: one tile against all. `agreement`: where the pair's score comes from. `matches`: which patches belong together. */
export const compareViews = ["similarity", "agreement", "matches"] as const;
export type CompareView = (typeof compareViews)[number];

/** Search parameters of the route. What cannot be read is dropped. */
export const compareSearchSchema = z.object({
  a: assetIdSchema.optional().catch(undefined),
  b: assetIdSchema.optional().catch(undefined),
  metric: metricNameSchema.optional().catch(undefined),
  tile: z.string().optional().catch(undefined),
  view: z.enum(compareViews).optional().catch(undefined),
});
export type CompareSearch = z.infer<typeof compareSearchSchema>;
