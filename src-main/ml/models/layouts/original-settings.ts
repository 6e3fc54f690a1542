/**
 * @file What a file of the original layout leaves out: the configurations that a diffusers folder has beside its weights.
 * Sizes are read from the tensors; what no tensor shows is what was published with each generation of the model.
 * Source: v1-inference.yaml, v2-inference.yaml, v2-inference-v.yaml of Stability's stablediffusion; sd_xl_base.yaml of its generative-models.
 */
import type { Checkpoint } from "../../weights/checkpoint";

/** What was published in this layout and differs in more than its tensors. The second generation came for 512 pixels and for 768. */
export type Generation = "1" | "2-base" | "2" | "xl";

type Tensors = Checkpoint["tensors"];

/** A configuration as its JSON file holds it; null when the tensors are not those of a published size. */
type Config = Readonly<Record<string, unknown>> | null;

interface PublishedSettings {
  readonly sampleSize: number;
  /** Heads at every resolution; null where a head has always the same number of channels. */
  readonly heads: number | null;
  readonly scalingFactor: number;
  readonly scheduler: "PNDMScheduler" | "DDIMScheduler" | "EulerDiscreteScheduler";
  readonly prediction: "epsilon" | "v_prediction";
}

const published: Readonly<Record<Generation, PublishedSettings>> = {
  "1": { sampleSize: 64, heads: 8, scalingFactor: 0.18215, scheduler: "PNDMScheduler", prediction: "epsilon" },
  "2-base": { sampleSize: 64, heads: null, scalingFactor: 0.18215, scheduler: "PNDMScheduler", prediction: "epsilon" },
  "2": { sampleSize: 96, heads: null, scalingFactor: 0.18215, scheduler: "DDIMScheduler", prediction: "v_prediction" },
  xl: { sampleSize: 128, heads: null, scalingFactor: 0.13025, scheduler: "EulerDiscreteScheduler", prediction: "epsilon" },
};

/** Groups of every norm. */
const normNumGroups = 32;
/** Channels of a head where their number is not fixed, and in every text tower. */
const headChannels = 64;

/** `unet/config.json` for the tensors, under diffusers' names. */
export function unetConfig(tensors: Tensors, generation: Generation): Config {
  const blocks = countOf(tensors, "down_blocks");
  const perBlock = <Item>(read: (block: string) => Item) => Array.from({ length: blocks }, (_, i) => read(`down_blocks.${i}`));
  const channels = perBlock((block) => sizeOf(tensors, `${block}.resnets.0.conv1.weight`, 0));
  const { sampleSize, heads: fixedHeads } = published[generation];
  const heads = channels.map((size) => fixedHeads ?? size / headChannels);
  if (!areMultiples(channels, normNumGroups) || !heads.every((count) => Number.isInteger(count))) return null;
  const hasAttention = (block: string) => countOf(tensors, `${block}.attentions`) > 0;
  return {
    in_channels: 4,
    out_channels: 4,
    sample_size: sampleSize,
    block_out_channels: channels,
    down_block_types: perBlock((block) => (hasAttention(block) ? "CrossAttnDownBlock2D" : "DownBlock2D")),
    up_block_types: perBlock((block) => (hasAttention(block.replace("down", "up")) ? "CrossAttnUpBlock2D" : "UpBlock2D")),
    layers_per_block: perBlock((block) => countOf(tensors, `${block}.resnets`)),
    transformer_layers_per_block: perBlock((block) => Math.max(1, countOf(tensors, `${block}.attentions.0.transformer_blocks`))),
    attention_head_dim: heads, // diffusers calls the numbers of heads so
    cross_attention_dim: sizeOf(tensors, "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight", 1),
    norm_num_groups: normNumGroups,
    use_linear_projection: tensors.get("mid_block.attentions.0.proj_in.weight")?.shape.length === 2,
    ...(generation === "xl"
      ? {
          addition_embed_type: "text_time",
          addition_time_embed_dim: 256,
          projection_class_embeddings_input_dim: sizeOf(tensors, "add_embedding.linear_1.weight", 1),
        }
      : {}),
  };
}

/** `vae/config.json` for the tensors, under diffusers' names. */
export function vaeConfig(tensors: Tensors, generation: Generation): Config {
  const channels = Array.from({ length: countOf(tensors, "encoder.down_blocks") }, (_, i) =>
    sizeOf(tensors, `encoder.down_blocks.${i}.resnets.0.conv1.weight`, 0),
  );
  if (!areMultiples(channels, normNumGroups)) return null;
  return {
    in_channels: 3,
    latent_channels: 4,
    block_out_channels: channels,
    down_block_types: channels.map(() => "DownEncoderBlock2D"),
    layers_per_block: countOf(tensors, "encoder.down_blocks.0.resnets"),
    norm_num_groups: normNumGroups,
    scaling_factor: published[generation].scalingFactor,
  };
}

/** `text_encoder/config.json` for the tensors, under transformers' names. The towers of open_clip have another activation than CLIP's own. */
export function textConfig(tensors: Tensors, isOpenClip: boolean): Config {
  const tokens = "text_model.embeddings.token_embedding.weight";
  const hiddenSize = sizeOf(tensors, tokens, 1);
  if (!areMultiples([hiddenSize], headChannels)) return null;
  return {
    vocab_size: sizeOf(tensors, tokens, 0),
    hidden_size: hiddenSize,
    intermediate_size: sizeOf(tensors, "text_model.encoder.layers.0.mlp.fc1.weight", 0),
    num_hidden_layers: countOf(tensors, "text_model.encoder.layers"),
    num_attention_heads: hiddenSize / headChannels,
    max_position_embeddings: sizeOf(tensors, "text_model.embeddings.position_embedding.weight", 0),
    hidden_act: isOpenClip ? "gelu" : "quick_gelu",
    projection_dim: tensors.get("text_projection.weight")?.shape[0] ?? hiddenSize,
  };
}

/**
 * `scheduler/scheduler_config.json`. Files tuned to v-prediction or to a noise that ends without signal say so by tensors that hold nothing else
 * (`v_pred`, `ztsnr`), which is what other programs go by.
 */
export function schedulerConfig(tensors: Tensors, generation: Generation): Readonly<Record<string, unknown>> {
  const { scheduler, prediction } = published[generation];
  const endsInNoise = tensors.has("ztsnr");
  return {
    _class_name: endsInNoise && scheduler === "PNDMScheduler" ? "DDIMScheduler" : scheduler, // PNDM knows no such noise
    num_train_timesteps: 1000,
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: "scaled_linear",
    timestep_spacing: "leading",
    steps_offset: 1,
    skip_prk_steps: true,
    prediction_type: tensors.has("v_pred") ? "v_prediction" : prediction,
    rescale_betas_zero_snr: endsInNoise,
  };
}

/** How many children counted from 0 the scope has: `down_blocks` of `down_blocks.0.` to `down_blocks.3.` gives 4. A gap ends the count. */
function countOf(tensors: Tensors, scope: string): number {
  const children = new Set<string | undefined>();
  for (const name of tensors.keys()) if (name.startsWith(`${scope}.`)) children.add(name.slice(scope.length + 1).split(".", 1)[0]);
  let count = 0;
  while (children.has(String(count))) count += 1;
  return count;
}

/** Length of one axis of a tensor; 0 when there is none, which the network's own check of its weights then names. */
function sizeOf(tensors: Tensors, name: string, axis: number): number {
  return tensors.get(name)?.shape[axis] ?? 0;
}

function areMultiples(sizes: readonly number[], unit: number): boolean {
  return sizes.length > 0 && sizes.every((size) => size > 0 && size % unit === 0);
}
