/** @file `diffsim-dit` from the command line: the published numbers, both layouts, the corrected mode, features for a library, and every mistake. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { diffsimDit } from "#main/ml/metrics/diffsim-dit/diffsim-dit";
import type { Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { writeSafetensors } from "#main/ml/weights/safetensors";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenContext, goldenPair } from "../support/golden-vision";
import { goldenCase, goldenCheckpoint, goldenImage } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

interface Comparison {
  readonly score: number;
  readonly recipe: { readonly family: string; readonly parameters: Readonly<Record<string, unknown>> };
}

const scratch = scratchFolder();
const original = goldenCheckpoint("dit-tiny");
const diffusers = join(scratch, "diffusers");
const weights = "DiT-XL-2-128x128.safetensors";
const golden = goldenCase("diffsim-dit", "block2-s600-moved");
const [a = "", b = ""] = golden.images.map(goldenImage);
const published = ["--layer", "2", "--step", "600", "--seed", "2334", "--size", "128", "--mode", "published"];

beforeAll(async () => {
  await cp(join(original, "vae"), join(diffusers, "vae"), { recursive: true });
  await mkdir(join(diffusers, "transformer"), { recursive: true });
  await writeFile(join(diffusers, "model_index.json"), JSON.stringify({ _class_name: "DiTPipeline" }));
  const config = {
    _class_name: "DiTTransformer2DModel",
    num_attention_heads: 3,
    num_layers: 4,
    norm_type: "ada_norm_zero",
    sample_size: 16,
  };
  await writeFile(join(diffusers, "transformer", "config.json"), JSON.stringify(config));
  await writeSafetensors(join(diffusers, "transformer", "diffusion_pytorch_model.safetensors"), await diffusersTensors());
});

/** Meta's tensors as diffusers names them: embedders in every block, query, key and value apart, and no table of positions. */
async function diffusersTensors(): Promise<ReadonlyMap<string, Tensor>> {
  const file = await openCheckpoint(join(original, weights));
  const tensors = new Map<string, Tensor>();
  const emb = "transformer_blocks.0.norm1.emb";
  const renamed = (name: string): string =>
    name
      .replace(/^x_embedder\.proj/, "pos_embed.proj")
      .replace(/^t_embedder\.mlp\.0/, `${emb}.timestep_embedder.linear_1`)
      .replace(/^t_embedder\.mlp\.2/, `${emb}.timestep_embedder.linear_2`)
      .replace(/^y_embedder/, `${emb}.class_embedder`)
      .replace(/^blocks\./, "transformer_blocks.")
      .replace("adaLN_modulation.1", "norm1.linear")
      .replace("attn.proj", "attn1.to_out.0")
      .replace("mlp.fc1", "ff.net.0.proj")
      .replace("mlp.fc2", "ff.net.2");
  for (const name of file.tensors.keys()) {
    if (name === "pos_embed" || name.startsWith("final_layer")) continue;
    const value = await file.readTensor(name);
    if (!name.includes("attn.qkv")) tensors.set(renamed(name), value);
    else {
      const [rows = 0, ...rest] = value.shape;
      const third = value.data.length / 3;
      for (const [i, part] of ["q", "k", "v"].entries())
        tensors.set(renamed(name).replace("attn.qkv", `attn1.to_${part}`), {
          dtype: "float32",
          shape: [rows / 3, ...rest],
          data: value.data.slice(i * third, (i + 1) * third),
        });
    }
  }
  return tensors;
}

describe("compare", () => {
  test.each([
    ["a folder with Meta's file", original],
    ["Meta's file itself", join(original, weights)],
    ["a diffusers folder", diffusers],
    ["its transformer folder", join(diffusers, "transformer")],
  ])("%s gives the published score", async (_name, checkpoint) => {
    const run = await cli("compare", a, b, "--metric", "diffsim-dit", "--checkpoint", checkpoint, ...published, "--json");
    const { score, recipe } = run.json<Comparison>();
    expect(Math.abs(score - Number(golden.outputs["score"]))).toBeLessThanOrEqual(golden.tolerance["score"] ?? 0);
    expect(recipe).toMatchObject({ family: "dit", parameters: { timestep: 600, modelTimestep: 667, classLabels: "1,1000" } });
  });

  test("many pairs", async () => {
    const file = join(scratch, "pairs.jsonl");
    const names = ["block0-s900", "block2-s600-mse", "block3-s999"];
    const cases = names.map((name) => goldenCase("diffsim-dit", name));
    const lines = cases.map(({ images, parameters }) => ({
      a: goldenImage(images[0] ?? ""),
      b: goldenImage(images[1] ?? ""),
      layer: parameters["target_layer"],
      step: parameters["target_step"],
      seed: parameters["seed"],
      size: parameters["img_size"],
      similarity: parameters["similarity"],
    }));
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const run = await cli("compare", "--pairs", file, "--metric", "diffsim-dit", "--checkpoint", original);
    const scores = run.jsonLines<Comparison>().map(({ score }) => score);
    for (const [i, { outputs, tolerance }] of cases.entries())
      expect(Math.abs((scores[i] ?? NaN) - Number(outputs["score"]))).toBeLessThanOrEqual(tolerance["score"] ?? 0);
  });
});

