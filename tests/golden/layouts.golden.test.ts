/** @file The same weights give the same score in every layout: a diffusers folder, the Hugging Face cache, one file of the original layout. */
import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { diffsim } from "#main/ml/metrics/diffsim/diffsim";
import { diffsimXl } from "#main/ml/metrics/diffsim-xl/diffsim-xl";
import type { CompareOptions } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { createSessionPool } from "#main/ml/runtime/session-pool";
import { resourcesPath } from "#main/platform/paths";
import type { RawImage } from "#main/platform/raw-image";
import { goldenPair } from "../support/golden-vision";
import { goldenCheckpoint } from "../support/goldens";
import { originalEntries, published, type Architecture } from "../support/original-architecture";
import {
  randomPartTensors,
  readPartTensors,
  toOriginal,
  writeDiffusersFolder,
  writeTensors,
  type PartTensors,
  type StoredType,
} from "../support/original-file";
import { scratchFolder } from "../support/scratch-folder";

const root = scratchFolder();
const sessions = createSessionPool();
let pictures: readonly [RawImage, RawImage];
beforeAll(async () => {
  pictures = await goldenPair(["sd-shapes.png", "sd-strokes.png"]);
});

async function scoreOf(path: string, options: CompareOptions): Promise<number> {
  const checkpoint = await openModel(path);
  expect(checkpoint.missing).toEqual([]);
  const metric = checkpoint.family === "stable-diffusion-xl" ? diffsimXl : diffsim;
  const context = { checkpoint, runtime: { device: "cpu", threads: 1 }, sessions } as const;
  return (await metric.comparePair(context, ...pictures, { size: 64, seed: 7, prompt: "a red circle", ...options })).score;
}

/** The folder as a download leaves it in the cache: blobs named by their hashes, and links to them. */
function writeCache(folder: string, source: string): string {
  const snapshot = join(folder, "snapshots", "0a1b2c");
  for (const name of ["blobs", "refs"]) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, "refs", "main"), "0a1b2c");
  for (const [number, path] of readdirSync(source, { recursive: true, encoding: "utf8" }).entries()) {
    if (statSync(join(source, path)).isDirectory()) continue;
    const blob = join(folder, "blobs", `blob-${number}`);
    cpSync(join(source, path), blob);
    mkdirSync(join(snapshot, path, ".."), { recursive: true });
    symlinkSync(blob, join(snapshot, path));
  }
  return folder;
}

const tinyVae = { channels: [8, 16, 16, 24], residualBlocks: 2 };
const tiny: Readonly<Record<string, Architecture>> = {
  "sd15-tiny": {
    ...published["1.5"],
    channels: [16, 24, 32, 32],
    textWidth: 32,
    vae: tinyVae,
    clip: { width: 32, inner: 64, layers: 3, tokens: 8514, projection: 32 },
  },
  "sd2-tiny": {
    ...published["2.1"],
    channels: [16, 32, 32, 32],
    textWidth: 48,
    vae: tinyVae,
    openClip: { width: 48, inner: 192, layers: 3, tokens: 6514, projection: 48 },
  },
  "sdxl-tiny": {
    ...published.xl,
    channels: [16, 32, 24],
    textWidth: 64,
    added: 96,
    vae: { channels: [8, 16, 16, 16], residualBlocks: 1 },
    clip: { width: 24, inner: 48, layers: 3, tokens: 1214, projection: 24 },
    openClip: { width: 40, inner: 96, layers: 4, tokens: 1214, projection: 48 },
  },
};

describe.each(Object.entries(tiny))("%s", (name, architecture) => {
  const entries = originalEntries(architecture);
  const template = goldenCheckpoint(name);
  let parts: PartTensors;
  beforeAll(async () => {
    parts = await readPartTensors(template, entries);
  });

  test.each(["F32", "F16", "BF16"] as const)("%s", async (type: StoredType) => {
    const place = join(root, name, type);
    const folder = join(place, "diffusers");
    writeDiffusersFolder(folder, parts, { template, type });
    const cache = writeCache(join(place, "models--someone--tiny"), folder);
    // No published size: the configurations lie beside the file.
    const single = join(place, "checkpoints");
    writeDiffusersFolder(single, new Map(), { template, type });
    const file = join(single, "model.safetensors");
    writeTensors(file, toOriginal(entries, parts), type);

    // Programs that read single files leave the networks of the folder out.
    const cachedFile = writeCache(join(place, "models--someone--file"), single);
    expect(await openModel(cachedFile)).toMatchObject({ layout: "original", name: "someone/file" });
    expect((await openModel(folder)).layout).toBe("diffusers");
    expect(await openModel(cache)).toMatchObject({ layout: "diffusers", name: "someone/tiny" });
    expect(await openModel(file)).toMatchObject({ layout: "original", path: file, precision: type === "F32" ? "float32" : "float16" });
    const corrected = { mode: "corrected" } as const;
    const score = await scoreOf(folder, corrected);
    expect(score).toBeLessThan(0.9999);
    for (const path of [cache, file]) expect(await scoreOf(path, corrected)).toBeCloseTo(score, 5);
    if (type !== "F32") return;
    for (const path of [cachedFile, template]) expect(await scoreOf(path, corrected)).toBeCloseTo(score, 5);
    const asPublished = { mode: "published" } as const;
    expect(await scoreOf(file, asPublished)).toBeCloseTo(await scoreOf(template, asPublished), 5);
  });
});

