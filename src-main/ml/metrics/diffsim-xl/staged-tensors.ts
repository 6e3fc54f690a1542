/** @file Every intermediate result of a comparison on XL under a stable name, for comparing an implementation stage by stage. */
import type { StagedPair, StagedSide } from "../diffsim/staged-pair";
import { presentTensors, repeatRows, splitRows } from "../diffsim/staged-tensors";
import type { UNetConditioning } from "../diffsim/pipeline";
import type { StableDiffusion } from "../../models/stable-diffusion/stable-diffusion";
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";

/** Staged names of values of the U-Net, which are the taps' own. */
export function stagedXlTaps(blocks: number): ReadonlyMap<string, string> {
  const numbered = (module: string) => Array.from({ length: blocks }, (_, i) => `${module}.${i}`);
  const names = [
    "conv_in",
    "time_embedding",
    "add_embedding",
    ...numbered("down_blocks"),
    "mid_block",
    ...numbered("up_blocks"),
    "conv_out",
  ];
  return new Map(names.map((name) => [name, name]));
}

/** Everything of a pair: the stages of both sides with "_A" and "_B" behind, and what the U-Net was told. */
export function stagedXlTensors({ networks, settings, rows, unetTaps, a, b }: StagedPair): ReadonlyMap<string, Tensor> {
  const stages: Record<string, Tensor | undefined> = {
    ...stagedText(networks, settings.prompt, rows.at(-1)),
    encoder_hidden_states: stackRows(rows.map(({ encoderHiddenStates }) => encoderHiddenStates)),
    text_embeds: stackRows(rows.flatMap(({ textEmbeds }) => textEmbeds ?? [])),
    time_ids: stackRows(rows.flatMap(({ timeIds }) => timeIds ?? [])),
    ...stagedSide("A", a, { rows: rows.length, unetTaps }),
    ...stagedSide("B", b, { rows: rows.length, unetTaps }),
  };
  return presentTensors(stages);
}

function stagedSide(
  side: string,
  { posterior, latents, tapped, features }: StagedSide,
  { rows, unetTaps }: { readonly rows: number; readonly unetTaps: ReadonlyMap<string, string> },
): Record<string, Tensor | undefined> {
  const { mean, logvar } = posterior;
  const stages: Record<string, Tensor | undefined> = {
    vae_noise: latents.draw ?? undefined,
    noise: latents.noise,
    vae_moments: logvar === null ? mean : sideBySide(mean, logvar),
    unet_input: repeatRows(latents.input, rows),
    ...Object.fromEntries([...unetTaps].map(([name, tap]) => [name, tapped.get(tap)])),
    q: splitRows(features, "query", rows),
    k: splitRows(features, "key", rows),
    v: splitRows(features, "value", rows),
  };
  return Object.fromEntries(Object.entries(stages).map(([name, value]) => [`${name}_${side}`, value]));
}

/** The prompt on its way through both towers. */
function stagedText(networks: StableDiffusion, prompt: string, told: UNetConditioning | undefined): Record<string, Tensor | undefined> {
  const [first, second] = networks.textTowers;
  const states = told?.encoderHiddenStates;
  const width = first?.config.hiddenSize ?? 0;
  return {
    text_1_ids: first?.tokenizer.encodeBatch([prompt]),
    text_2_ids: second?.tokenizer.encodeBatch([prompt]),
    text_1_penultimate: states && channels(states, 0, width),
    text_2_penultimate: states && channels(states, width, states.shape[2] ?? 0),
    pooled: told?.textEmbeds,
  };
}

/** The channels [from, to) of states [1, T, C]. */
function channels({ shape, data }: Float32Tensor, from: number, to: number): Float32Tensor {
  const [, tokens = 0, width = 0] = shape;
  const parts = Array.from({ length: tokens }, (_, token) => data.subarray(token * width + from, token * width + to));
  return tensor([1, tokens, to - from], Float32Array.from(parts.flatMap((part) => [...part])));
}

/** Two tensors [1, C, H, W] as one of [1, 2C, H, W]. */
function sideBySide(a: Float32Tensor, b: Float32Tensor): Float32Tensor {
  const [, channelCount = 0, ...places] = a.shape;
  return tensor([1, 2 * channelCount, ...places], stackRows([a, b]).data);
}
