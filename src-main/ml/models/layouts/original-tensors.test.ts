/** @file Every key of the published files in the original layout under its diffusers name, with its shape; and what is wrong with other files. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { originalEntries, published, type OriginalEntry } from "../../../../tests/support/original-architecture";
import { elementCount } from "../../tensor/tensor";
import { checkpointOf, type Checkpoint } from "../../weights/checkpoint";
import { renameCheckpoint } from "../../weights/renamed-checkpoint";
import type { TensorEntry } from "../../weights/safetensors";
import { buildClipText } from "../clip/text";
import { parseClipTextConfig } from "../clip/text-config";
import { parseAutoencoderKLConfig, parseUNet2DConditionConfig } from "../stable-diffusion/config";
import { buildUNet } from "../stable-diffusion/unet";
import { buildVaeEncoder } from "../stable-diffusion/vae-encoder";
import { schedulerConfig, textConfig, unetConfig, vaeConfig } from "./original-settings";
import { originalTensors } from "./original-tensors";

/** A checkpoint of which only the header exists. */
function headerOnly(shapes: Iterable<readonly [string, readonly number[]]>, metadata: Readonly<Record<string, string>> = {}): Checkpoint {
  const tensors = new Map<string, TensorEntry>();
  const path = "/models/checkpoints/model.safetensors";
  let offset = 0;
  for (const [name, shape] of shapes) {
    const byteLength = 2 * elementCount(shape);
    tensors.set(name, { name, dtype: "F16", shape, file: path, offset, byteLength });
    offset += byteLength;
  }
  return checkpointOf({ path, files: [{ path, sizeBytes: offset, modifiedMs: 0, tensors, metadata }], tensors });
}

const shapesOf = (entries: readonly OriginalEntry[]) => entries.map(({ original, shape }) => [original, shape] as const);

/** Part and name to shape, as the program maps a file. */
function mapped(file: Checkpoint): ReadonlyMap<string, readonly number[]> {
  const { unet, vae, texts } = originalTensors(file);
  const parts = [["unet", unet] as const, ["vae", vae] as const, ...texts.map(({ part, tensors }) => [part, tensors] as const)];
  return new Map(
    parts.flatMap(([part, tensors]) =>
      [...renameCheckpoint(file, tensors).tensors].map(([name, { shape }]) => [`${part}/${name}`, shape] as const),
    ),
  );
}

/** The tensors that say how many blocks and layers there are. */
const countsBlocks = /\.op\.|resblocks\.\d+\.ln_1\.|up\.\d\.block\.0\.norm1\./;

describe.each([
  { version: "1.5", generation: "1", sizes: { unet: 686, vae: 248, text_encoder: 197 }, keys: 1131, unused: 0 },
  { version: "2.1", generation: "2", sizes: { unet: 686, vae: 248, text_encoder: 373 }, keys: 1228, unused: 13 },
  { version: "xl", generation: "xl", sizes: { unet: 1680, vae: 248, text_encoder: 197, text_encoder_2: 517 }, keys: 2515, unused: 1 },
] as const)("Stable Diffusion $version", ({ version, generation, sizes, keys, unused }) => {
  const entries = originalEntries(published[version]);
  const file = headerOnly(shapesOf(entries));
  const { unet, vae, texts } = originalTensors(file);

  test("the published number of keys", () => {
    expect(file.tensors.size).toBe(keys);
    expect(originalTensors(file).generation).toBe(generation);
    expect(
      Object.fromEntries([["unet", unet.length], ["vae", vae.length], ...texts.map(({ part, tensors }) => [part, tensors.length])]),
    ).toEqual(sizes);
  });

  test("every key has its diffusers name and shape, none is left over", () => {
    const expected = entries.flatMap(({ part, names, diffusersShape }) =>
      names.map((name) => [`${part}/${name}`, diffusersShape] as const),
    );
    expect(mapped(file)).toEqual(new Map(expected));
    const used = new Set([...unet, ...vae, ...texts.flatMap(({ tensors }) => tensors)].map(({ from }) => from));
    const left = [...file.tensors.keys()].filter((name) => !used.has(name));
    expect(left).toEqual(entries.filter(({ names }) => names.length === 0).map(({ original }) => original));
    expect(left).toHaveLength(unused);
  });

  test("the networks read exactly these tensors in these shapes", () => {
    const bytesOf = (checkpoint: Checkpoint, isRead: (name: string) => boolean = () => true) =>
      [...checkpoint.tensors.values()].filter(({ name }) => isRead(name)).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const network = renameCheckpoint(file, unet);
    const options = { height: 8, width: 8, textTokens: 77, taps: ["conv_out"] };
    const graph = buildUNet(network.scope(), parseUNet2DConditionConfig(unetConfig(network.tensors, generation)), options);
    expect(graph.weightBytes).toBe(bytesOf(network));
    const autoencoder = renameCheckpoint(file, vae);
    const encoder = buildVaeEncoder(autoencoder.scope(), parseAutoencoderKLConfig(vaeConfig(autoencoder.tensors, generation)), {
      height: 64,
      width: 64,
    });
    expect(encoder.weightBytes).toBe(bytesOf(autoencoder, (name) => /^(encoder|quant_conv)\./.test(name)));
    for (const { part, isOpenClip, tensors } of texts) {
      const text = renameCheckpoint(file, tensors);
      const tower = buildClipText(text.scope(), parseClipTextConfig(textConfig(text.tensors, isOpenClip), part));
      expect(tower.weightBytes).toBe(bytesOf(text, (name) => name.startsWith("text_model.") && !name.endsWith("position_ids")));
    }
  });

  test("law: any part of the tensors keeps its names, and no two get one", () => {
    const all = [...entries.keys()];
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...all), { maxLength: 400 }), (dropped) => {
        const isKept = ({ original }: OriginalEntry, index: number) => countsBlocks.test(original) || !dropped.includes(index);
        const kept = entries.filter(isKept);
        const wanted = kept.flatMap(({ part, names }) => names.map((name) => `${part}/${name}`));
        expect([...mapped(headerOnly(shapesOf(kept))).keys()].sort()).toEqual(wanted.sort());
      }),
      { numRuns: 10 },
    );
  });
});

