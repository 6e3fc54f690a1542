/**
 * @file Configuration of the noise scheduler of a diffusers folder, read from scheduler_config.json with diffusers' defaults.
 * Only what decides the list of timesteps and the amount of noise is kept: the metrics never denoise.
 * Source: diffusers 0.29 schedulers.
 */
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { parseModelConfig } from "../parse-config";

/** How a scheduler lists its timesteps and adds noise; `unlisted` where that list is not built here, so that only timesteps themselves can be asked for. */
type SchedulerKind = "pndm" | "ddim" | "euler" | "multistep" | "unlisted";

const kindOfClass = {
  PNDMScheduler: "pndm",
  DDIMScheduler: "ddim",
  DDPMScheduler: "ddim",
  EulerDiscreteScheduler: "euler",
  EulerAncestralDiscreteScheduler: "euler",
  LMSDiscreteScheduler: "euler",
  DPMSolverMultistepScheduler: "multistep",
  UniPCMultistepScheduler: "multistep",
  DEISMultistepScheduler: "unlisted",
  DPMSolverSDEScheduler: "unlisted",
  DPMSolverSinglestepScheduler: "unlisted",
  HeunDiscreteScheduler: "unlisted",
  KDPM2AncestralDiscreteScheduler: "unlisted",
  KDPM2DiscreteScheduler: "unlisted",
  LCMScheduler: "unlisted", // made for a few steps: it has no list of a thousand
  TCDScheduler: "unlisted",
} as const satisfies Readonly<Record<string, SchedulerKind>>;
export type SchedulerClass = keyof typeof kindOfClass;
export const schedulerClasses = Object.keys(kindOfClass) as [SchedulerClass, ...SchedulerClass[]];

/** What the unlisted classes have other defaults for; diffusers always saves them. */
const betaFields = ["beta_start", "beta_end", "beta_schedule"] as const;

/** Settings that move the noise levels of a scheduler's own steps, with the value under which they do not. */
const plainSettings = {
  use_karras_sigmas: false,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_lu_lambdas: false,
  use_flow_sigmas: false,
  interpolation_type: "linear",
  timestep_type: "discrete",
} as const;

export interface SchedulerConfig {
  readonly schedulerClass: SchedulerClass;
  readonly kind: SchedulerKind;
  /** What makes the scheduler `unlisted`: its class, or a setting. */
  readonly unlistedBy: string | null;
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

const schema = z
  .looseObject({
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
  const kind = kindOfClass[schedulerClass];
  const unlistedBy = kind === "unlisted" ? schedulerClass : movedSetting(config);
  const unsaid = betaFields.find((field) => kind === "unlisted" && !Object.hasOwn(json as object, field));
  if (unsaid !== undefined) {
    throw appError("graph/unsupported-config", `scheduler_config.json: ${schedulerClass} does not say its ${unsaid}.`, {
      hint: "Take the file that was saved with the model.",
    });
  }
  if (schedulerClass === "PNDMScheduler" && config.rescale_betas_zero_snr) {
    throw appError("graph/unsupported-config", "scheduler_config.json: PNDMScheduler has no rescale_betas_zero_snr.", {
      hint: "Use the DDIM scheduler with such a checkpoint.",
    });
  }
  return {
    schedulerClass,
    kind: unlistedBy === null ? kind : "unlisted",
    unlistedBy,
    numTrainTimesteps: config.num_train_timesteps,
    betaStart: config.beta_start,
    betaEnd: config.beta_end,
    betaSchedule: config.beta_schedule,
    trainedBetas: config.trained_betas ?? null,
    timestepSpacing: config.timestep_spacing ?? (kind === "pndm" || kind === "ddim" ? "leading" : "linspace"),
    stepsOffset: config.steps_offset,
    skipPrkSteps: config.skip_prk_steps,
    rescaleBetasZeroSnr: config.rescale_betas_zero_snr,
    finalSigmasType: config.final_sigmas_type,
  };
}

function movedSetting(config: Readonly<Record<string, unknown>>): string | null {
  return Object.entries(plainSettings).find(([field, plain]) => (config[field] ?? plain) !== plain)?.[0] ?? null;
}