/** Sizes that the published settings fit, small; each tower has the whole vocabulary. */
const text = { width: 64, inner: 128, layers: 2, tokens: 49_408, projection: 64 };
const small = { channels: [64, 64], depths: [1, 0], residualBlocks: 1, vae: { channels: [32, 32, 32, 32], residualBlocks: 1 } };
const standalone: Readonly<Record<string, Architecture>> = {
  "sd15-tiny": { ...published["1.5"], ...small, textWidth: 64, clip: text },
  "sd2-tiny": { ...published["2.1"], ...small, textWidth: 64, openClip: text },
  "sdxl-tiny": { ...published.xl, ...small, depths: [0, 2], textWidth: 128, added: 64 + 6 * 256, clip: text, openClip: text },
};

describe.each(Object.entries(standalone))("a file by itself, like %s", (template, architecture) => {
  test("takes its configurations from its tensors and its tokenizer from the program", async () => {
    const entries = originalEntries(architecture);
    const parts = randomPartTensors(entries);
    const place = join(root, `alone-${template}`);
    const file = join(place, "models", "Stable-diffusion", "someone's mix.safetensors");
    writeTensors(file, toOriginal(entries, parts), "F16");
    const folder = join(place, "diffusers");
    writeDiffusersFolder(folder, parts, { template: goldenCheckpoint(template), type: "F16" });
    for (const [part, config] of Object.entries(writtenConfigs(template)))
      writeFileSync(join(folder, part, "config.json"), JSON.stringify(config));
    for (const tokenizer of readdirSync(folder).filter((name) => name.startsWith("tokenizer")))
      for (const name of ["vocab.json", "merges.txt"]) cpSync(join(resourcesPath(), "clip-tokenizer", name), join(folder, tokenizer, name));

    expect(await openModel(file)).toMatchObject({ name: "someone's mix", layout: "original", missing: [] });
    const options = { mode: "published", tap: "mid_block.attentions.0.transformer_blocks.0.attn1" } as const;
    const score = await scoreOf(folder, options);
    expect(score).toBeLessThan(0.9999);
    expect(await scoreOf(file, options)).toBeCloseTo(score, 5);
  });
});

/** What diffusers and transformers would have saved with the small networks. */
function writtenConfigs(template: string): Readonly<Record<string, object>> {
  const isXl = template === "sdxl-tiny";
  const isFirst = template === "sd15-tiny";
  const unet = {
    sample_size: isXl ? 128 : isFirst ? 64 : 96,
    block_out_channels: [64, 64],
    down_block_types: isXl ? ["DownBlock2D", "CrossAttnDownBlock2D"] : ["CrossAttnDownBlock2D", "DownBlock2D"],
    up_block_types: isXl ? ["CrossAttnUpBlock2D", "UpBlock2D"] : ["UpBlock2D", "CrossAttnUpBlock2D"],
    layers_per_block: 1,
    transformer_layers_per_block: isXl ? [1, 2] : 1,
    attention_head_dim: isFirst ? 8 : [1, 1],
    cross_attention_dim: isXl ? 128 : 64,
    use_linear_projection: !isFirst,
    ...(isXl
      ? { addition_embed_type: "text_time", addition_time_embed_dim: 256, projection_class_embeddings_input_dim: 64 + 6 * 256 }
      : {}),
  };
  const vae = {
    block_out_channels: [32, 32, 32, 32],
    down_block_types: ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"],
    layers_per_block: 1,
    scaling_factor: isXl ? 0.13025 : 0.18215,
  };
  const tower = { hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 1, projection_dim: 64 };
  const openClip = { ...tower, hidden_act: "gelu" };
  return isXl ? { unet, vae, text_encoder: tower, text_encoder_2: openClip } : { unet, vae, text_encoder: isFirst ? tower : openClip };
}
