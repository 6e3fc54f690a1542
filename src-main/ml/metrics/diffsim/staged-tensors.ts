/** @file Every intermediate result of a comparison under a stable name, for comparing an implementation stage by stage. */
import { GraphBuilder } from "../../graph/graph-builder";
import { headAttention } from "../../graph/head-attention";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import type { AttentionFeatures, FeatureArray } from "../../scoring/attention-features";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";
import type { NoisedLatent } from "./noise";
import type { TappedLatent } from "./pipeline";

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

/** All that is known of one picture. */
export interface StagedSide {
  readonly pixels: Float32Tensor;
  readonly posterior: LatentPosterior;
  readonly latents: NoisedLatent;
  readonly tapped: TappedLatent;
  readonly features: AttentionFeatures;
}

/** The staged tensors of one side, "A" or "B"; `rows` texts are shown with each latent. */
export function stagedSide(
  name: string,
  side: StagedSide,
  { rows, unetTaps }: { readonly rows: number; readonly unetTaps: ReadonlyMap<string, string> },
): ReadonlyMap<string, Tensor> {
  const { posterior, latents, tapped, features } = side;
  const split = (data: FeatureArray) => splitRows(features, data, rows);
  const stages: Record<string, Tensor | undefined> = {
    vae_input: side.pixels,
    vae_mean: posterior.mean,
    vae_logvar: posterior.logvar ?? undefined,
    vae_sample: latents.sample,
    clean_latents: latents.clean,
    noise: latents.noise,
    noisy_latents: latents.noisy,
    unet_input: repeatRows(latents.input, rows),
    ...Object.fromEntries([...unetTaps].map(([staged, tap]) => [staged, tapped.get(tap)])),
    q: split(features.query),
    k: split(features.key),
    v: split(features.value),
    self_attention: split(features.output),
  };
  return new Map(Object.entries(stages).flatMap(([stage, value]) => (value === undefined ? [] : [[`${name}.${stage}`, value] as const])));
}

/** What the queries of `from` gather in `to`, before any projection: [rows, heads, T, headDim]. */
export async function crossAttention(
  context: MetricContext,
  { from, to, rows }: { readonly from: AttentionFeatures; readonly to: AttentionFeatures; readonly rows: number },
): Promise<Float32Tensor> {
  const g = new GraphBuilder();
  const input = (name: string, features: AttentionFeatures) =>
    g.input(name, "float32", [1, features.heads, features.tokens, features.headDim]);
  g.output("output", headAttention(g, { query: input("query", from), key: input("key", to), value: input("value", to) }));
  const session = await context.sessions.get(g.build(), context.runtime);
  const feed = (features: AttentionFeatures, data: FeatureArray) =>
    tensor([1, features.heads, features.tokens, features.headDim], data as Float32Array);
  const { output } = await session.run({ query: feed(from, from.query), key: feed(to, to.key), value: feed(to, to.value) });
  return splitRows(from, output?.data as Float32Array, rows);
}

function splitRows(features: AttentionFeatures, data: FeatureArray, rows: number): Float32Tensor {
  return tensor([rows, features.heads / rows, features.tokens, features.headDim], data as Float32Array);
}

function repeatRows(latent: Float32Tensor, rows: number): Float32Tensor {
  const [, ...shape] = latent.shape;
  const data = new Float32Array(rows * latent.data.length);
  for (let row = 0; row < rows; row++) data.set(latent.data, row * latent.data.length);
  return tensor([rows, ...shape], data);
}
