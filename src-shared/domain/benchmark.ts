/** @file Human judgements, how often metrics met them, and the single triplets behind the count. */
import { z } from "zod";
import { assetIdSchema, assetSummarySchema } from "./asset";
import { metricNameSchema, scoringModeSchema } from "./feature-recipe";
import { jobIdSchema } from "./job";

/** Also the name of a folder in the library, so it holds nothing a path could be made of. */
export const benchmarkIdSchema = z.string().regex(/^[a-z\d][a-z\d-]{0,79}$/);

/**
 * Where the truth of a set comes from: people (a published set by its layout, or a file of triplets), labels of pictures, the person's own
 * judgements, or what they accepted and rejected in Consistency.
 */
export const benchmarkKindSchema = z.enum(["layout", "triplets", "labels", "verdicts", "own"]);
export type BenchmarkKind = z.infer<typeof benchmarkKindSchema>;

/** A number with what it counts. A share lies in [0, 1]; a tie is not right. */
export const tallySchema = z.object({
  accuracy: z.number(),
  correct: z.number().int(),
  total: z.number().int(),
  ties: z.number().int(),
  interval: z.tuple([z.number(), z.number()]).readonly(),
});
export type BenchmarkTally = Readonly<z.infer<typeof tallySchema>>;

const skippedSchema = z.array(z.object({ reason: z.string(), count: z.number().int() }));

/** A set as it stands in the list. */
export const benchmarkSetSchema = z.object({
  id: benchmarkIdSchema,
  kind: benchmarkKindSchema,
  title: z.string(),
  /** null where the pictures are those of the library. */
  folder: z.string().nullable(),
  layout: z.string().nullable(),
  triplets: z.number().int().nonnegative(),
  /** What this copy of the set lacks, in a sentence. */
  partial: z.string().nullable(),
  notes: z.array(z.string()),
  skipped: skippedSchema,
  /** A run that waits, runs or is paused. */
  jobId: jobIdSchema.nullable(),
  /** The last run: the vote where three metrics voted, else the metric that was right most often. */
  latest: z
    .object({
      metric: metricNameSchema,
      accuracy: z.number(),
      judged: z.number().int(),
      /** null while it has not come to its end. */
      finishedMs: z.number().nullable(),
    })
    .nullable(),
});
export type BenchmarkSet = Readonly<z.infer<typeof benchmarkSetSchema>>;

/** A layout that folders can have. */
export const benchmarkLayoutSchema = z.object({ id: z.string(), title: z.string() });
export type BenchmarkLayout = Readonly<z.infer<typeof benchmarkLayoutSchema>>;

/** What was found in a folder; `layout` is the one that fits, null where none does. */
export const benchmarkLookSchema = z.object({
  layout: z.string().nullable(),
  triplets: z.number().int(),
  partial: z.string().nullable(),
  notes: z.array(z.string()),
  problem: z.string().nullable(),
});
export type BenchmarkLook = Readonly<z.infer<typeof benchmarkLookSchema>>;

/** Choices of about the same stated sureness: how sure the metric was on average, and how often it was right. */
export const calibrationBinSchema = z.object({
  from: z.number(),
  to: z.number(),
  count: z.number().int(),
  sureness: z.number(),
  right: z.number(),
  interval: z.tuple([z.number(), z.number()]).readonly(),
});
export type CalibrationBin = Readonly<z.infer<typeof calibrationBinSchema>>;

/** `error` is the mean distance of sureness from the share of right choices, weighted by counts. null where too few triplets were judged. */
export const benchmarkCalibrationSchema = z.object({ bins: z.array(calibrationBinSchema), error: z.number() }).nullable();

export const benchmarkMetricSchema = tallySchema.extend({
  metric: metricNameSchema,
  title: z.string(),
  /** null for the vote. */
  model: z.string().nullable(),
  /** What a diffusion model was set to. */
  settings: z.string().nullable(),
  /** The published share where set, split, model and settings are the published ones. */
  published: z.object({ accuracy: z.number(), of: tallySchema, source: z.string() }).nullable(),
  groups: z.array(tallySchema.extend({ group: z.string() })),
  calibration: benchmarkCalibrationSchema,
});
export type BenchmarkMetric = Readonly<z.infer<typeof benchmarkMetricSchema>>;

/** Who votes, and how often which of them were right; `right` is in the order of the voters. */
export const voteTableSchema = z.object({
  voters: z.array(z.object({ metric: metricNameSchema, letter: z.string() })),
  combinations: z.array(z.object({ right: z.array(z.boolean()), count: z.number().int() })),
});
export type VoteTable = Readonly<z.infer<typeof voteTableSchema>>;

/** What a run found so far. */
export const benchmarkResultSchema = z.object({
  set: benchmarkSetSchema,
  mode: scoringModeSchema,
  /** Triplets that every metric scored, of all that could be. */
  judged: z.number().int(),
  total: z.number().int(),
  finishedMs: z.number().nullable(),
  metrics: z.array(benchmarkMetricSchema),
  mcnemar: z.array(z.object({ a: metricNameSchema, b: metricNameSchema, onlyA: z.number().int(), onlyB: z.number().int(), p: z.number() })),
  votes: voteTableSchema,
});
export type BenchmarkResult = Readonly<z.infer<typeof benchmarkResultSchema>>;

/** Which triplets of a run are looked at. `right` names exactly the voters that were right. */
export const tripletFilterSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("all") }),
  z.object({ kind: z.literal("disagree") }),
  z.object({ kind: z.literal("vote-wrong") }),
  z.object({ kind: z.literal("wrong"), metric: metricNameSchema }),
  z.object({ kind: z.literal("right"), metrics: z.array(metricNameSchema) }),
]);
export type TripletFilter = Readonly<z.infer<typeof tripletFilterSchema>>;

export const tripletSideSchema = z.enum(["a", "b"]);
export type TripletSide = z.infer<typeof tripletSideSchema>;

/** A picture of a triplet; `assetId` where the library has it too. */
export const tripletPictureSchema = z.object({ path: z.string(), assetId: assetIdSchema.nullable() });

/** A triplet with what people and metrics chose. Scores are null where a metric has none. */
export const judgedTripletSchema = z.object({
  /** Its place in the set. */
  index: z.number().int().nonnegative(),
  reference: tripletPictureSchema,
  a: tripletPictureSchema,
  b: tripletPictureSchema,
  choice: tripletSideSchema,
  group: z.string().nullable(),
  decisions: z.array(
    z.object({
      metric: metricNameSchema,
      a: z.number().nullable(),
      b: z.number().nullable(),
      chose: z.enum(["a", "b", "tie"]),
    }),
  ),
});
export type BenchmarkTriplet = Readonly<z.infer<typeof judgedTripletSchema>>;

export const tripletPageSchema = z.object({ total: z.number().int(), items: z.array(judgedTripletSchema) });

/** A triplet of the library for a person to judge; `number` counts those dealt so far. */
export const dealtTripletSchema = z.object({
  number: z.number().int().nonnegative(),
  reference: assetSummarySchema,
  a: assetSummarySchema,
  b: assetSummarySchema,
  group: z.string(),
});
export type DealtTriplet = Readonly<z.infer<typeof dealtTripletSchema>>;

/** What a person said of a dealt triplet; null is a skip. */
export const ownJudgementSchema = z.object({
  number: z.number().int().nonnegative(),
  reference: assetIdSchema,
  a: assetIdSchema,
  b: assetIdSchema,
  choice: tripletSideSchema.nullable(),
  group: z.string(),
});
export type OwnJudgement = Readonly<z.infer<typeof ownJudgementSchema>>;
