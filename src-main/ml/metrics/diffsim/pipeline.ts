/** @file The stages of DiffSim on Stable Diffusion: prompt to text states, picture to latent posterior, noisy latent to attention features. */
import type { MetricName } from "#shared/domain/feature-recipe";
import type { RawImage } from "../../../platform/raw-image";
import { attentionFormFor } from "../../graph/opset";
import type { LatentPosterior } from "../../models/stable-diffusion/latents";
import { openStableDiffusion, type StableDiffusion } from "../../models/stable-diffusion/stable-diffusion";
import { attentionTaps, imageAttentionTaps } from "../../models/stable-diffusion/tap-collector";
import { buildUNet } from "../../models/stable-diffusion/unet";
import { diffusionImages } from "../../preprocess/diffusion-image";
import { rememberSessions } from "../../runtime/remembered-sessions";
import type { AttentionFeatures } from "../../scoring/attention-features";
import { float32Output } from "../../tensor/float32-output";
import { stackRows } from "../../tensor/stack-rows";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";
import { openOnce } from "../open-once";
import { requiredModel } from "../required-model";
import { createLatentEncoder } from "./latent-encoder";
import { createPromptEncoder, type EncodedPrompt } from "./prompt-encoder";

/** What the U-Net is told beside a latent: one row of its batch. */
export interface UNetConditioning extends EncodedPrompt {
  /** Size of the original, corner of the crop, size asked for, each height before width, [1, 6]; Stable Diffusion XL only. */
  readonly timeIds?: Float32Tensor;
  /** Key and value of an image for every attention to the text, [1, T_image, channels], under the names of the U-Net's inputs (`imageAttentionInputs`). */
  readonly imageAttention?: ReadonlyMap<string, Float32Tensor>;
}

/** Weight of what attentions find in the image beside what they find in the text, as the published code sets it. */
export const imageScale = 0.5;

export interface TapRequest {
  /** Noisy latents at the network's scale, each [1, C, h, w]; all of one size. */
  readonly latents: readonly Float32Tensor[];
  readonly timestep: number;
  /** Every latent is shown once with each; all tell the same kinds of things. */
  readonly rows: readonly UNetConditioning[];
  /** Names of the values of the U-Net to give out, see `TapPoint`. */
  readonly taps: readonly string[];
}

/** What the U-Net shows for one latent: tap to values, [rows, ...]. */
export type TappedLatent = ReadonlyMap<string, Float32Tensor>;

export interface DiffsimPipeline {
  readonly networks: StableDiffusion;
  /** What a prompt tells the U-Net; remembered. */
  encodePrompt(prompt: string): Promise<EncodedPrompt>;
  /** Frees the text towers; prompts that were encoded stay known. */
  releaseTextEncoder(): Promise<void>;
  /** A picture squashed to `size` x `size`, from -1 to 1: [1, 3, size, size]. */
  pixelsOf(image: RawImage, size: number): Float32Tensor;
  encodePixels(pixels: Float32Tensor): Promise<LatentPosterior>;
  /** Runs the U-Net as far as the last of the taps. Throws tap/unknown. */
  tapUNet(request: TapRequest): Promise<readonly TappedLatent[]>;
}

const openPipeline = openOnce(async (model, context) => createPipeline(await openStableDiffusion(model), context));

/** The pipeline of the context's model, of any Stable Diffusion. Throws metric/needs-model, checkpoint/unsupported, checkpoint/incomplete, graph/unsupported-config. */
export async function openDiffsimPipeline(context: MetricContext, metric: MetricName = "diffsim-s"): Promise<DiffsimPipeline> {
  const wanted = metric.startsWith("diffsim-xl") ? "a Stable Diffusion XL model" : "a Stable Diffusion 1.x or 2.x model";
  return openPipeline(requiredModel(context, metric, wanted), context);
}

