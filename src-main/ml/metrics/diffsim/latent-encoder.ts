/** @file Pictures to latents with the autoencoder of a diffusion model; its graphs are authored once for each size. */
import { attentionFormFor } from "../../graph/opset";
import type { Autoencoder } from "../../models/stable-diffusion/autoencoder";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { rememberSessions } from "../../runtime/remembered-sessions";
import { float32Output } from "../../tensor/float32-output";
import type { Float32Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";

/** Encodes pixels [1, 3, H, W] from -1 to 1. */
export type LatentEncoder = (pixels: Float32Tensor) => Promise<LatentPosterior>;

/** The encoder of `vae`; weights are read when the first picture comes. */
export function createLatentEncoder(vae: Autoencoder, { runtime, sessions }: MetricContext): LatentEncoder {
  const attention = attentionFormFor(runtime);
  const session = rememberSessions<string>();
  return async (pixels) => {
    const [, , height = 0, width = 0] = pixels.shape;
    // Its weights are small and its convolutions many: the layout for convolutions pays.
    const load = async () => sessions.get(vae.build({ height, width, attention }), { ...runtime, optimization: "all" });
    const { mean, logvar } = await (await session(`${height}x${width}`, load)).run({ pixel_values: pixels });
    return { mean: float32Output("mean", mean), logvar: logvar === undefined ? null : float32Output("logvar", logvar) };
  };
}
