/**
 * @file What a person decided about a candidate by hand. A decision belongs to the references it was made against and holds for every question
 * that shares one of them; of several the newest holds.
 */
import { z } from "zod";
import { assetIdSchema } from "./asset";
import { checkMeasureSchema, checkQuerySchema, checkVerdictSchema } from "./check";

const measuresSchema = z.array(checkMeasureSchema);

/** `measures` are what the candidate was looked at by when it was decided on. */
export const verdictSchema = z.object({ assetId: assetIdSchema, verdict: checkVerdictSchema, measures: measuresSchema, atMs: z.number() });
export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

/** The same as it is kept: null takes back what was decided earlier. */
export const keptVerdictSchema = verdictSchema.extend({ verdict: checkVerdictSchema.nullable() });
export type KeptVerdict = Readonly<z.infer<typeof keptVerdictSchema>>;

/** Decisions made against the same references, in whatever order these were named. */
export const verdictSetSchema = z.object({ references: z.array(assetIdSchema), verdicts: z.array(keptVerdictSchema) });
export type VerdictSet = Readonly<z.infer<typeof verdictSetSchema>>;

/** What stood there before a change: `absent` are the pictures that had no verdict of this set. */
export const earlierVerdictsSchema = verdictSetSchema.extend({ absent: z.array(assetIdSchema) });
export type EarlierVerdicts = Readonly<z.infer<typeof earlierVerdictsSchema>>;

/** What a check may be asked with. */
export const verdictReferencesSchema = checkQuerySchema.shape.references;

/** What is decided about pictures, the same for all; null takes back what was decided. */
export const verdictChangeSchema = z.object({
  references: verdictReferencesSchema,
  assetIds: z.array(assetIdSchema).min(1).max(20_000),
  verdict: checkVerdictSchema.nullable(),
  measures: measuresSchema,
});
export type VerdictChange = Readonly<z.infer<typeof verdictChangeSchema>>;