describe("corrected mode", () => {
  test("is symmetric, finds a picture equal to itself, and tells the network the timestep of the noise", async () => {
    const context = await goldenContext("dit-tiny");
    const [one, other] = await goldenPair(golden.images);
    const compare = (x: typeof one, y: typeof one) => diffsimDit.comparePair(context, x, y, { mode: "corrected", timestep: 300 });
    const [there, back, same] = [await compare(one, other), await compare(other, one), await compare(one, one)];
    expect(there.score).toBeCloseTo(back.score, 6);
    expect(there.score).toBeLessThan(0.9999);
    expect(same.score).toBeCloseTo(1, 5);
    expect(there.recipe.parameters).toMatchObject({ timestep: 300, modelTimestep: 300, classLabels: "1000" });
    expect((await compare(one, other)).score).toBe(there.score);
  });

  test("gives features of single pictures, with maps over the patches", async () => {
    const context = await goldenContext("dit-tiny");
    const images = await goldenPair(golden.images);
    const extractor = await diffsimDit.createExtractor?.(context, { timestep: 300 });
    const [one, other] = (await extractor?.extract(images)) ?? [];
    if (extractor === undefined || one === undefined || other === undefined) throw new Error("diffsim-dit extracts features");
    const [paired] = await extractor.score(one, [other]);
    const compared = await diffsimDit.comparePair(context, images[0], images[1], { mode: "corrected", timestep: 300 });
    expect(paired?.score).toBeCloseTo(compared.score, 6);
    expect(paired?.a?.grid).toEqual({ rows: 8, columns: 8 });
    expect(paired?.b?.match).toHaveLength(64);
    expect(extractor.recipe).toEqual(compared.recipe);
    await extractor.dispose();
  });

  test("seeds and mirror images are told apart and averaged, in comparisons and in features", async () => {
    const context = await goldenContext("dit-tiny");
    const [one, other] = await goldenPair(golden.images);
    const options = { mode: "corrected", size: 64, noiseSeeds: [1, 2], flip: true } as const;
    const mean = await diffsimDit.comparePair(context, one, other, options);
    const plain = { ...options, flip: false };
    const upright = await diffsimDit.comparePair(context, one, other, plain);
    const single = [1, 2].map((seed) => diffsimDit.comparePair(context, one, other, { ...plain, noiseSeeds: [seed] }));
    expect(upright.score).toBeCloseTo(
      (await Promise.all(single)).reduce((sum, { score }) => sum + score / 2, 0),
      6,
    );
    expect(mean.score).not.toBeCloseTo(upright.score, 5);
    expect(mean.recipe.parameters).toMatchObject({ seed: "1,2", flip: true });
    const extractor = await diffsimDit.createExtractor?.(context, options);
    const [a1, b1] = (await extractor?.extract([one, other])) ?? [];
    if (extractor === undefined || a1 === undefined || b1 === undefined) throw new Error("diffsim-dit extracts features");
    expect((await extractor.score(a1, [b1]))[0]?.score).toBeCloseTo(mean.score, 6);
    await extractor.dispose();
  });

  test("a matrix takes one pass a picture", async () => {
    const run = await cli("matrix", a, b, "--metric", "diffsim-dit", "--checkpoint", original, "--size", "64", "--json");
    const { scores } = run.json<{ scores: readonly (readonly number[])[] }>();
    expect(scores[0]?.[0]).toBeCloseTo(1, 4);
    expect(scores[0]?.[1]).toBe(scores[1]?.[0]);
  });
});

