/**
 * @file Every tensor of Stable Diffusion in the original layout, listed by walking through the networks as the code they were trained with builds them,
 * each with the tensor of a diffusers folder that holds the same numbers. It shares nothing with the program's own mapping.
 * Source: `UNetModel`, `Encoder` and `Decoder` of CompVis latent-diffusion, open_clip's `TextTransformer`, transformers' `CLIPTextModel`.
 */

type Shape = readonly number[];

/** One tensor of the file. */
export interface OriginalEntry {
  readonly original: string;
  readonly shape: Shape;
  /** The part of the diffusers folder, e.g. `unet`; empty when a diffusers folder has no such tensor. */
  readonly part: string;
  /** Its name there; three names for the rows of one matrix. */
  readonly names: readonly string[];
  readonly diffusersShape: Shape;
  readonly isTransposed: boolean;
}

interface TextSizes {
  readonly width: number;
  readonly inner: number;
  /** Layers in the diffusers folder. */
  readonly layers: number;
  readonly tokens: number;
  readonly projection: number;
}

export interface Architecture {
  readonly channels: Shape;
  readonly residualBlocks: number;
  /** Transformer blocks of each attention, by level; 0 where there is none. */
  readonly depths: Shape;
  readonly textWidth: number;
  readonly isLinear: boolean;
  /** Length of what is added to the time embedding; null where nothing is. */
  readonly added: number | null;
  readonly vae: { readonly channels: Shape; readonly residualBlocks: number };
  readonly clip: TextSizes | null;
  readonly openClip: TextSizes | null;
}

const openAiTower: TextSizes = { width: 768, inner: 3072, layers: 12, tokens: 49_408, projection: 768 };
const vae = { channels: [128, 256, 512, 512], residualBlocks: 2 };
const first: Architecture = {
  channels: [320, 640, 1280, 1280],
  residualBlocks: 2,
  depths: [1, 1, 1, 0],
  textWidth: 768,
  isLinear: false,
  added: null,
  vae,
  clip: openAiTower,
  openClip: null,
};

/** The published sizes. */
export const published = {
  "1.5": first,
  "2.1": {
    ...first,
    textWidth: 1024,
    isLinear: true,
    clip: null,
    openClip: { width: 1024, inner: 4096, layers: 23, tokens: 49_408, projection: 1024 },
  },
  xl: {
    ...first,
    channels: [320, 640, 1280],
    depths: [0, 2, 10],
    textWidth: 2048,
    isLinear: true,
    added: 2816,
    openClip: { width: 1280, inner: 5120, layers: 32, tokens: 49_408, projection: 1280 },
  },
} as const satisfies Readonly<Record<string, Architecture>>;

/** All tensors of the networks. */
export function originalEntries(architecture: Architecture): readonly OriginalEntry[] {
  const entries: OriginalEntry[] = [];
  walkUNet(listOf(entries, "model.diffusion_model", "unet"), architecture);
  walkAutoencoder(listOf(entries, "first_stage_model", "vae"), architecture.vae);
  const { clip, openClip } = architecture;
  const isXl = clip !== null && openClip !== null;
  if (clip !== null)
    walkClip(listOf(entries, isXl ? "conditioner.embedders.0.transformer" : "cond_stage_model.transformer", "text_encoder"), clip);
  if (openClip !== null && isXl) walkOpenClip(listOf(entries, "conditioner.embedders.1.model", "text_encoder_2"), openClip, true);
  if (openClip !== null && !isXl) walkOpenClip(listOf(entries, "cond_stage_model.model", "text_encoder"), openClip, false);
  return entries;
}

/** Adds tensors of one network under both names. */
interface Lister {
  tensor(original: string, name: string | readonly string[], shape: Shape, seen?: Partial<OriginalEntry>): unknown;
  unused(original: string, shape: Shape): unknown;
  /** Weight and bias. */
  linear(original: string, name: string, out: number, inputs: number): void;
  conv(original: string, name: string, out: number, inputs: number, size?: number): void;
  norm(original: string, name: string, size: number): void;
}

