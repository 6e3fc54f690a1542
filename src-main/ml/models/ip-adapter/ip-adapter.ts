/**
 * @file IP-Adapter Plus: what a U-Net's attentions to the text may find in an image beside it.
 * Source: Ye et al., "IP-Adapter", 2023; diffusers 0.29 `UNet2DConditionLoadersMixin._load_ip_adapter_weights`.
 */
import { appError } from "#shared/domain/app-error";
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph, GraphOptions } from "../../graph/graph-core";
import { linear } from "../../nn/linear";
import type { Checkpoint } from "../../weights/checkpoint";
import type { WeightScope } from "../../weights/weight-scope";
import type { UNet2DConditionConfig } from "../stable-diffusion/config";
import { imageAttentionInputs } from "../stable-diffusion/transformer";
import { resampler, type ResamplerConfig } from "./resampler";

/** Width of a head of the Resampler; no file states it, every published one has it. */
const headWidth = 64;

/** An adapter that fits a U-Net. */
export interface IpAdapter {
  readonly checkpoint: Checkpoint;
  readonly resampler: ResamplerConfig;
  readonly attentions: readonly AdaptedAttention[];
}

/** An attention to the text, and the adapter's weights for it. */
interface AdaptedAttention {
  /** Module path in the U-Net, ends with `attn2`. */
  readonly path: string;
  readonly channels: number;
  readonly weights: WeightScope;
}

/**
 * Checks that a file is an IP-Adapter Plus made for such a U-Net.
 *
 * @throws checkpoint/unsupported (no adapter, or of another kind), checkpoint/incomplete, graph/unsupported-config (made for another model)
 */
export function openIpAdapter(checkpoint: Checkpoint, unet: UNet2DConditionConfig): IpAdapter {
  const weights = checkpoint.scope("ip_adapter");
  const config = resamplerConfig(checkpoint);
  const attentions = crossAttentions(unet).map((attention, i) => ({ ...attention, weights: weights.scope(String(2 * i + 1)) }));
  const textWidth = unet.crossAttentionDim[0] ?? 0;
  const keys = [...checkpoint.tensors.keys()].filter((name) => name.endsWith(".to_k_ip.weight")).length;
  const misfit = attentions.find(
    ({ channels, weights: adapted }) => adapted.shapeOf("to_k_ip.weight")?.join() !== `${channels},${textWidth}`,
  );
  if (keys !== attentions.length || config.outputWidth !== textWidth || misfit !== undefined) {
    throw appError(
      "graph/unsupported-config",
      `${checkpoint.path} was made for another model: it has ${keys} attentions and tokens of ${config.outputWidth} channels, this U-Net has ${attentions.length} and ${textWidth}.`,
      {
        hint: "Take the IP-Adapter Plus of the model: ip-adapter-plus_sd15 for Stable Diffusion 1.5, ip-adapter-plus_sdxl_vit-h for SDXL.",
      },
    );
  }
  return { checkpoint, resampler: config, attentions };
}

export interface ImageAttentionOptions extends GraphOptions {
  /** Hidden states an image has. */
  readonly imageTokens: number;
}

/**
 * Authors what an image gives to all attentions. Input `image_hidden_states` [N, S, imageWidth], the image encoder's states before its last layer.
 * Outputs: `image_embeds` [N, tokens, outputWidth], and key and value of every attention under their `imageAttentionInputs` [N, tokens, channels].
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildImageAttention({ checkpoint, resampler: config, attentions }: IpAdapter, options: ImageAttentionOptions): Graph {
  const g = new GraphBuilder(options);
  const states = g.input("image_hidden_states", "float32", ["N", options.imageTokens, config.imageWidth]);
  const tokens = resampler(g, states, checkpoint.scope("image_proj"), config);
  g.output("image_embeds", tokens);
  for (const { path, channels, weights } of attentions) {
    const [key, value] = imageAttentionInputs(path);
    g.output(key, linear(g, tokens, weights.scope("to_k_ip"), { outFeatures: channels, bias: false }));
    g.output(value, linear(g, tokens, weights.scope("to_v_ip"), { outFeatures: channels, bias: false }));
  }
  return g.build();
}

/** The attentions to the text in the order in which adapters number them, 1, 3, 5, ...: down, up, and the middle last. */
function crossAttentions({ transformerLayers, blockOutChannels }: UNet2DConditionConfig): readonly Omit<AdaptedAttention, "weights">[] {
  const { down, mid, up } = transformerLayers;
  const inBlock = (block: string, depths: readonly number[], channels = 0) =>
    depths.flatMap((depth, i) =>
      Array.from({ length: depth }, (_, j) => ({ path: `${block}.attentions.${i}.transformer_blocks.${j}.attn2`, channels })),
    );
  return [
    ...down.flatMap((depths, i) => inBlock(`down_blocks.${i}`, depths, blockOutChannels[i])),
    ...up.flatMap((depths, i) => inBlock(`up_blocks.${i}`, depths, blockOutChannels.at(-1 - i))),
    ...inBlock("mid_block", mid, blockOutChannels.at(-1)),
  ];
}

/** The sizes of the Resampler, all of which its tensors tell. */
function resamplerConfig(checkpoint: Checkpoint): ResamplerConfig {
  const weights = checkpoint.scope("image_proj");
  if (!checkpoint.scope().has("ip_adapter") || !weights.has("latents") || !weights.has("layers")) throw notPlus(checkpoint);
  const [, tokens = 0, hiddenSize = 0] = weights.shapeOf("latents") ?? [];
  const [innerSize = 0] = weights.shapeOf("layers.0.0.to_q.weight") ?? [];
  const [, imageWidth = 0] = weights.shapeOf("proj_in.weight") ?? [];
  const [outputWidth = 0] = weights.shapeOf("proj_out.weight") ?? [];
  let layers = 0;
  while (weights.has(`layers.${layers}`)) layers += 1;
  if (innerSize % headWidth !== 0 || [tokens, hiddenSize, innerSize, imageWidth, outputWidth].includes(0)) {
    throw appError("checkpoint/incomplete", `${checkpoint.path} is an IP-Adapter whose tensors do not fit each other.`, {
      hint: "Download the file again.",
    });
  }
  return { imageWidth, hiddenSize, outputWidth, tokens, layers, heads: innerSize / headWidth, innerSize };
}

function notPlus({ path, tensors }: Checkpoint): Error {
  const isAdapter = [...tensors.keys()].some((name) => name.startsWith("ip_adapter."));
  return isAdapter
    ? appError("checkpoint/unsupported", `${path} is an IP-Adapter of another kind; the Plus kind is needed.`, {
        hint: 'Take the file with "plus" in its name, such as ip-adapter-plus_sd15.safetensors; FaceID adapters are of another kind.',
      })
    : appError("checkpoint/unsupported", `${path} is no IP-Adapter.`, {
        hint: "Give ip-adapter-plus_sd15.safetensors for Stable Diffusion 1.5, or ip-adapter-plus_sdxl_vit-h.safetensors for SDXL.",
      });
}