function createPipeline(networks: StableDiffusion, context: MetricContext): DiffsimPipeline {
  const { runtime, sessions } = context;
  const { unet, vae, textTowers } = networks;
  const attention = attentionFormFor(runtime);
  const prompts = createPromptEncoder(textTowers, context);
  const session = rememberSessions<string>();

  return {
    networks,
    encodePrompt: (prompt) => prompts.encode(prompt),
    releaseTextEncoder: () => prompts.release(),
    pixelsOf: (image, size) => diffusionImages([image], size),
    encodePixels: createLatentEncoder(vae, context),
    tapUNet: async (request) => {
      const [, , height = 0, width = 0] = request.latents[0]?.shape ?? [];
      const taps = [...new Set(request.taps)];
      const [, textTokens = 0] = request.rows[0]?.encoderHiddenStates.shape ?? [];
      const [imageKeys] = request.rows[0]?.imageAttention?.values() ?? [];
      const [, imageTokens = 0] = imageKeys?.shape ?? [];
      const image = imageTokens === 0 ? null : { tokens: imageTokens, scale: imageScale };
      const options = { height, width, textTokens, taps, attention, image };
      const network = await session(`unet ${height}x${width} ${textTokens} ${imageTokens} ${taps.join()}`, async () =>
        sessions.get(buildUNet(unet.weights, unet.config, options), runtime),
      );
      const outputs = await network.run(unetFeeds(request));
      return request.latents.map((_, index) => tappedLatent(outputs, request, index));
    },
  };
}

/** Rows in the order latent by latent, conditioning by conditioning. */
function unetFeeds({ latents, rows, timestep }: TapRequest): Record<string, Tensor> {
  const batch = latents.length * rows.length;
  const feeds: Record<string, Tensor> = {
    sample: stackRows(latents.flatMap((latent) => rows.map(() => latent))),
    timestep: tensor([batch], new Float32Array(batch).fill(timestep)),
  };
  const tell = (input: string, of: (row: UNetConditioning) => Float32Tensor | undefined) => {
    const told = rows.flatMap((row) => of(row) ?? []);
    if (told.length > 0) feeds[input] = stackRows(latents.flatMap(() => told));
  };
  tell("encoder_hidden_states", (row) => row.encoderHiddenStates);
  tell("text_embeds", (row) => row.textEmbeds);
  tell("time_ids", (row) => row.timeIds);
  for (const input of rows[0]?.imageAttention?.keys() ?? []) tell(input, (row) => row.imageAttention?.get(input));
  return feeds;
}

function tappedLatent(outputs: Readonly<Record<string, Tensor>>, request: TapRequest, index: number): TappedLatent {
  const latents = request.latents.length;
  return new Map(
    request.taps.map((name) => {
      const all = float32Output(name, outputs[name]);
      const size = all.data.length / latents;
      const data = latents === 1 ? all.data : all.data.slice(index * size, (index + 1) * size);
      return [name, tensor([request.rows.length, ...all.shape.slice(1)], data)];
    }),
  );
}

/** The taps that {@link attentionFeatures} are made of: of an attention to the text, `attn2`, what it finds in the image beside it. */
export function featureTaps(path: string): readonly [query: string, key: string, value: string, output: string] {
  return path.endsWith(".attn2") ? imageAttentionTaps(path) : attentionTaps(path);
}

/** The features of the attention at `path`, whose {@link featureTaps} were asked for; the rows are folded into the heads. */
export function attentionFeatures(tapped: TappedLatent, path: string): AttentionFeatures {
  const [query, key, value, output] = featureTaps(path).map((name) => float32Output(name, tapped.get(name))) as [
    Float32Tensor,
    Float32Tensor,
    Float32Tensor,
    Float32Tensor,
  ];
  const [rows = 1, heads = 1, tokens = 1, headDim = 1] = query.shape;
  const side = Math.round(Math.sqrt(tokens)); // pictures are squashed to squares
  return {
    heads: rows * heads,
    tokens,
    headDim,
    ...(path.endsWith(".attn2") ? { keyTokens: key.shape[2] } : {}),
    grid: { rows: side, columns: side, prefix: 0 },
    query: query.data,
    key: key.data,
    value: value.data,
    output: output.data,
  };
}
