/** @file Inner values of a DiT for one picture, by name. */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../platform/raw-image";
import { noiseAlone } from "../metrics/diffsim/noise";
import { openDitPipeline } from "../metrics/diffsim-dit/pipeline";
import { ditSettings } from "../metrics/diffsim-dit/settings";
import type { TappedImage } from "../metrics/feature-pass";
import type { CompareOptions, MetricContext } from "../metrics/metric";
import { float32Output } from "../tensor/float32-output";
import { tensor, type Float32Tensor } from "../tensor/tensor";
import { meanOf } from "./diffusion/map-arithmetic";

/**
 * The values at `taps` (names of `DitGraphOptions.taps`), without the batch axis, of a picture as the corrected mode shows it to the network;
 * the mean over several seeds.
 *
 * @throws tap/unknown saying what exists, metric/needs-model, checkpoint/..., step/out-of-range, usage/invalid
 */
export async function ditFeatures(
  context: MetricContext,
  image: RawImage,
  { taps, options }: { readonly taps: readonly string[]; readonly options: CompareOptions },
): Promise<ReadonlyMap<string, Float32Tensor>> {
  const pipeline = await openDitPipeline(context);
  const { config, vae } = pipeline.dit;
  const unknown = taps.find((name) => !isTap(name, config.depth));
  if (unknown !== undefined)
    throw appError("tap/unknown", `This DiT has no tap ${unknown}.`, {
      hint: `Taps: x_embedder, t_embedder, y_embedder, blocks.0 to blocks.${config.depth - 1}, and of each blocks.0.attn.input, .q, .k, .v, .sdpa.`,
    });
  const settings = ditSettings(config, { ...options, mode: "corrected" });
  const posterior = await pipeline.encodeImage(image, settings.size, false);
  const names = [...new Set(taps)];
  const draws: TappedImage[] = [];
  for (const seed of settings.seeds) {
    const { input } = noiseAlone(posterior, { settings, scalingFactor: vae.config.scalingFactor, seed });
    draws.push(await pipeline.tapDit(input, settings, names));
  }
  const meanOfTap = (name: string) => meanOf(draws.map((tapped) => float32Output(name, tapped.get(name))));
  return new Map(names.map((name) => [name, withoutRow(meanOfTap(name))]));
}

/** The corrected mode shows the latent in one row. */
function withoutRow({ shape, data }: Float32Tensor): Float32Tensor {
  return tensor(shape.slice(1), data);
}

function isTap(name: string, depth: number): boolean {
  const block = /^blocks\.(\d+)(?:\.attn\.(?:input|q|k|v|sdpa))?$/.exec(name)?.[1];
  return ["x_embedder", "t_embedder", "y_embedder"].includes(name) || (block !== undefined && Number(block) < depth);
}