test("features are the values of a comparison, by the names of the modules", async () => {
  const [features, staged] = [join(scratch, "features.safetensors"), join(scratch, "staged.safetensors")];
  const options = ["--checkpoint", original, "--size", "64", "--timestep", "300"];
  const taps = ["blocks.2.attn.q", "blocks.3", "t_embedder"];
  const run = await cli("features", a, ...options, "--tap", taps.join(","), "--out", features);
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  await cli("compare", a, b, "--metric", "diffsim-dit", ...options, "--layer", "2", "--mode", "corrected", "--save-tensors", staged);
  const [written, compared] = [await openCheckpoint(features), await openCheckpoint(staged)];
  expect([...written.tensors.values()].map(({ name, shape }) => [name, shape]).sort()).toEqual([
    ["blocks.2.attn.q", [3, 16, 12]],
    ["blocks.3", [16, 36]],
    ["t_embedder", [36]],
  ]);
  expect((await written.readTensor("blocks.3")).data).toEqual((await compared.readTensor("blocks.3_A")).data);
  expect((await written.readTensor("blocks.2.attn.q")).data).toEqual((await compared.readTensor("q_A")).data);
  const unknown = await cli("features", a, ...options, "--tap", "blocks.4", "--out", features, "--json");
  expect([unknown.exitCode, unknown.json<ErrorDocument>().error.code]).toEqual([2, "tap/unknown"]);
  const flipped = await cli("features", a, ...options, "--flip", "--tap", "blocks.3", "--out", features, "--json");
  expect(flipped.json<ErrorDocument>().error.code).toBe("usage/invalid");
});

describe("mistakes", () => {
  test.each([
    ["a step the published code cannot run", 2, "step/out-of-range", ["--step", "500"]],
    ["a timestep that does not exist", 2, "step/out-of-range", ["--mode", "corrected", "--timestep", "1000"]],
    ["a block that is not there", 2, "tap/unknown", ["--layer", "4"]],
    ["two blocks", 2, "tap/unknown", ["--layer", "1,2"]],
    ["another tap", 2, "tap/unknown", ["--tap", "blocks.1.mlp"]],
    ["a size between the patches", 2, "usage/invalid", ["--size", "120"]],
    ["a mirror image in published mode", 2, "usage/invalid", ["--flip"]],
    ["step and timestep", 2, "usage/invalid", ["--step", "600", "--timestep", "600"]],
    ["half precision", 2, "usage/invalid", ["--precision", "float16"]],
  ] as const)("%s", async (_name, exitCode, code, args) => {
    const run = await cli("compare", a, b, "--metric", "diffsim-dit", "--checkpoint", original, ...args, "--json");
    expect(run.exitCode).toBe(exitCode);
    expect(run.json<ErrorDocument>().error).toMatchObject({ code, hint: expect.stringMatching(/\.$/) as string });
  });

  test.each([
    ["without its autoencoder", "checkpoint/incomplete", /vae/, async (folder: string) => writeWeights(folder)],
    [
      "with a configuration of another depth",
      "graph/unsupported-config",
      /6 layers.*holds 4/,
      async (folder: string) => {
        await writeWhole(folder);
        await writeFile(join(folder, "dit_config.json"), JSON.stringify({ depth: 6, num_heads: 3 }));
      },
    ],
    ["without the number of heads", "graph/unsupported-config", /width 36/, writeWhole],
    [
      "with heads that do not divide its width",
      "graph/unsupported-config",
      /7 heads/,
      async (folder: string) => {
        await writeWhole(folder);
        await writeFile(join(folder, "dit_config.json"), JSON.stringify({ num_heads: 7 }));
      },
    ],
  ])("a model %s", async (name, code, message, write) => {
    const folder = join(scratch, name.replaceAll(" ", "-"));
    await mkdir(folder, { recursive: true });
    await write(folder);
    const run = await cli("compare", a, b, "--metric", "diffsim-dit", "--checkpoint", folder, "--json");
    expect(run.exitCode).toBe(3);
    expect(run.json<ErrorDocument>().error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

async function writeWeights(folder: string): Promise<void> {
  await writeFile(join(folder, weights), await readFile(join(original, weights)));
}

async function writeWhole(folder: string): Promise<void> {
  await writeWeights(folder);
  await cp(join(original, "vae"), join(folder, "vae"), { recursive: true });
}
