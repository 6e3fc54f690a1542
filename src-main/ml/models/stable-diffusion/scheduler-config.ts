/**
 * @file Configuration of the noise scheduler of a diffusers folder, read from scheduler_config.json with diffusers' defaults.
 * Only what decides the list of timesteps and the amount of noise is kept: the metrics never denoise.
 * Source: diffusers 0.29 schedulers.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { parseModelConfig } from "../parse-config";

export const schedulerClasses = [
  "PNDMScheduler",
  "DDIMScheduler",
  "EulerDiscreteScheduler",
  "DPMSolverMultistepScheduler",
  "UniPCMultistepScheduler",
] as const;
export type SchedulerClass = (typeof schedulerClasses)[number];

export interface SchedulerConfig {
  readonly schedulerClass: SchedulerClass;
  readonly numTrainTimesteps: number;
  readonly betaStart: number;
  readonly betaEnd: number;
  readonly betaSchedule: "linear" | "scaled_linear" | "squaredcos_cap_v2";
  readonly trainedBetas: readonly number[] | null;
  readonly timestepSpacing: "leading" | "linspace" | "trailing";
  readonly stepsOffset: number;
  readonly skipPrkSteps: boolean;
  readonly rescaleBetasZeroSnr: boolean;
  readonly finalSigmasType: "zero" | "sigma_min";
}

const usually = <Value extends string | boolean>(value: Value) => z.literal(value).nullish();

const schema = z
  .object({
    _class_name: z.enum(schedulerClasses),
    num_train_timesteps: z.number().int().min(2).max(100_000).default(1000),
    beta_start: z.number().positive().lt(1).default(0.0001),
    beta_end: z.number().positive().lt(1).default(0.02),
    beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("linear"),
    trained_betas: z.array(z.number().min(0).max(1)).nullish(),
    timestep_spacing: z.enum(["leading", "linspace", "trailing"]).optional(),
    steps_offset: z.number().int().nonnegative().default(0),
    skip_prk_steps: z.boolean().default(false),
    rescale_betas_zero_snr: z.boolean().default(false),
    final_sigmas_type: z.enum(["zero", "sigma_min"]).default("zero"),
    // Each of these would move the noise levels in a way that is not built here.
    use_karras_sigmas: usually(false),
    use_exponential_sigmas: usually(false),
    use_beta_sigmas: usually(false),
    interpolation_type: usually("linear"),
    timestep_type: usually("discrete"),
    use_lu_lambdas: usually(false),
  })
  .refine(({ trained_betas: betas, num_train_timesteps: count }) => !Array.isArray(betas) || betas.length === count, {
    message: "there must be one beta per training timestep",
    path: ["trained_betas"],
  });

/**
 * Parses scheduler_config.json.
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseSchedulerConfig(json: unknown): SchedulerConfig {
  const { _class_name: schedulerClass, ...config } = parseModelConfig("scheduler_config.json", schema, json);
  const isLeadingByDefault = schedulerClass === "PNDMScheduler" || schedulerClass === "DDIMScheduler";
  if (schedulerClass === "PNDMScheduler" && config.rescale_betas_zero_snr) {
    throw appError("graph/unsupported-config", "scheduler_config.json: PNDMScheduler has no rescale_betas_zero_snr.", {
      hint: "Use the DDIM scheduler with such a checkpoint.",
    });
  }
  return {
    schedulerClass,
    numTrainTimesteps: config.num_train_timesteps,
    betaStart: config.beta_start,
    betaEnd: config.beta_end,
    betaSchedule: config.beta_schedule,
    trainedBetas: config.trained_betas ?? null,
    timestepSpacing: config.timestep_spacing ?? (isLeadingByDefault ? "leading" : "linspace"),
    stepsOffset: config.steps_offset,
    skipPrkSteps: config.skip_prk_steps,
    rescaleBetasZeroSnr: config.rescale_betas_zero_snr,
    finalSigmasType: config.final_sigmas_type,
  };
}
