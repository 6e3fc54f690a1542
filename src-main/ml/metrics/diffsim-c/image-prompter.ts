/** @file Pictures as prompts: what an IP-Adapter and its image encoder tell every attention of the U-Net about a picture. */
import { appError } from "#shared/domain/app-error";
import type { FeatureRecipe } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import { attentionFormFor } from "../../graph/opset";
import {
  adapterPixels,
  adapterStatesOutput,
  buildAdapterImageEncoder,
  emptyAdapterPixels,
  openAdapterImageEncoder,
} from "../../models/ip-adapter/image-encoder";
import { buildImageAttention, openIpAdapter } from "../../models/ip-adapter/ip-adapter";
import type { ModelFolder } from "../../models/model-folder";
import type { UNet2DConditionConfig } from "../../models/stable-diffusion/config";
import { float32Output } from "../../tensor/float32-output";
import { reverseColumns } from "../../tensor/reverse-columns";
import type { Float32Tensor } from "../../tensor/tensor";
import type { Checkpoint } from "../../weights/checkpoint";
import { imageScale, type DiffsimPipeline } from "../diffsim/pipeline";
import type { DiffsimSettings } from "../diffsim/settings";
import type { DiffsimVariant } from "../diffsim/variant";
import type { MetricContext } from "../metric";
import { runsAlike } from "../open-once";

/** What one picture, or none, tells the U-Net. */
export interface ImagePrompt {
  /** States of the image encoder before its last layer, [1, S, imageWidth]. */
  readonly hiddenStates: Float32Tensor;
  /** The adapter's tokens, [1, T, C]. */
  readonly tokens: Float32Tensor;
  /** Key and value of every attention, [1, T, channels], under the names of the U-Net's inputs. */
  readonly attention: ReadonlyMap<string, Float32Tensor>;
}

/** A picture shown to the adapter. */
export interface ShownImage {
  /** As the image encoder takes it, [1, 3, S, S]. */
  readonly pixels: Float32Tensor;
  /** What goes beside each text: beside a negative prompt that of no picture, beside the prompt the picture's. */
  readonly prompts: readonly ImagePrompt[];
}

export interface ImagePrompter {
  /** Shows a picture, or its mirror image: not squashed, but with its middle cut out. */
  show(image: RawImage, isMirrored: boolean, hasNegativeRow: boolean): Promise<ShownImage>;
  /** What of it decides the numbers, as a recipe states it. */
  parameters(): Promise<FeatureRecipe["parameters"]>;
}

interface Opened {
  readonly adapter: Checkpoint;
  readonly unet: UNet2DConditionConfig;
  readonly context: MetricContext;
  readonly prompter: ImagePrompter;
}

/** One prompter an image encoder, so that what it says of no picture is computed once. */
const opened = new WeakMap<ModelFolder, Opened>();

/**
 * The prompter of the context's companions for the U-Net of a pipeline, for variants that compare by what an adapter shows; weights are read when the first
 * picture comes.
 *
 * @throws metric/needs-model, checkpoint/unsupported, checkpoint/incomplete, graph/unsupported-config (adapter, encoder and U-Net do not fit)
 */
export function openPrompterOf(variant: DiffsimVariant, { networks }: DiffsimPipeline, context: MetricContext): ImagePrompter | null {
  if (variant.attention === "attn1") return null;
  const { ipAdapter: adapter = null, imageEncoder: encoder = null } = context.companions ?? {};
  if (adapter === null || encoder === null) {
    throw appError("metric/needs-model", `${variant.metric} needs an IP-Adapter Plus and its image encoder.`, {
      hint: "Give the adapter's .safetensors file with --ip-adapter and the encoder's folder with --image-encoder.",
    });
  }
  const unet = networks.unet.config;
  const known = opened.get(encoder);
  if (known?.adapter === adapter && known.unet === unet && runsAlike(known.context, context)) return known.prompter;
  const prompter = createPrompter({ adapter, encoder, unet }, context);
  opened.set(encoder, { adapter, unet, context, prompter });
  return prompter;
}

/** What a recipe states of a variant beside what all have: its adapter, and where its published mode departs from the released script. */
export async function variantParameters({
  variant,
  prompter,
  settings,
}: {
  readonly variant: DiffsimVariant;
  readonly prompter: ImagePrompter | null;
  readonly settings: DiffsimSettings;
}): Promise<FeatureRecipe["parameters"]> {
  const { deviations } = variant;
  return {
    ...(await prompter?.parameters()),
    ...(settings.mode === "published" && deviations !== undefined ? { deviations } : {}),
  };
}

interface Parts {
  readonly adapter: Checkpoint;
  readonly encoder: ModelFolder;
  readonly unet: UNet2DConditionConfig;
}

function createPrompter(parts: Parts, { runtime, sessions }: MetricContext): ImagePrompter {
  const adapter = openIpAdapter(parts.adapter, parts.unet);
  const encoder = openAdapterImageEncoder(parts.encoder, adapter);
  const encoderGraph = buildAdapterImageEncoder(encoder);
  const adapterGraph = buildImageAttention(adapter, { imageTokens: encoder.imageTokens, attention: attentionFormFor(runtime) });
  let none: Promise<ImagePrompt> | null = null;

  async function encode(pixels: Float32Tensor): Promise<ImagePrompt> {
    const states = adapterStatesOutput(encoder);
    const { [states]: hidden } = await (await sessions.get(encoderGraph, runtime)).run({ pixel_values: pixels });
    const hiddenStates = float32Output(states, hidden);
    const { image_embeds: tokens, ...attention } = await (
      await sessions.get(adapterGraph, runtime)
    ).run({ image_hidden_states: hiddenStates });
    return {
      hiddenStates,
      tokens: float32Output("image_embeds", tokens),
      attention: new Map(Object.entries(attention).map(([name, output]) => [name, float32Output(name, output)])),
    };
  }

  /** The same for every picture, so it is computed once. */
  function encodeNone(): Promise<ImagePrompt> {
    none ??= encode(emptyAdapterPixels(encoder));
    none.catch(() => (none = null));
    return none;
  }

  return {
    show: async (image, isMirrored, hasNegativeRow) => {
      const upright = adapterPixels(image, encoder);
      const pixels = isMirrored ? reverseColumns(upright, encoder.config.imageSize, 1) : upright;
      const prompt = await encode(pixels);
      return { pixels, prompts: hasNegativeRow ? [await encodeNone(), prompt] : [prompt] };
    },
    parameters: async () => ({
      ipAdapterSha256: await parts.adapter.sha256(),
      imageEncoderSha256: parts.encoder.sha256,
      ipAdapterScale: imageScale,
    }),
  };
}
