/** @file Single files as other programs keep them, at the command line: found by a scan, compared with, refused with a sentence. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenCheckpoint } from "../support/goldens";
import { originalEntries, published, type Architecture } from "../support/original-architecture";
import { randomPartTensors, toOriginal, writeDiffusersFolder, writeTensors } from "../support/original-file";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const models = join(scratch, "ComfyUI", "models");
const library = join(scratch, "library");
const file = join(models, "checkpoints", "SD1.5", "painterly.safetensors");
const pictures = [join(scratch, "a.png"), join(scratch, "b.png")] as const;

/** Of sizes that the published settings fit. */
const architecture: Architecture = {
  ...published["1.5"],
  channels: [64, 64],
  depths: [1, 0],
  residualBlocks: 1,
  textWidth: 64,
  vae: { channels: [32, 32, 32, 32], residualBlocks: 1 },
  clip: { width: 64, inner: 128, layers: 1, tokens: 49_408, projection: 64 },
};
const entries = originalEntries(architecture);
const tensors = toOriginal(entries, randomPartTensors(entries));
const flags = ["--metric", "diffsim-s", "--size", "64", "--tap", "mid_block.attentions.0.transformer_blocks.0.attn1"] as const;

/** The file without some tensors. */
const without = (...prefixes: readonly string[]) =>
  new Map([...tensors].filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))));

beforeAll(async () => {
  for (const [seed, picture] of pictures.entries()) await writePicture(picture, seed);
  writeTensors(file, tensors, "F16");
  writeTensors(join(models, "checkpoints", "pruned.safetensors"), without("first_stage_model.", "cond_stage_model."), "F32");
  writeTensors(
    join(models, "loras", "ink.safetensors"),
    new Map([["lora_unet_mid.lora_up.weight", { shape: [1 << 19], data: new Float32Array(1 << 19) }]]),
    "F32",
  );
  const { template, type } = { template: goldenCheckpoint("sd15-tiny"), type: "F32" } as const;
  writeDiffusersFolder(join(models, "diffusers", "half"), new Map(), { template, type });
});

test("a scan finds the files of other programs' folders and says what is wrong with the others", async () => {
  const found = (await cli("models", "scan", models, "--library", library, "--json")).json<{
    models: object[];
    refused: { path: string; message: string }[];
  }>();
  expect(found.models).toEqual([
    expect.objectContaining({
      name: "painterly",
      family: "stable-diffusion",
      layout: "original",
      precision: "float16",
      path: file,
      missing: [],
      enables: expect.arrayContaining(["diffsim-s"]) as unknown,
    }),
  ]);
  expect(found.refused.map(({ path }) => path).sort()).toEqual([
    join(models, "checkpoints", "pruned.safetensors"),
    join(models, "diffusers", "half"),
  ]);
  expect(found.refused.find(({ path }) => path.endsWith("pruned.safetensors"))?.message).toMatch(
    /no autoencoder \(.+\) and no text encoder/,
  );
});

test("a file compares by its path and by its name", async () => {
  const byPath = await cli("compare", ...pictures, ...flags, "--checkpoint", file, "--json");
  expect(byPath.exitCode).toBe(0);
  await cli("models", "add", file, "--library", library);
  const byName = await cli("compare", ...pictures, ...flags, "--checkpoint", "painterly", "--library", library, "--json");
  expect(byName.json<{ score: number }>().score).toBe(byPath.json<{ score: number }>().score);
});

describe("what cannot be run is refused with a sentence and a way out", () => {
  const inpainting = new Map(tensors).set("model.diffusion_model.input_blocks.0.0.weight", {
    shape: [64, 9, 3, 3],
    data: new Float32Array(64 * 81),
  });
  const wrongShape = new Map(tensors).set("first_stage_model.encoder.conv_in.weight", { shape: [32, 27], data: new Float32Array(32 * 27) });
  const overlapping = new Map(tensors).set("cond_stage_model.transformer.final_layer_norm.weight", {
    shape: [64],
    data: new Float32Array(64),
  });
  test.each([
    [
      "no text encoder",
      without("cond_stage_model."),
      "checkpoint/incomplete",
      /holds the U-Net of a Stable Diffusion model, but no text encoder/,
    ],
    ["an inpainting model", inpainting, "checkpoint/unsupported", /is an inpainting, depth, editing or upscaling model/],
    ["two tensors of one name", overlapping, "weights/malformed", /text_model\.final_layer_norm\.weight twice/],
    ["a wrong shape", wrongShape, "weights/shape-mismatch", /encoder\.conv_in\.weight is \[32, 27\], expected \[32, 3, 3, 3\]/],
    ["half a U-Net", without("model.diffusion_model.middle_block.0"), "weights/missing-tensor", /no tensor mid_block\.resnets\.0/],
    [
      "half a text encoder",
      without("cond_stage_model.transformer.text_model.final_layer_norm"),
      "weights/missing-tensor",
      /no tensor text_model\.final_layer_norm/,
    ],
  ] as const)("%s", async (name, content, code, sentence) => {
    const path = join(scratch, "refused", `${name}.safetensors`);
    writeTensors(path, content, "F16");
    const run = await cli("compare", ...pictures, ...flags, "--checkpoint", path, "--json");
    expect(run.exitCode).not.toBe(0);
    const { error } = run.json<ErrorDocument>();
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) as string, hint: expect.stringMatching(/./) as string });
  });
});
