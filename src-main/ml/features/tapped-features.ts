/** @file Inner values of a network for one picture, by name: what `semblance features` writes. */
import { appError } from "#shared/domain/app-error";
import type { RawImage } from "../../platform/raw-image";
import { openClipNetwork } from "../metrics/clip/network";
import { openDinov2Network } from "../metrics/dinov2/network";
import { conditioningRows } from "../metrics/diffsim/compare";
import { noiseAlone } from "../metrics/diffsim/noise";
import { openDiffsimPipeline } from "../metrics/diffsim/pipeline";
import { diffsimSettings } from "../metrics/diffsim/settings";
import type { CompareOptions, MetricContext } from "../metrics/metric";
import { imageOutput, runVisionNetwork } from "../metrics/vision/vision-network";
import type { VisionTaps } from "../models/vision-taps";
import type { Tensor } from "../tensor/tensor";

export interface TapOptions {
  readonly taps: readonly string[];
  readonly options: CompareOptions;
}

/**
 * The tapped values of a picture, without the batch axis (a U-Net's keep the guidance rows, where there are two).
 *
 * Stable Diffusion: module paths, for an attention with `.q`, `.k`, `.v` or `.sdpa` behind. CLIP and DINOv2: `layer<n>.q`, `.k`, `.v`, `.sdpa`,
 * `hidden<n>` (the tokens after n layers) and `embedding`.
 *
 * @throws tap/unknown saying what exists, metric/needs-model, checkpoint/..., step/out-of-range, usage/invalid
 */
export async function tappedFeatures(context: MetricContext, image: RawImage, request: TapOptions): Promise<ReadonlyMap<string, Tensor>> {
  const family = context.checkpoint?.family ?? "starter";
  switch (family) {
    case "stable-diffusion":
      return unetFeatures(context, image, request);
    case "clip":
    case "dinov2":
      return visionFeatures(context, image, request);
    default:
      throw appError("tap/unknown", `A model of the family ${family} has no taps to choose from.`, {
        hint: "Give a Stable Diffusion, CLIP or DINOv2 model with --checkpoint.",
      });
  }
}

async function unetFeatures(context: MetricContext, image: RawImage, { taps, options }: TapOptions): Promise<ReadonlyMap<string, Tensor>> {
  const pipeline = await openDiffsimPipeline(context);
  const settings = diffsimSettings(pipeline.networks, { mode: "corrected", ...options });
  const posterior = await pipeline.encodePixels(pipeline.pixelsOf(image, settings.size));
  const { scalingFactor } = pipeline.networks.vae.config;
  const { input } = noiseAlone(posterior, { settings, scalingFactor, seed: settings.seeds[0] ?? 0 });
  const rows = await conditioningRows(pipeline, settings);
  const [tapped] = await pipeline.tapUNet({ latents: [input], timestep: settings.noiseLevel.timestep, rows, taps });
  return new Map([...(tapped ?? [])].map(([name, value]) => [name, withoutSingleRow(value)]));
}

/** Drops the row axis where there is one row. */
function withoutSingleRow(value: Tensor): Tensor {
  return value.shape[0] === 1 ? { ...value, shape: value.shape.slice(1) } : value;
}

async function visionFeatures(
  context: MetricContext,
  image: RawImage,
  { taps, options }: TapOptions,
): Promise<ReadonlyMap<string, Tensor>> {
  const mode = options.mode ?? "corrected";
  const network =
    context.checkpoint?.family === "clip"
      ? await openClipNetwork(context, "clip-aas", mode)
      : await openDinov2Network(context, "dinov2-aas", mode);
  const outputs = await runVisionNetwork(context, network, { taps: visionTaps(taps), images: [image] });
  return new Map(taps.map((name) => [name, imageOutput(outputs, name, 0)]));
}

/** Reads the names; layers that do not exist are refused by the network itself. */
function visionTaps(names: readonly string[]): VisionTaps {
  const attention = new Set<number>();
  const hiddenStates = new Set<number>();
  for (const name of names) {
    const layer = /^layer(\d+)\.(?:q|k|v|sdpa)$/.exec(name)?.[1];
    const hidden = /^hidden(\d+)$/.exec(name)?.[1];
    if (layer !== undefined) attention.add(Number(layer));
    else if (hidden !== undefined) {
      if (Number(hidden) > 0) hiddenStates.add(Number(hidden) - 1);
    } else if (name !== "embedding") {
      throw appError("tap/unknown", `A vision transformer has no tap ${name}.`, {
        hint: "Taps: layer0.q, layer0.k, layer0.v, layer0.sdpa, hidden0, hidden1, ..., embedding.",
      });
    }
  }
  return {
    attention: [...attention],
    hiddenStates: [...hiddenStates],
    embedding: names.includes("embedding"),
    stages: names.includes("hidden0"),
  };
}
