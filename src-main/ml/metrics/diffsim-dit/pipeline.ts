/** @file The stages of DiffSim on a DiT: picture to latent posterior, noisy latent to the attention of a block. */
import { attentionFormFor } from "../../graph/opset";
import { buildDit } from "../../models/dit/dit";
import { openDit, type OpenedDit } from "../../models/dit/open-dit";
import type { ModelFolder } from "../../models/model-folder";
import type { InferenceSession } from "../../runtime/inference-session";
import { float32Output } from "../../tensor/float32-output";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import { createLatentEncoder, type LatentEncoder } from "../diffsim/latent-encoder";
import type { TappedLatent } from "../diffsim/pipeline";
import type { MetricContext } from "../metric";
import { requiredModel } from "../required-model";
import type { DitSettings } from "./settings";

export interface DitPipeline {
  readonly model: ModelFolder;
  readonly dit: OpenedDit;
  readonly encodePixels: LatentEncoder;
  /** Runs the DiT on a noisy latent [1, C, h, w] as far as the last of the taps. */
  tapDit(latent: Float32Tensor, settings: DitSettings, taps: readonly string[]): Promise<TappedLatent>;
}

/** Opens the context's model. Throws metric/needs-model, checkpoint/incomplete, graph/unsupported-config. */
export async function openDitPipeline(context: MetricContext): Promise<DitPipeline> {
  const model = requiredModel(context, "diffsim-dit", "a DiT (its .safetensors file beside a vae folder)");
  const dit = await openDit(model);
  const attention = attentionFormFor(context.runtime.device);
  const handles = new Map<string, Promise<InferenceSession>>();

  function sessionFor(latentSize: number, taps: readonly string[]): Promise<InferenceSession> {
    const key = `${latentSize} ${taps.join()}`;
    const load = async () => context.sessions.get(buildDit(dit.weights, dit.config, { latentSize, taps, attention }), context.runtime);
    const handle = handles.get(key) ?? load();
    handles.set(key, handle);
    handle.catch(() => handles.delete(key));
    return handle;
  }

  return {
    model,
    dit,
    encodePixels: createLatentEncoder(dit.vae, context),
    tapDit: async (latent, { modelTimestep, classLabels }, taps) => {
      const session = await sessionFor(latent.shape[2] ?? 0, taps);
      const labels: Tensor = { dtype: "int64", shape: [classLabels.length], data: BigInt64Array.from(classLabels, BigInt) };
      const outputs = await session.run({ sample: latent, timestep: tensor([1], Float32Array.of(modelTimestep)), class_labels: labels });
      return new Map(taps.map((name) => [name, float32Output(name, outputs[name])]));
    },
  };
}
