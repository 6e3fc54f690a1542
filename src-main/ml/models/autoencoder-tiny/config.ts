/**
 * @file Configuration of the tiny autoencoder (TAESD). Its sizes are read from its tensors.
 * Source: diffusers `AutoencoderTiny.__init__`.
 */
import { z } from "zod";
import { parseModelConfig, positiveInteger } from "../parse-config";

export interface AutoencoderTinyConfig {
  readonly latentChannels: number;
  /** 1 for every published one: it was trained on latents at the network's scale. */
  readonly scalingFactor: number;
}

const schema = z.object({
  in_channels: z.literal(3).default(3),
  latent_channels: positiveInteger.default(4),
  act_fn: z.literal("relu").default("relu"),
  scaling_factor: z.number().positive().default(1),
  shift_factor: z.literal(0).default(0),
});

/** Whether these are the names of a tiny autoencoder's tensors: in diffusers' file, or in the authors' own file of the encoder. */
export function isTinyEncoder(tensors: { has(name: string): boolean }): boolean {
  return ["encoder.layers.", ""].some((prefix) => ["0.weight", "1.conv.0.weight", "2.weight"].every((name) => tensors.has(prefix + name)));
}

/** Whether a config.json is that of a tiny autoencoder. */
export function isAutoencoderTiny(json: unknown): boolean {
  return z.object({ _class_name: z.literal("AutoencoderTiny") }).safeParse(json).success;
}

/**
 * Parses the config.json of a tiny autoencoder.
 *
 * @throws graph/unsupported-config naming the field
 */
export function parseAutoencoderTinyConfig(json: unknown): AutoencoderTinyConfig {
  const config = parseModelConfig("The config.json of the tiny autoencoder", schema, json);
  return { latentChannels: config.latent_channels, scalingFactor: config.scaling_factor };
}
