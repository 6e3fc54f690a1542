/** @file What a person may point at: folders, files, parts, the Hugging Face cache; and what is refused with which sentence. */
import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tensor, type Float32Tensor } from "../tensor/tensor";
import { openCheckpoint } from "../weights/checkpoint";
import { writeSafetensors } from "../weights/safetensors";
import { openModel } from "./model-folder";
import { scanForModels, usualModelFolders } from "./model-scan";
import { goldenCheckpoint } from "../../../tests/support/goldens";
import { scratchFolder } from "../../../tests/support/scratch-folder";

const root = scratchFolder();
let count = 0;

async function emptyFolder(): Promise<string> {
  const folder = join(root, `model-${(count += 1)}`);
  await mkdir(folder);
  return folder;
}

async function copyOf(checkpoint: string): Promise<string> {
  const folder = join(await emptyFolder(), checkpoint);
  await cp(goldenCheckpoint(checkpoint), folder, { recursive: true });
  return folder;
}

/** A file whose tensors have these names and nothing else of interest. */
async function weightsNamed(file: string, names: readonly string[], elements = 1): Promise<string> {
  await writeSafetensors(file, new Map(names.map((name) => [name, tensor([elements], new Float32Array(elements))])));
  return file;
}

describe("what a model is follows from its tensors", () => {
  test.each([
    { folder: goldenCheckpoint("clip-vit-tiny"), family: "clip", layout: "transformers" },
    {
      folder: goldenCheckpoint("dinov2-tiny"),
      family: "dinov2",
      layout: "transformers",
    },
    {
      folder: goldenCheckpoint("dinov2-registers-tiny"),
      family: "dinov2",
      layout: "transformers",
    },
    { folder: goldenCheckpoint("dinov2-tiny/hub"), family: "dinov2", layout: "original" },
    { folder: goldenCheckpoint("dino-vits8-tiny"), family: "dino", layout: "transformers" },
    { folder: goldenCheckpoint("dino-vits8-tiny/hub"), family: "dino", layout: "original" },
    { folder: goldenCheckpoint("vgg16-tiny"), family: "vgg", layout: "original" },
    { folder: goldenCheckpoint("vgg19-tiny"), family: "vgg", layout: "original" },
    { folder: goldenCheckpoint("sd15-tiny"), family: "stable-diffusion", layout: "diffusers" },
    { folder: goldenCheckpoint("sdxl-tiny"), family: "stable-diffusion-xl", layout: "diffusers" },
    {
      folder: fileURLToPath(new URL("../../../resources/starter", import.meta.url)),
      family: "starter",
      layout: "semblance",
    },
  ])("$family: $folder", async ({ folder, ...expected }) => {
    const model = await openModel(folder);
    expect(model).toMatchObject({ ...expected, path: folder, missing: [] });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(model.part(expected.layout === "diffusers" ? "unet" : "").tensors.size).toBeGreaterThan(0);
  });

  test("a folder's name does not count", async () => {
    const folder = await copyOf("dinov2-tiny");
    const renamed = join(folder, "..", "clip-vit-large");
    await rename(folder, renamed);
    expect(await openModel(renamed)).toMatchObject({ family: "dinov2", name: "clip-vit-large" });
  });

  test("a weight file, a part of a pipeline and a file of a part lead to the same model", async () => {
    const folder = goldenCheckpoint("clip-vit-tiny");
    expect(await openModel(join(folder, "model.safetensors"))).toMatchObject({
      family: "clip",
      name: "clip-vit-tiny",
      sha256: (await openModel(folder)).sha256,
    });
    const pipeline = await openModel(goldenCheckpoint("sd15-tiny"));
    for (const part of ["unet", "vae/diffusion_pytorch_model.safetensors"])
      expect(await openModel(join(pipeline.path, part))).toMatchObject({ path: pipeline.path, sha256: pipeline.sha256 });
  });

  test("a network of a pipeline in shards", async () => {
    const folder = await copyOf("sd15-tiny");
    const whole = join(folder, "text_encoder", "model.safetensors");
    const checkpoint = await openCheckpoint(whole);
    const { tensors } = checkpoint;
    const shards = [new Map<string, Float32Tensor>(), new Map<string, Float32Tensor>()] as const;
    const weightMap: Record<string, string> = {};
    for (const [index, name] of [...tensors.keys()].entries()) {
      shards[index % 2 === 0 ? 0 : 1].set(name, await checkpoint.readTensor(name));
      weightMap[name] = `model-0000${(index % 2) + 1}-of-00002.safetensors`;
    }
    await rm(whole);
    for (const [index, shard] of shards.entries())
      await writeSafetensors(join(folder, "text_encoder", `model-0000${index + 1}-of-00002.safetensors`), shard);
    await writeFile(join(folder, "text_encoder", "model.safetensors.index.json"), JSON.stringify({ weight_map: weightMap }));
    const model = await openModel(folder);
    expect(model.missing).toEqual([]);
    expect([...model.part("text_encoder").tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    expect(model.weightFiles).toHaveLength(4);
  });

  test("the Hugging Face cache is followed through its links, to the snapshot of refs/main", async () => {
    const cached = join(await emptyFolder(), "models--openai--clip-tiny");
    const source = goldenCheckpoint("clip-vit-tiny");
    for (const folder of ["blobs", "refs", "snapshots/111", "snapshots/222"]) await mkdir(join(cached, folder), { recursive: true });
    await writeFile(join(cached, "refs", "main"), "111\n");
    for (const name of await readdir(source)) {
      await cp(join(source, name), join(cached, "blobs", `blob-${name}`));
      await symlink(join("..", "..", "blobs", `blob-${name}`), join(cached, "snapshots", "111", name));
    }
    const model = await openModel(cached);
    expect(model).toMatchObject({ family: "clip", name: "openai/clip-tiny", path: join(cached, "snapshots", "111") });
    expect(model.part().tensors.values().next().value?.file).toBe(join(cached, "blobs", "blob-model.safetensors"));
    expect(await model.readJson("preprocessor_config.json")).toMatchObject({ do_resize: true });
  });
});

describe("what is missing is named, and nothing is enabled", () => {
  test.each([
    "tokenizer/vocab.json",
    "tokenizer/merges.txt",
    "scheduler/scheduler_config.json",
    "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors",
    "text_encoder/model.safetensors",
  ])("%s", async (file) => {
    const folder = await copyOf("sd15-tiny");
    await rm(join(folder, file));
    expect(await openModel(folder)).toMatchObject({ family: "stable-diffusion", missing: [file] });
  });

  test.each(["tokenizer_2/merges.txt", "text_encoder_2/config.json"])("%s of Stable Diffusion XL", async (file) => {
    const folder = await copyOf("sdxl-tiny");
    await rm(join(folder, file));
    expect(await openModel(folder)).toMatchObject({ family: "stable-diffusion-xl", missing: [file] });
  });

  test("config.json of a single model; reading it is an error", async () => {
    const folder = await copyOf("clip-vit-tiny");
    await rm(join(folder, "config.json"));
    const model = await openModel(folder);
    expect(model).toMatchObject({ missing: ["config.json"] });
    expect(() => model.partConfig()).toThrowError(expect.objectContaining({ code: "checkpoint/incomplete" }));
  });

  test("a part without weights cannot be used", async () => {
    const folder = await copyOf("sd15-tiny");
    await rm(join(folder, "vae", "diffusion_pytorch_model.safetensors"));
    const model = await openModel(folder);
    expect(() => model.part("vae")).toThrowError(expect.objectContaining({ code: "checkpoint/incomplete" }));
    expect(model.part("unet").tensors.has("conv_in.weight")).toBe(true);
  });

  test("a U-Net alone", async () => {
    const folder = await copyOf("sd15-tiny");
    const unet = join(await emptyFolder(), "unet");
    await rename(join(folder, "unet"), unet);
    await expect(openModel(unet)).rejects.toMatchObject({ code: "checkpoint/incomplete" });
  });
});

describe("refusals say what the file is", () => {
  test.each([
    { names: ["lora_unet_down_blocks_0.lora_up.weight"], sentence: /LoRA/ },
    { names: ["lora_unet_down_blocks_0.hada_w1_a"], sentence: /LoRA/ },
    { names: ["image_proj.latents", "ip_adapter.1.to_k_ip.weight"], sentence: /IP-Adapter/ },
    { names: ["conv_in.weight", "time_embedding.linear_1.weight", "controlnet_cond_embedding.conv_in.weight"], sentence: /ControlNet/ },
    { names: ["control_model.input_hint_block.0.weight", "control_model.input_blocks.0.0.weight"], sentence: /ControlNet/ },
    { names: ["conv_in.weight", "time_embedding.linear_1.weight"], sentence: /inpainting/ },
    { names: ["model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight"], sentence: /Stable Diffusion 3, FLUX/ },
    { names: ["double_blocks.0.img_attn.qkv.weight"], sentence: /Stable Diffusion 3, FLUX/ },
    { names: ["diffusion_model.input_blocks.0.0.weight"], sentence: /U-Net of a Stable Diffusion model without/ },
    { names: ["first_stage_model.encoder.conv_in.weight", "first_stage_model.decoder.conv_in.weight"], sentence: /VAE alone/ },
    { names: ["encoder.conv_in.weight", "decoder.conv_in.weight"], sentence: /VAE alone/ },
    { names: ["text_model.embeddings.token_embedding.weight"], sentence: /text encoder alone/ },
    { names: ["something.else"], sentence: /no model that is known/ },
  ])("$sentence", async ({ names, sentence }) => {
    const file = await weightsNamed(join(await emptyFolder(), "weights.safetensors"), names);
    await expect(openModel(file)).rejects.toMatchObject({ code: "checkpoint/unsupported", message: expect.stringMatching(sentence) });
  });

  test.each(["model.ckpt", "model.pt", "pytorch_model.bin"])("pickled weights: %s", async (name) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, name), "PK");
    await expect(openModel(join(folder, name))).rejects.toMatchObject({ code: "checkpoint/refused" });
    await expect(openModel(folder)).rejects.toMatchObject({ code: "checkpoint/refused" });
  });

  test("a path that does not exist, a folder without weights, a config that is not JSON", async () => {
    const folder = await copyOf("clip-vit-tiny");
    await writeFile(join(folder, "config.json"), "{");
    await expect(openModel(folder)).rejects.toMatchObject({ code: "checkpoint/incomplete" });
    await expect(openModel(join(folder, "nowhere"))).rejects.toMatchObject({ code: "checkpoint/not-found" });
    await expect(openModel(await emptyFolder())).rejects.toMatchObject({ code: "checkpoint/not-found" });
  });
});

