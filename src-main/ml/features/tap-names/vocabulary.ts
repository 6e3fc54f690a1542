/**
 * @file The activation names of generic-diffusion-feature, read off the module path of a tap.
 * Source: Darkbblue/generic-diffusion-feature, feature/components of the published code; Meng et al., "Not All Diffusion Model Activations Have Been Evaluated
 * as Discriminative Features", NeurIPS 2024. A level is a block, a repeat its residual block or transformer, both counted from 0.
 */

/** Modules of the whole network. */
const outermost: ReadonlyMap<string, string> = new Map([
  ["sample", "unet-in"],
  ["conv_in", "unet-after-conv-in"],
  ["conv_out", "unet-out"],
]);

/** What a transformer block gives, by the end of the path. Keys and values of the text are the same for every picture, so they have no name. */
const transformerBlockValues: ReadonlyMap<string, string> = new Map([
  ["", "out"],
  [".attn1.q", "self-q"],
  [".attn1.k", "self-k"],
  [".attn1.v", "self-v"],
  [".attn1.map", "self-map"],
  [".attn2.q", "cross-q"],
  [".attn2.map", "cross-map"],
  [".ff.net.0", "ffn-inner"],
]);

/** `up-level1-repeat0-vit-block0-cross-q` for `up_blocks.1.attentions.0.transformer_blocks.0.attn2.q`; null for a value without a name. */
export function vocabularyName(path: string): string | null {
  const whole = outermost.get(path);
  if (whole !== undefined) return whole;
  const inBlock = /^(?:(down|up)_blocks\.(\d+)|mid_block)\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)(.*)$/.exec(path);
  if (inBlock === null) return null;
  const [, half, level, kind, index, rest = ""] = inBlock;
  const block = half === undefined ? "mid" : `${half}-level${level}`;
  switch (kind) {
    case "resnets":
      return named(
        `${block}-repeat${index}-res`,
        rest,
        new Map([
          ["", "out"],
          [".conv2", "increment"],
        ]),
      );
    case "attentions":
      return transformerName(half === undefined ? `${block}-vit` : `${block}-repeat${index}-vit`, rest);
    default:
      return named(`${block}-${kind === "downsamplers" ? "downsampler" : "upsampler"}`, rest, new Map([["", "out"]]));
  }
}

function transformerName(prefix: string, rest: string): string | null {
  if (rest === "") return `${prefix}-out`;
  const [, layer, value = ""] = /^\.transformer_blocks\.(\d+)(.*)$/.exec(rest) ?? [];
  return layer === undefined ? null : named(`${prefix}-block${layer}`, value, transformerBlockValues);
}

function named(prefix: string, rest: string, values: ReadonlyMap<string, string>): string | null {
  const value = values.get(rest);
  return value === undefined ? null : `${prefix}-${value}`;
}
