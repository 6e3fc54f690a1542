/** @file Background work a person can watch, pause and cancel. */
import { z } from "zod";
import type { BrandedId } from "../lib/branded-id";
import { appErrorShapeSchema } from "./app-error";

export type JobId = BrandedId<"JobId">;
export const jobIdSchema = z.string().transform((id) => id as JobId);

export const jobKindSchema = z.enum(["index", "optimise", "model-scan", "self-test", "benchmark"]);
export type JobKind = z.infer<typeof jobKindSchema>;

export const jobStateSchema = z.enum(["queued", "running", "paused", "done", "failed", "cancelled"]);
export type JobState = z.infer<typeof jobStateSchema>;

/**
 * A job as it stands. `done` never falls; `total` is null until it is known and then constant for the run;
 * a finished job has `done === total`.
 */
export const jobSchema = z.object({
  id: jobIdSchema,
  kind: jobKindSchema,
  title: z.string(),
  state: jobStateSchema,
  /** `prepare`: what is to measure is made ready first, once. */
  step: z.enum(["scan", "prepare", "measure"]).nullable(),
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative().nullable(),
  imagesPerSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  device: z.string().nullable(),
  /** Why it is not the device the job began on. */
  deviceNote: z.string().optional(),
  issueCount: z.number().int().nonnegative(),
  error: appErrorShapeSchema.nullable(),
  startedMs: z.number(),
});
export type Job = Readonly<z.infer<typeof jobSchema>>;