function listOf(entries: OriginalEntry[], prefix: string, part: string): Lister {
  return listerOf((original, names, shape, seen) =>
    entries.push({
      original: `${prefix}.${original}`,
      shape,
      part,
      names: [names].flat(),
      diffusersShape: shape,
      isTransposed: false,
      ...seen,
    }),
  );
}

function listerOf(tensor: Lister["tensor"]): Lister {
  const module = (original: string, name: string, shape: Shape) => {
    tensor(`${original}.weight`, `${name}.weight`, shape);
    tensor(`${original}.bias`, `${name}.bias`, shape.slice(0, 1));
  };
  return {
    tensor,
    unused: (original, shape) => tensor(original, [], shape, { part: "" }),
    linear: (original, name, out, inputs) => module(original, name, [out, inputs]),
    conv: (original, name, out, inputs, size = 3) => module(original, name, [out, inputs, size, size]),
    norm: (original, name, size) => module(original, name, [size]),
  };
}

function walkUNet(list: Lister, { channels, residualBlocks, depths, textWidth, isLinear, added }: Architecture): void {
  const start = channels[0]!;
  const timeWidth = 4 * start;
  const last = channels.length - 1;
  const resnet = (original: string, name: string, inputs: number, out: number) => {
    list.norm(`${original}.in_layers.0`, `${name}.norm1`, inputs);
    list.conv(`${original}.in_layers.2`, `${name}.conv1`, out, inputs);
    list.linear(`${original}.emb_layers.1`, `${name}.time_emb_proj`, out, timeWidth);
    list.norm(`${original}.out_layers.0`, `${name}.norm2`, out);
    list.conv(`${original}.out_layers.3`, `${name}.conv2`, out, out);
    if (inputs !== out) list.conv(`${original}.skip_connection`, `${name}.conv_shortcut`, out, inputs, 1);
  };
  const transformer = (original: string, name: string, size: number, depth: number) =>
    walkTransformer(list, [original, name], { size, depth, textWidth, isLinear });

  list.linear("time_embed.0", "time_embedding.linear_1", timeWidth, start);
  list.linear("time_embed.2", "time_embedding.linear_2", timeWidth, timeWidth);
  if (added !== null) {
    list.linear("label_emb.0.0", "add_embedding.linear_1", timeWidth, added);
    list.linear("label_emb.0.2", "add_embedding.linear_2", timeWidth, timeWidth);
  }
  list.conv("input_blocks.0.0", "conv_in", start, 4);
  const skips = [start];
  let size = start;
  let block = 1;
  for (const [level, out] of channels.entries()) {
    for (let i = 0; i < residualBlocks; i++, block++) {
      resnet(`input_blocks.${block}.0`, `down_blocks.${level}.resnets.${i}`, size, out);
      size = out;
      if (depths[level]! > 0) transformer(`input_blocks.${block}.1`, `down_blocks.${level}.attentions.${i}`, size, depths[level]!);
      skips.push(size);
    }
    if (level === last) continue;
    list.conv(`input_blocks.${block}.0.op`, `down_blocks.${level}.downsamplers.0.conv`, size, size);
    skips.push(size);
    block++;
  }
  resnet("middle_block.0", "mid_block.resnets.0", size, size);
  transformer("middle_block.1", "mid_block.attentions.0", size, Math.max(1, depths[last]!));
  resnet("middle_block.2", "mid_block.resnets.1", size, size);
  block = 0;
  for (const [up, out] of channels.toReversed().entries()) {
    const depth = depths[last - up]!;
    for (let i = 0; i <= residualBlocks; i++, block++) {
      resnet(`output_blocks.${block}.0`, `up_blocks.${up}.resnets.${i}`, size + skips.pop()!, out);
      size = out;
      if (depth > 0) transformer(`output_blocks.${block}.1`, `up_blocks.${up}.attentions.${i}`, size, depth);
      if (up < last && i === residualBlocks)
        list.conv(`output_blocks.${block}.${depth > 0 ? 2 : 1}.conv`, `up_blocks.${up}.upsamplers.0.conv`, size, size);
    }
  }
  list.norm("out.0", "conv_norm_out", size);
  list.conv("out.2", "conv_out", 4, start);
}

