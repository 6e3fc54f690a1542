/** @file Every intermediate result of a DiffSim-DiT comparison under a stable name, for comparing an implementation stage by stage. */
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { attentionTaps } from "../../models/stable-diffusion/tap-collector";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { NoisedLatent } from "../diffsim/noise";
import type { TappedLatent } from "../diffsim/pipeline";

/** What is staged of the network itself, besides the compared attention. They reach to its end, so the whole network is run. */
export function stagedTaps(depth: number): readonly string[] {
  const blocks = Array.from({ length: depth }, (_, i) => `blocks.${i}`);
  return ["x_embedder", "t_embedder", "y_embedder", ...blocks.flatMap((block) => [`${block}.attn.input`, block])];
}

/** All that is known of one picture. */
export interface StagedSide {
  readonly posterior: LatentPosterior;
  /** The numbers its latent was drawn with; `null` where none were. */
  readonly draw: Float32Array | null;
  readonly latent: NoisedLatent;
  readonly tapped: TappedLatent;
  /** Module path of the compared attention. */
  readonly tap: string;
}

/** The staged tensors of side "A" or "B". */
export function stagedSide(name: "A" | "B", { posterior, draw, latent, tapped, tap }: StagedSide): ReadonlyMap<string, Tensor> {
  const [query, key, value, output] = attentionTaps(tap).map((path) => tapped.get(path));
  const attention = new Set<string>(attentionTaps(tap));
  const stages: Record<string, Tensor | undefined> = {
    vae_moments: moments(posterior),
    vae_noise: draw === null ? undefined : tensor(posterior.mean.shape, draw),
    noise: latent.noise,
    latents: latent.input,
    ...Object.fromEntries([...tapped].filter(([path]) => !attention.has(path))),
    q: query,
    k: key,
    v: value,
    self_attention: output,
  };
  return new Map(
    Object.entries(stages).flatMap(([stage, staged]) => (staged === undefined ? [] : [[`${stage}_${name}`, staged] as const])),
  );
}

/** Mean and log variance side by side in the channels. */
function moments({ mean, logvar }: LatentPosterior): Float32Tensor {
  const [batch = 1, channels = 1, ...size] = mean.shape;
  if (logvar === null) return mean;
  return tensor([batch, 2 * channels, ...size], Float32Array.from([...mean.data, ...logvar.data]));
}