describe("a scan", () => {
  test("finds models at any depth once, names what it refuses, skips the rest", async () => {
    const folder = await emptyFolder();
    await cp(goldenCheckpoint("sd15-tiny"), join(folder, "diffusers", "sd15"), { recursive: true });
    await cp(goldenCheckpoint("clip-vit-tiny"), join(folder, "a", "b", "clip"), { recursive: true });
    await cp(goldenCheckpoint("dinov2-tiny"), join(folder, "node_modules", "dinov2"), { recursive: true });
    await symlink(folder, join(folder, "a", "loop"));
    const large = 300_000;
    await mkdir(join(folder, "checkpoints"));
    await weightsNamed(join(folder, "checkpoints", "v1-5.safetensors"), ["model.diffusion_model.input_blocks.0.0.weight"], large);
    await weightsNamed(join(folder, "checkpoints", "language.safetensors"), ["something.else"], large);
    await mkdir(join(folder, "loras"));
    await weightsNamed(join(folder, "loras", "style.safetensors"), ["lora_unet_down_blocks_0.lora_up.weight"], large);
    await weightsNamed(join(folder, "checkpoints", "small.safetensors"), ["model.diffusion_model.input_blocks.0.0.weight"]);
    const { models, refused } = await scanForModels([folder, join(folder, "a"), join(folder, "nowhere")]);
    expect(models.map(({ family, path }) => [family, path]).sort()).toEqual([
      ["clip", join(folder, "a", "b", "clip")],
      ["stable-diffusion", join(folder, "diffusers", "sd15")],
    ]);
    expect(refused).toEqual([
      { path: join(folder, "checkpoints", "v1-5.safetensors"), error: expect.objectContaining({ code: "checkpoint/incomplete" }) },
    ]);
  });

  test("stops when it is told to, and no deeper than it may", async () => {
    const folder = await emptyFolder();
    await cp(goldenCheckpoint("clip-vit-tiny"), join(folder, "a", "b", "clip"), { recursive: true });
    expect((await scanForModels([folder], { depth: 2 })).models).toEqual([]);
    await expect(scanForModels([folder], { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test("the usual places are those that exist", async () => {
    const home = await emptyFolder();
    await mkdir(join(home, "ComfyUI", "models"), { recursive: true });
    await mkdir(join(home, "elsewhere", "hub"), { recursive: true });
    expect(await usualModelFolders({ home, env: { HF_HOME: join(home, "elsewhere") } })).toEqual([
      join(home, "elsewhere", "hub"),
      join(home, "ComfyUI", "models"),
    ]);
  });
});