interface TransformerSizes {
  readonly size: number;
  readonly depth: number;
  readonly textWidth: number;
  readonly isLinear: boolean;
}

/** Below its prefix a transformer has the same names in both layouts. */
function walkTransformer(
  list: Lister,
  [original, name]: readonly [string, string],
  { size, depth, textWidth, isLinear }: TransformerSizes,
): void {
  const linear = (module: string, out: number, inputs: number) => list.linear(`${original}.${module}`, `${name}.${module}`, out, inputs);
  const project = (module: string) =>
    isLinear ? linear(module, size, size) : list.conv(`${original}.${module}`, `${name}.${module}`, size, size, 1);
  list.norm(`${original}.norm`, `${name}.norm`, size);
  project("proj_in");
  for (let i = 0; i < depth; i++) {
    const block = `transformer_blocks.${i}`;
    for (const [attention, context] of [["attn1", size] as const, ["attn2", textWidth] as const]) {
      for (const [projection, inputs] of [["to_q", size] as const, ["to_k", context] as const, ["to_v", context] as const])
        list.tensor(`${original}.${block}.${attention}.${projection}.weight`, `${name}.${block}.${attention}.${projection}.weight`, [
          size,
          inputs,
        ]);
      linear(`${block}.${attention}.to_out.0`, size, size);
    }
    linear(`${block}.ff.net.0.proj`, 8 * size, size);
    linear(`${block}.ff.net.2`, size, 4 * size);
    for (const norm of ["norm1", "norm2", "norm3"]) list.norm(`${original}.${block}.${norm}`, `${name}.${block}.${norm}`, size);
  }
  project("proj_out");
}

function walkAutoencoder(list: Lister, { channels, residualBlocks }: Architecture["vae"]): void {
  const last = channels.length - 1;
  const top = channels[last]!;
  const resnet = (original: string, name: string, inputs: number, out: number) => {
    list.norm(`${original}.norm1`, `${name}.norm1`, inputs);
    list.conv(`${original}.conv1`, `${name}.conv1`, out, inputs);
    list.norm(`${original}.norm2`, `${name}.norm2`, out);
    list.conv(`${original}.conv2`, `${name}.conv2`, out, out);
    if (inputs !== out) list.conv(`${original}.nin_shortcut`, `${name}.conv_shortcut`, out, inputs, 1);
  };
  const middle = (half: string) => {
    resnet(`${half}.mid.block_1`, `${half}.mid_block.resnets.0`, top, top);
    const [attention, name] = [`${half}.mid.attn_1`, `${half}.mid_block.attentions.0`];
    list.norm(`${attention}.norm`, `${name}.group_norm`, top);
    for (const [one, other] of [
      ["q", "to_q"],
      ["k", "to_k"],
      ["v", "to_v"],
      ["proj_out", "to_out.0"],
    ] as const) {
      list.tensor(`${attention}.${one}.weight`, `${name}.${other}.weight`, [top, top, 1, 1], { diffusersShape: [top, top] });
      list.tensor(`${attention}.${one}.bias`, `${name}.${other}.bias`, [top]);
    }
    resnet(`${half}.mid.block_2`, `${half}.mid_block.resnets.1`, top, top);
  };
  list.conv("encoder.conv_in", "encoder.conv_in", channels[0]!, 3);
  let size = channels[0]!;
  for (const [level, out] of channels.entries()) {
    for (let i = 0; i < residualBlocks; i++, size = out)
      resnet(`encoder.down.${level}.block.${i}`, `encoder.down_blocks.${level}.resnets.${i}`, size, out);
    if (level < last) list.conv(`encoder.down.${level}.downsample.conv`, `encoder.down_blocks.${level}.downsamplers.0.conv`, size, size);
  }
  middle("encoder");
  list.norm("encoder.norm_out", "encoder.conv_norm_out", top);
  list.conv("encoder.conv_out", "encoder.conv_out", 8, top);
  list.conv("quant_conv", "quant_conv", 8, 8, 1);
  list.conv("post_quant_conv", "post_quant_conv", 4, 4, 1);
  list.conv("decoder.conv_in", "decoder.conv_in", top, 4);
  middle("decoder");
  size = top;
  for (let level = last, up = 0; level >= 0; level--, up++) {
    for (let i = 0; i <= residualBlocks; i++, size = channels[level]!)
      resnet(`decoder.up.${level}.block.${i}`, `decoder.up_blocks.${up}.resnets.${i}`, size, channels[level]!);
    if (level > 0) list.conv(`decoder.up.${level}.upsample.conv`, `decoder.up_blocks.${up}.upsamplers.0.conv`, size, size);
  }
  list.norm("decoder.norm_out", "decoder.conv_norm_out", size);
  list.conv("decoder.conv_out", "decoder.conv_out", 3, size);
}

