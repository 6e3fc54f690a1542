/** @file A checkpoint the library knows, and the metrics with what each can answer. */
import { z } from "zod";
import { metricNameSchema, modelFamilyIdSchema, precisionSchema } from "./feature-recipe";

/** A model as `models list` prints it. `missing` names the parts that are not there, e.g. "tokenizer/vocab.json". */
export const modelCardSchema = z.object({
  name: z.string(),
  family: modelFamilyIdSchema,
  path: z.string(),
  sha256: z.string(),
  layout: z.string(),
  precision: precisionSchema,
  enables: z.array(metricNameSchema),
  missing: z.array(z.string()),
  isBundled: z.boolean(),
});
export type ModelCard = Readonly<z.infer<typeof modelCardSchema>>;

/** What a person asks: the same marks and medium, the same thing, or the same kind of subject. */
export const questionSchema = z.enum(["style", "instance", "semantic"]);
export type Question = z.infer<typeof questionSchema>;

/** What a metric is known not to see, however much of it changes. */
export const blindSpotSchema = z.enum(["colour"]);
export type BlindSpot = z.infer<typeof blindSpotSchema>;

/** A metric as the mode picker shows it. `accuracy` is a measured share of human choices, with its set and source. */
export const metricCardSchema = z.object({
  metric: metricNameSchema,
  title: z.string(),
  /** What it looks at, in one line. */
  hint: z.string(),
  /** The model it needs. */
  needs: z.string(),
  question: questionSchema,
  model: z.string().nullable(),
  state: z.enum(["ready", "not-measured", "needs-model"]),
  measured: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  accuracy: z.object({ percent: z.number(), set: z.string(), trials: z.number().int(), source: z.string() }).nullable(),
  hasHeatMap: z.boolean(),
  /** Whether what stands in front can be scored alone; left out is no. */
  hasForeground: z.boolean().optional(),
  blindTo: z.array(blindSpotSchema).optional(),
});
export type MetricCard = Readonly<z.infer<typeof metricCardSchema>>;
