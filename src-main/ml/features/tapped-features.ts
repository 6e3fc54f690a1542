/** @file Inner values of a network for one picture, by name: what `semblance features` writes. */
import { appError } from "#shared/domain/app-error";
import type { ScoringMode } from "#shared/domain/feature-recipe";
import type { MaskImage, RawImage } from "../../platform/raw-image";
import { openClipNetwork } from "../metrics/clip/network";
import { openDinoNetwork } from "../metrics/dino-v1/dino-v1-metrics";
import { openDinov2Network } from "../metrics/dinov2/network";
import type { CompareOptions, MetricContext } from "../metrics/metric";
import { imageOutput, runVisionNetwork, type VisionNetwork } from "../metrics/vision/vision-network";
import { visionTaps } from "../models/vision-taps";
import type { Float32Tensor } from "../tensor/tensor";
import { ditFeatures } from "./dit-features";
import type { TapRecipeName } from "./recipes";
import { unetFeatures } from "./unet-features";

export interface TapOptions {
  readonly taps: readonly string[];
  readonly options: CompareOptions;
  /** Whose conventions bring the picture before the U-Net; the app's own when left out. U-Nets only, as all that follows. */
  readonly recipe?: TapRecipeName;
  /** Opacity of the picture, for the recipe that resizes it along. */
  readonly alpha?: MaskImage | null;
  /** Means over this many rows and columns of every map. */
  readonly pool?: number;
  /** One map of all taps, channels in execution order, under the name `concat`. */
  readonly concat?: boolean;
}

/**
 * The tapped values of a picture, without the batch axis (a U-Net's keep the guidance rows, where there are two).
 *
 * Stable Diffusion: every name of `resolveTaps`, in the layout of `featureOf`. CLIP, DINO and DINOv2: `layer<n>.q`, `.k`, `.v`, `.sdpa`, `hidden<n>` (the tokens after
 * n layers) and `embedding`. DiT: those of `DitGraphOptions`.
 *
 * @throws tap/unknown saying what exists, metric/needs-model, checkpoint/..., step/out-of-range, usage/invalid
 */
export async function tappedFeatures(
  context: MetricContext,
  image: RawImage,
  request: TapOptions,
): Promise<ReadonlyMap<string, Float32Tensor>> {
  const family = context.checkpoint?.family ?? "starter";
  switch (family) {
    case "stable-diffusion":
    case "stable-diffusion-xl":
      return unetFeatures(context, image, request);
    case "dit":
      refuseMapOptions(request);
      return ditFeatures(context, image, request);
    case "clip":
      return visionFeatures(context, image, { ...request, open: (mode) => openClipNetwork(context, "clip-aas", mode) });
    case "dinov2":
      return visionFeatures(context, image, { ...request, open: (mode) => openDinov2Network(context, "dinov2-aas", mode) });
    case "dino":
      return visionFeatures(context, image, { ...request, open: (mode) => openDinoNetwork(context, "dino-v1-aas", mode) });
    default:
      throw appError("tap/unknown", `A model of the family ${family} has no taps to choose from.`, {
        hint: "Give a Stable Diffusion, DiT, CLIP, DINO or DINOv2 model with --checkpoint.",
      });
  }
}

async function visionFeatures(
  context: MetricContext,
  image: RawImage,
  { open, ...request }: TapOptions & { readonly open: (mode: ScoringMode) => Promise<VisionNetwork> },
): Promise<ReadonlyMap<string, Float32Tensor>> {
  refuseMapOptions(request);
  const { taps, options } = request;
  const network = await open(options.mode ?? "corrected");
  const outputs = await runVisionNetwork(context, network, { taps: visionTaps(taps), images: [image] });
  return new Map(taps.map((name) => [name, imageOutput(outputs, name, 0)]));
}

/** Throws usage/invalid for what only the maps of a U-Net can be asked for. */
function refuseMapOptions({ options, recipe, pool, concat }: TapOptions): void {
  if (recipe === undefined && pool === undefined && concat !== true && options.flip !== true) return;
  throw appError(
    "usage/invalid",
    "A vision transformer has no recipe, and its tokens are neither pooled, mirrored nor laid upon one another.",
    {
      hint: "Leave out --recipe, --pool, --flip and --concat, or take a Stable Diffusion model.",
    },
  );
}