function walkClip(list: Lister, { width, inner, layers, tokens }: TextSizes): void {
  const same = (name: string, shape: Shape) => list.tensor(name, name, shape);
  same("text_model.embeddings.position_ids", [1, 77]);
  same("text_model.embeddings.token_embedding.weight", [tokens, width]);
  same("text_model.embeddings.position_embedding.weight", [77, width]);
  const module = (name: string, shape: Shape) => {
    same(`${name}.weight`, shape);
    same(`${name}.bias`, shape.slice(0, 1));
  };
  for (let i = 0; i < layers; i++) {
    const layer = `text_model.encoder.layers.${i}`;
    for (const projection of ["q_proj", "k_proj", "v_proj", "out_proj"]) module(`${layer}.self_attn.${projection}`, [width, width]);
    module(`${layer}.mlp.fc1`, [inner, width]);
    module(`${layer}.mlp.fc2`, [width, inner]);
    for (const norm of ["layer_norm1", "layer_norm2"]) module(`${layer}.${norm}`, [width]);
  }
  module("text_model.final_layer_norm", [width]);
}

/** The second generation never uses the last layer, and its diffusers folders lack it. */
function walkOpenClip(list: Lister, { width, inner, layers, tokens, projection }: TextSizes, isWhole: boolean): void {
  list.tensor("positional_embedding", "text_model.embeddings.position_embedding.weight", [77, width]);
  list.tensor("token_embedding.weight", "text_model.embeddings.token_embedding.weight", [tokens, width]);
  list.norm("ln_final", "text_model.final_layer_norm", width);
  list.unused("logit_scale", []);
  list.tensor("text_projection", "text_projection.weight", [width, projection], {
    diffusersShape: [projection, width],
    isTransposed: true,
  });
  for (let i = 0; i < layers; i++) walkOpenClipLayer(list, i, { width, inner });
  if (isWhole) return;
  walkOpenClipLayer(
    listerOf((original, _, shape) => list.unused(original, shape)),
    layers,
    { width, inner },
  );
}

function walkOpenClipLayer(list: Lister, index: number, { width, inner }: { readonly width: number; readonly inner: number }): void {
  const [original, name] = [`transformer.resblocks.${index}`, `text_model.encoder.layers.${index}`];
  list.norm(`${original}.ln_1`, `${name}.layer_norm1`, width);
  for (const [leaf, rest] of [["weight", [width]] as const, ["bias", []] as const]) {
    const names = ["q_proj", "k_proj", "v_proj"].map((projection) => `${name}.self_attn.${projection}.${leaf}`);
    list.tensor(`${original}.attn.in_proj_${leaf}`, names, [3 * width, ...rest], { diffusersShape: [width, ...rest] });
  }
  list.linear(`${original}.attn.out_proj`, `${name}.self_attn.out_proj`, width, width);
  list.norm(`${original}.ln_2`, `${name}.layer_norm2`, width);
  list.linear(`${original}.mlp.c_fc`, `${name}.mlp.fc1`, inner, width);
  list.linear(`${original}.mlp.c_proj`, `${name}.mlp.fc2`, width, inner);
}