describe("what the tensors do not show is what was published", () => {
  const networkOf = (version: keyof typeof published) => {
    const file = headerOnly(shapesOf(originalEntries(published[version])));
    return renameCheckpoint(file, originalTensors(file).unet).tensors;
  };

  test("the U-Net", () => {
    expect(unetConfig(networkOf("1.5"), "1")).toMatchObject({
      in_channels: 4,
      sample_size: 64,
      block_out_channels: [320, 640, 1280, 1280],
      down_block_types: ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
      up_block_types: ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
      layers_per_block: [2, 2, 2, 2],
      attention_head_dim: [8, 8, 8, 8],
      cross_attention_dim: 768,
      use_linear_projection: false,
    });
    expect(unetConfig(networkOf("2.1"), "2")).toMatchObject({
      attention_head_dim: [5, 10, 20, 20],
      cross_attention_dim: 1024,
      use_linear_projection: true,
      sample_size: 96,
    });
    expect(unetConfig(networkOf("2.1"), "2-base")).toMatchObject({ sample_size: 64 });
    expect(unetConfig(networkOf("xl"), "xl")).toMatchObject({
      block_out_channels: [320, 640, 1280],
      down_block_types: ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
      up_block_types: ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
      transformer_layers_per_block: [1, 2, 10],
      attention_head_dim: [5, 10, 20],
      cross_attention_dim: 2048,
      addition_embed_type: "text_time",
      addition_time_embed_dim: 256,
      projection_class_embeddings_input_dim: 2816,
      sample_size: 128,
    });
  });

  test.each([
    ["1.5", [{ hidden_size: 768, num_attention_heads: 12, num_hidden_layers: 12, intermediate_size: 3072, hidden_act: "quick_gelu" }]],
    ["2.1", [{ hidden_size: 1024, num_attention_heads: 16, num_hidden_layers: 23, intermediate_size: 4096, hidden_act: "gelu" }]],
    [
      "xl",
      [
        { hidden_size: 768, num_attention_heads: 12, num_hidden_layers: 12, hidden_act: "quick_gelu" },
        { hidden_size: 1280, num_attention_heads: 20, num_hidden_layers: 32, hidden_act: "gelu", projection_dim: 1280 },
      ],
    ],
  ] as const)("the text encoders of %s", (version, expected) => {
    const file = headerOnly(shapesOf(originalEntries(published[version])));
    const configs = originalTensors(file).texts.map(({ tensors, isOpenClip }) =>
      textConfig(renameCheckpoint(file, tensors).tensors, isOpenClip),
    );
    expect(configs).toMatchObject(expected);
  });

  test("the noise", () => {
    const plain = headerOnly([]).tensors;
    expect(schedulerConfig(plain, "1")).toMatchObject({
      _class_name: "PNDMScheduler",
      prediction_type: "epsilon",
      rescale_betas_zero_snr: false,
    });
    expect(schedulerConfig(plain, "2")).toMatchObject({ _class_name: "DDIMScheduler", prediction_type: "v_prediction" });
    expect(schedulerConfig(plain, "2-base")).toMatchObject({ _class_name: "PNDMScheduler", prediction_type: "epsilon" });
    expect(schedulerConfig(plain, "xl")).toMatchObject({ _class_name: "EulerDiscreteScheduler", prediction_type: "epsilon" });
    const tuned = headerOnly([["v_pred", []] as const, ["ztsnr", []] as const]).tensors;
    expect(schedulerConfig(tuned, "xl")).toMatchObject({ prediction_type: "v_prediction", rescale_betas_zero_snr: true });
    expect(schedulerConfig(tuned, "1")).toMatchObject({ _class_name: "DDIMScheduler", rescale_betas_zero_snr: true });
  });

  test("the second generation for 512 pixels says so in its header", () => {
    const shapes = shapesOf(originalEntries(published["2.1"]));
    expect(originalTensors(headerOnly(shapes, { "modelspec.architecture": "stable-diffusion-v2-512" })).generation).toBe("2-base");
  });

  test("sizes that were never published have no configuration", () => {
    const file = headerOnly(shapesOf(originalEntries({ ...published["1.5"], channels: [16, 24, 32, 32] })));
    expect(unetConfig(renameCheckpoint(file, originalTensors(file).unet).tensors, "1")).toBeNull();
  });
});

