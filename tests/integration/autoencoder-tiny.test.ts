/** @file `--vae`: another autoencoder instead of the model's own, for every metric that looks at latents. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenCheckpoint, goldenImage } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

interface Comparison {
  readonly score: number;
  readonly recipe: { readonly parameters: Readonly<Record<string, unknown>> };
}

const scratch = scratchFolder();
const [a, b] = [goldenImage("sd-shapes.png"), goldenImage("sd-stripes.png")];
const sd15 = goldenCheckpoint("sd15-tiny");
const folder = goldenCheckpoint("taesd-tiny");
const file = join(goldenCheckpoint("taesd-tiny-original"), "taesd_encoder.safetensors");
const onSd15 = ["--metric", "diffsim-s", "--checkpoint", sd15, "--size", "64"];

async function compare(...args: readonly string[]): Promise<Comparison> {
  return (await cli("compare", a, b, ...args, "--json")).json<Comparison>();
}

describe("the tiny autoencoder", () => {
  const equipped = join(scratch, "equipped");
  const bare = join(scratch, "bare");

  beforeAll(async () => {
    for (const place of [equipped, bare]) {
      await cp(sd15, place, { recursive: true });
      await rm(join(place, "vae"), { recursive: true });
    }
    await cp(folder, join(equipped, "vae"), { recursive: true });
  });

  test.each(["published", "corrected"])(
    "gives one score from its folder, its own file and a pipeline that has it, %s mode",
    async (mode) => {
      const own = await compare(...onSd15, "--mode", mode);
      const scores = [
        await compare(...onSd15, "--mode", mode, "--vae", folder),
        await compare(...onSd15, "--mode", mode, "--vae", file),
        await compare("--metric", "diffsim-s", "--checkpoint", equipped, "--size", "64", "--mode", mode),
        await compare("--metric", "diffsim-s", "--checkpoint", bare, "--size", "64", "--mode", mode, "--vae", folder),
      ].map(({ score }) => score);
      for (const score of scores) expect(score).toBe(scores[0]);
      expect(scores[0]).not.toBeCloseTo(own.score, 4);
    },
  );

  test("has no variance to draw from, so that the first noise of the seed is that of the first picture", async () => {
    const tensors = join(scratch, "staged.safetensors");
    await compare(...onSd15, "--seed", "7", "--mode", "published", "--vae", folder, "--save-tensors", tensors);
    const withOwn = join(scratch, "own.safetensors");
    await compare(...onSd15, "--seed", "7", "--mode", "corrected", "--save-tensors", withOwn);
    const [tiny, own] = [await openCheckpoint(tensors), await openCheckpoint(withOwn)];
    expect([tiny.tensors.has("A.vae_mean"), tiny.tensors.has("A.vae_logvar")]).toEqual([true, false]);
    expect((await tiny.readTensor("A.vae_sample")).data).toEqual((await tiny.readTensor("A.vae_mean")).data);
    expect((await tiny.readTensor("A.noise")).data).toEqual((await own.readTensor("A.noise")).data);
  });

  test("serves a DiT, features and a matrix", async () => {
    const dit = goldenCheckpoint("dit-tiny");
    const own = await compare("--metric", "diffsim-dit", "--checkpoint", dit, "--size", "64");
    const tiny = await compare("--metric", "diffsim-dit", "--checkpoint", dit, "--size", "64", "--vae", file);
    expect(tiny.score).not.toBeCloseTo(own.score, 4);
    expect(tiny.recipe.parameters["vaeSha256"]).not.toBe(own.recipe.parameters["vaeSha256"]);
    const out = join(scratch, "features.safetensors");
    const features = await cli("features", a, "--checkpoint", sd15, "--size", "64", "--vae", folder, "--tap", "mid_block", "--out", out);
    expect(features.exitCode).toBe(0);
    const matrix = await cli("matrix", a, b, ...onSd15, "--vae", folder, "--json");
    expect(matrix.json<{ scores: readonly (readonly number[])[] }>().scores[0]?.[0]).toBeCloseTo(1, 4);
  });
});

test("a model's own autoencoder, given again, changes nothing", async () => {
  const own = await compare(...onSd15);
  const given = await compare(...onSd15, "--vae", join(sd15, "vae"));
  expect(given).toMatchObject({ score: own.score, recipe: own.recipe });
});

test.each([
  [
    "a metric without latents",
    2,
    "usage/invalid",
    ["--metric", "clip-i", "--checkpoint", goldenCheckpoint("clip-vit-tiny"), "--vae", folder],
  ],
  ["something else in its place", 3, "checkpoint/unsupported", [...onSd15, "--vae", goldenCheckpoint("clip-vit-tiny")]],
  ["nothing in its place", 3, "checkpoint/not-found", [...onSd15, "--vae", join(scratch, "nowhere")]],
  ["a tiny autoencoder as the model", 3, "checkpoint/unsupported", ["--metric", "diffsim-s", "--checkpoint", file]],
] as const)("%s is told in a sentence", async (_name, exitCode, code, args) => {
  const run = await cli("compare", a, b, ...args, "--json");
  expect(run.exitCode).toBe(exitCode);
  expect(run.json<ErrorDocument>().error).toMatchObject({ code, hint: expect.stringMatching(/\.$/) as string });
});
