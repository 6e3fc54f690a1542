/** @file Every intermediate result of a comparison on Stable Diffusion 1.x or 2.x under a stable name, for comparing an implementation stage by stage. */
import { GraphBuilder } from "../../graph/graph-builder";
import { headAttention } from "../../graph/head-attention";
import { tokensOf, type AttentionArray, type AttentionFeatures } from "../../scoring/attention-features";
import { float32Output } from "../../tensor/float32-output";
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";
import type { StagedPair, StagedSide } from "./staged-pair";

/** Staged names of values of the U-Net, and the taps that give them. They reach to its end, so the whole network is run. */
export function stagedUNetTaps(tap: string, blocks: number): ReadonlyMap<string, string> {
  const norm = tap.replace(/attn(\d)$/, "norm$1");
  const numbered = (staged: string, module: string) =>
    Array.from({ length: blocks }, (_, i) => [`${staged}${i}`, `${module}.${i}`] as const);
  return new Map([
    ["time_proj", "time_proj"],
    ["time_embedding", "time_embedding"],
    ["conv_in", "conv_in"],
    ...numbered("down", "down_blocks"),
    ["mid", "mid_block"],
    ...numbered("up", "up_blocks"),
    ["unet_output", "conv_out"],
    ["tap_input", norm],
    ["tap_output", tap],
  ]);
}

/** Everything of a pair: the stages of both sides under "A." and "B.", what each gathers in the other, and the states of the prompts. */
export async function stagedTensors(context: MetricContext, { a, b, rows, unetTaps }: StagedPair): Promise<ReadonlyMap<string, Tensor>> {
  const shown = { rows: rows.length, unetTaps };
  const tensors = new Map([...stagedSide("A", a, shown), ...stagedSide("B", b, shown)]);
  tensors.set("A.on_B", await crossAttention(context, { from: a.features, to: b.features, rows: rows.length }));
  tensors.set("B.on_A", await crossAttention(context, { from: b.features, to: a.features, rows: rows.length }));
  const [positive, negative] = [...rows].reverse();
  if (positive !== undefined) tensors.set("text_positive", positive.encoderHiddenStates);
  if (negative !== undefined) tensors.set("text_negative", negative.encoderHiddenStates);
  return tensors;
}

/** The stages of one side; every latent is shown in so many rows. */
function stagedSide(
  name: string,
  { pixels, posterior, latents, tapped, features }: StagedSide,
  { rows, unetTaps }: { readonly rows: number; readonly unetTaps: ReadonlyMap<string, string> },
): ReadonlyMap<string, Tensor> {
  const stages: Record<string, Tensor | undefined> = {
    vae_input: pixels,
    vae_mean: posterior.mean,
    vae_logvar: posterior.logvar ?? undefined,
    vae_sample: latents.sample,
    clean_latents: latents.clean,
    noise: latents.noise,
    noisy_latents: latents.noisy,
    unet_input: repeatRows(latents.input, rows),
    ...Object.fromEntries([...unetTaps].map(([staged, tap]) => [staged, tapped.get(tap)])),
    q: splitRows(features, "query", rows),
    k: splitRows(features, "key", rows),
    v: splitRows(features, "value", rows),
    self_attention: splitRows(features, "output", rows),
  };
  return new Map([...presentTensors(stages)].map(([stage, value]) => [`${name}.${stage}`, value]));
}

/** The stages there are. */
export function presentTensors(stages: Readonly<Record<string, Tensor | undefined>>): ReadonlyMap<string, Tensor> {
  return new Map(Object.entries(stages).flatMap(([stage, value]) => (value === undefined ? [] : [[stage, value] as const])));
}

/** What the queries of `from` gather in `to`, before any projection: [rows, heads, T, headDim]. */
async function crossAttention(
  context: MetricContext,
  { from, to, rows }: { readonly from: AttentionFeatures; readonly to: AttentionFeatures; readonly rows: number },
): Promise<Float32Tensor> {
  const g = new GraphBuilder();
  const operands = { query: splitRows(from, "query", 1), key: splitRows(to, "key", 1), value: splitRows(to, "value", 1) };
  const input = (name: keyof typeof operands) => g.input(name, "float32", operands[name].shape);
  g.output("output", headAttention(g, { query: input("query"), key: input("key"), value: input("value") }));
  const session = await context.sessions.get(g.build(), context.runtime);
  const { output } = await session.run(operands);
  return splitRows({ ...from, output: float32Output("output", output).data }, "output", rows);
}

/** An array of fresh features with the rows apart from the heads again: [rows, heads, T, headDim]. */
export function splitRows(features: AttentionFeatures, array: AttentionArray, rows: number): Float32Tensor {
  const { heads, headDim } = features;
  return tensor([rows, heads / rows, tokensOf(features, array), headDim], features[array] as Float32Array);
}

/** What every row of the batch is shown of a latent [1, ...]: [rows, ...]. */
export function repeatRows(latent: Float32Tensor, rows: number): Float32Tensor {
  return stackRows(Array.from({ length: rows }, () => latent));
}