describe("files that are otherwise", () => {
  const whole = shapesOf(originalEntries(published["1.5"]));
  const without = (prefix: string) => whole.filter(([name]) => !name.startsWith(prefix));

  test("what belongs to training is passed over", () => {
    const more = [
      ["model_ema.decay", []],
      ["model_ema.diffusion_modelinput_blocks00weight", [320, 4, 3, 3]],
      ["alphas_cumprod", [1000]],
      ["optimizer_states.0.step", []],
      ["first_stage_model.loss.logvar", []],
      ["control_model.time_embed.0.weight", [1280, 320]],
    ] as const;
    expect(mapped(headerOnly([...whole, ...more]))).toEqual(mapped(headerOnly(whole)));
  });

  test("older names of the text encoder", () => {
    const renamed = whole.map(([name, shape]) => [name.replace("transformer.text_model.", "transformer."), shape] as const);
    expect(mapped(headerOnly(renamed))).toEqual(mapped(headerOnly(whole)));
  });

  test("attention of the autoencoder as matrices already", () => {
    const linear = whole.map(([name, shape]) => [name, name.includes("mid.attn_1") ? shape.slice(0, 2) : shape] as const);
    expect(mapped(headerOnly(linear))).toEqual(mapped(headerOnly(whole)));
  });

  test.each([
    [["first_stage_model."], /but no autoencoder \(first_stage_model\.\*\)\.$/],
    [["cond_stage_model."], /but no text encoder \(cond_stage_model\.transformer\.\*\)\.$/],
    [["first_stage_model.", "cond_stage_model."], /but no autoencoder \(.+\) and no text encoder \(.+\)\.$/],
  ])("without %j", (prefixes, sentence) => {
    const rest = whole.filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix)));
    expect(() => originalTensors(headerOnly(rest))).toThrow(
      expect.objectContaining({ code: "checkpoint/incomplete", message: expect.stringMatching(sentence) }),
    );
  });

  test("half of the text encoders of XL", () => {
    const half = shapesOf(originalEntries(published.xl)).filter(([name]) => !name.startsWith("conditioner.embedders.1"));
    expect(() => originalTensors(headerOnly(half))).toThrow(/no text encoder \(conditioner\.embedders\.1\.model\.\*\)/);
  });

  test("the refiner", () => {
    const refiner = [...without("cond_stage_model."), ["conditioner.embedders.0.model.ln_final.weight", [1280]] as const];
    expect(() => originalTensors(headerOnly(refiner))).toThrow(/is the refiner of Stable Diffusion XL/);
  });

  test.each(["input_blocks.0.1.norm.weight", "input_blocks.1.0.fuser.weight", "middle_block.3.norm.weight", "surprise"])(
    "a U-Net with %s is not built as if it had none",
    (name) => {
      const file = headerOnly([...whole, [`model.diffusion_model.${name}`, [1]] as const]);
      expect(() => originalTensors(file)).toThrow(
        expect.objectContaining({ code: "checkpoint/unsupported", message: expect.stringContaining(name) }),
      );
    },
  );

  test("a block of an absurd number", () => {
    const name = "model.diffusion_model.input_blocks.4294967295.0.in_layers.2.weight";
    const file = headerOnly([...whole, [name, [320, 320, 3, 3]] as const]);
    expect(unetConfig(renameCheckpoint(file, originalTensors(file).unet).tensors, "1")).toMatchObject({
      block_out_channels: [320, 640, 1280, 1280],
    });
  });

  test("two tensors of one name, and a matrix that cannot be split", () => {
    const twice = headerOnly([...whole, ["cond_stage_model.transformer.final_layer_norm.weight", [768]] as const]);
    expect(() => mapped(twice)).toThrow(expect.objectContaining({ code: "weights/malformed" }));
    const second = shapesOf(originalEntries(published["2.1"]));
    const cut = second.map(([name, shape]) => [name, name.endsWith("resblocks.3.attn.in_proj_bias") ? [2] : shape] as const);
    expect(() => mapped(headerOnly(cut))).toThrow(expect.objectContaining({ code: "weights/shape-mismatch" }));
  });
});
