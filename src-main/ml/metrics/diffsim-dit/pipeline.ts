/** @file The stages of DiffSim on a DiT: picture to latent posterior, noisy latent to the attention of a block. */
import type { RawImage } from "../../../platform/raw-image";
import { attentionFormFor } from "../../graph/opset";
import { buildDit } from "../../models/dit/dit";
import { openDit, type OpenedDit } from "../../models/dit/open-dit";
import type { ModelFolder } from "../../models/model-folder";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { diffusionImages } from "../../preprocess/diffusion-image";
import { rememberSessions } from "../../runtime/remembered-sessions";
import { float32Output } from "../../tensor/float32-output";
import { reverseColumns } from "../../tensor/reverse-columns";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import { createLatentEncoder } from "../diffsim/latent-encoder";
import type { TappedLatent } from "../diffsim/pipeline";
import type { MetricContext } from "../metric";
import { openOnce } from "../open-once";
import { requiredModel } from "../required-model";
import type { DitSettings } from "./settings";

export interface DitPipeline {
  readonly model: ModelFolder;
  readonly dit: OpenedDit;
  /** A picture squashed to `size` x `size`, as it is or in a mirror. */
  encodeImage(image: RawImage, size: number, isMirrored: boolean): Promise<LatentPosterior>;
  /** Runs the DiT on a noisy latent [1, C, h, w] as far as the last of the taps. */
  tapDit(latent: Float32Tensor, settings: DitSettings, taps: readonly string[]): Promise<TappedLatent>;
}

const openPipeline = openOnce(async (model, context) => createPipeline(model, await openDit(model), context));

/** The pipeline of the context's model. Throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config. */
export async function openDitPipeline(context: MetricContext): Promise<DitPipeline> {
  return openPipeline(requiredModel(context, "diffsim-dit", "a DiT (its .safetensors file beside a vae folder)"), context);
}

function createPipeline(model: ModelFolder, dit: OpenedDit, context: MetricContext): DitPipeline {
  const attention = attentionFormFor(context.runtime);
  const encodePixels = createLatentEncoder(dit.vae, context);
  const session = rememberSessions<string>();
  return {
    model,
    dit,
    encodeImage: async (image, size, isMirrored) => {
      const pixels = diffusionImages([image], size);
      return encodePixels(isMirrored ? reverseColumns(pixels, size, 1) : pixels);
    },
    tapDit: async (latent, { modelTimestep, classLabels }, taps) => {
      const [, , latentSize = 0] = latent.shape;
      const load = async () => context.sessions.get(buildDit(dit.weights, dit.config, { latentSize, taps, attention }), context.runtime);
      const network = await session(`${latentSize} ${taps.join()}`, load);
      const labels: Tensor = { dtype: "int64", shape: [classLabels.length], data: BigInt64Array.from(classLabels, BigInt) };
      const outputs = await network.run({ sample: latent, timestep: tensor([1], Float32Array.of(modelTimestep)), class_labels: labels });
      return new Map(taps.map((name) => [name, float32Output(name, outputs[name])]));
    },
  };
}
