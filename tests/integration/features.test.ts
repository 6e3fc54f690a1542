/** @file `semblance features`: one golden case of each recipe, several taps as one map, averages, the list of taps, and what is refused. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cosine } from "#main/ml/tensor/linear-algebra";
import type { Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { cli, type ErrorDocument } from "../support/cli";
import { largestDifference } from "../support/compare-tensors";
import { expectFeatures } from "../support/golden-taps";
import { goldenCase, goldenCheckpoint, goldenImage, type GoldenCase } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const sd15 = ["--checkpoint", goldenCheckpoint("sd15-tiny")];
const sdxl = ["--checkpoint", goldenCheckpoint("sdxl-tiny")];
const shapes = goldenImage("sd-shapes.png");

interface FeaturesDocument {
  readonly out: string;
  readonly recipe: string | null;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly tensors: Readonly<Record<string, readonly number[]>>;
}

let runs = 0;

/** Runs the command and reads what it wrote. */
async function features(...args: readonly string[]): Promise<ReadonlyMap<string, Tensor>> {
  runs += 1;
  const out = join(scratch, `${runs}.safetensors`);
  const run = await cli("features", ...args, "--out", out, "--json");
  expect(run.err).toBe("");
  expect(run.exitCode).toBe(0);
  const { tensors } = run.json<FeaturesDocument>();
  const written = await openCheckpoint(out);
  expect([...written.tensors.keys()].sort()).toEqual(Object.keys(tensors).sort());
  const read = await Promise.all(Object.keys(tensors).map(async (name) => [name, await written.readTensor(name)] as const));
  for (const [name, { shape }] of read) expect(shape).toEqual(tensors[name]);
  return new Map(read);
}

describe("recipes give the published features", () => {
  const options = ({ parameters }: GoldenCase, names: Readonly<Record<string, string>>) =>
    Object.entries(names).flatMap(([flag, name]) => [flag, String(parameters[name])]);

  test.each(["sd15-tiny-kinds-t50", "sdxl-tiny-kinds-t50", "sd15-tiny-practical-t50-resize2"])("activations/%s", async (name) => {
    const golden = goldenCase("activations", name);
    const layers = golden.parameters["layers"] as readonly string[];
    const flags = { "--timestep": "t", "--size": "img_size", "--prompt": "prompt", "--seed": "seed", "--pool": "feature_resize" };
    const model = ["--checkpoint", goldenCheckpoint(golden.checkpoint ?? "")];
    const image = goldenImage(golden.images[0] ?? "");
    const written = await features(image, ...model, "--recipe", "activations", ...options(golden, flags), "--tap", layers.join(","));
    await expectFeatures(golden, written, layers);
  });

  test.each(["sd15-tiny-step50", "sdxl-tiny-step500"])("positions/%s", async (name) => {
    const golden = goldenCase("positions", name);
    const positions = golden.parameters["positions"] as readonly string[];
    const flags = { "--timestep": "step", "--size": "resize", "--prompt": "prompt", "--seed": "seed" };
    const model = ["--checkpoint", goldenCheckpoint(golden.checkpoint ?? "")];
    const written = await features(shapes, ...model, "--recipe", "positions", ...options(golden, flags), "--tap", positions.join(","));
    await expectFeatures(golden, written, positions);
  });

  test.each(["shapes-t261", "mean-t261-empty"])("cleandift/%s", async (name) => {
    const golden = goldenCase("cleandift", name);
    const keys = ["mid", "us3", "us6", "us9", "us10"];
    const seeded = "seed" in golden.parameters ? { "--seed": "seed" } : {};
    const flags = options(golden, { "--size": "size", "--prompt": "caption", ...seeded });
    const weights = ["--weights", goldenCheckpoint("cleandift-sd15-tiny/cleandift_sd15_unet.safetensors")];
    await expectFeatures(
      golden,
      await features(shapes, ...sd15, ...weights, "--recipe", "cleandift", ...flags, "--tap", keys.join(",")),
      keys,
    );
  });
});

describe("averages", () => {
  const tap = "up_blocks[1]";
  const own = [...sd15, "--size", "64", "--tap", tap];

  test("the mean over noise is that of the features of each seed", async () => {
    const [one, two, both] = await Promise.all(
      [
        ["--seed", "1"],
        ["--seed", "2"],
        ["--noise-seeds", "1,2"],
      ].map((seeds) => features(shapes, ...own, ...seeds)),
    );
    const mean = [...(both?.get(tap)?.data ?? [])];
    const apart = mean.map((_, i) => (Number(one?.get(tap)?.data[i]) + Number(two?.get(tap)?.data[i])) / 2);
    expect(Math.max(...mean.map((x, i) => Math.abs(Number(x) - (apart[i] ?? Number.NaN))))).toBeLessThan(1e-5);
  });
});

test("several taps become one map, in the order the network runs", async () => {
  const flags = [...sd15, "--size", "64", "--recipe", "positions"];
  const [single, concat] = [
    await features(shapes, ...flags, "--tap", "up_blocks[1],mid_block"),
    await features(shapes, ...flags, "--tap", "up_blocks[1],mid_block", "--concat"),
  ];
  const [mid, up] = [single.get("mid_block"), single.get("up_blocks[1]")];
  expect(concat.get("concat")?.shape).toEqual([Number(mid?.shape[0]) + Number(up?.shape[0]), 4, 4]);
  const places = 16;
  const tail = concat.get("concat")?.data.slice(Number(mid?.shape[0]) * places);
  expect(largestDifference({ dtype: "float32", shape: up?.shape ?? [], data: tail as Float32Array }, up as Tensor)).toBe(0);
});

describe("the list of taps", () => {
  interface TapsDocument {
    readonly taps: readonly {
      readonly path: string;
      readonly activation: string | null;
      readonly key: string | null;
      readonly shape: readonly number[];
    }[];
    readonly sets: Readonly<Record<string, readonly string[]>>;
  }

  test.each([
    ["sd15-tiny", 197],
    ["sdxl-tiny", 612],
  ])("%s has %d activations", async (checkpoint, count) => {
    const run = await cli("features", "--list-taps", "--checkpoint", goldenCheckpoint(checkpoint), "--size", "128", "--json");
    expect(run.exitCode).toBe(0);
    const { taps, sets } = run.json<TapsDocument>();
    expect(taps.filter(({ activation }) => activation !== null)).toHaveLength(count);
    expect(sets["practical"]).toHaveLength(4);
    expect(taps.find(({ path }) => path === "mid_block")).toMatchObject({ key: "mid", activation: null });
  });

  test("is a table for people", async () => {
    const run = await cli("features", "--list-taps", ...sd15, "--size", "128");
    expect(run.out).toMatch(/^activation +key +module path +shape$/m);
    expect(run.out).toMatch(/^up-level1-upsampler-out +us6 +up_blocks\.1\.upsamplers\.0 +\[32, 8, 8\]$/m);
    expect(run.out).toContain("correspondence: up_blocks[1]");
  });
});

describe("the metrics of tapped features", () => {
  const weights = ["--weights", goldenCheckpoint("cleandift-sd15-tiny/cleandift_sd15_unet.safetensors")];
  const small = [...sd15, "--size", "64", "--mode", "corrected"];
  interface ComparisonDocument {
    readonly score: number;
    readonly recipe: { readonly tap: string };
  }
  const compare = async (...args: readonly string[]) => (await cli("compare", ...args, "--json")).json<ComparisonDocument>();

  test("diffsim-s takes its attention as a position of sdhelper too", async () => {
    const pair = [shapes, goldenImage("sd-strokes.png"), "--metric", "diffsim-s", ...small];
    const position = await compare(...pair, "--tap", "up_blocks[1].attentions[2].transformer_blocks[0].attn1");
    expect(position).toMatchObject({ ...(await compare(...pair)), milliseconds: expect.anything() as unknown });
  });

  test("cleandift: the cosine of what `features` writes", async () => {
    const pictures = [shapes, goldenImage("sd-strokes.png")] as const;
    const flags = [...sd15, ...weights, "--size", "64", "--recipe", "cleandift", "--tap", "us6"];
    const [a, b] = [await features(pictures[0], ...flags), await features(pictures[1], ...flags)];
    const { score, recipe } = await compare(...pictures, "--metric", "cleandift", ...small, ...weights);
    expect(score).toBeCloseTo(cosine(a.get("us6")?.data as Float32Array, b.get("us6")?.data as Float32Array), 5);
    expect(recipe.tap).toBe("up_blocks.1.upsamplers.0");
  });

  test("cleandift without its U-Net says what to give", async () => {
    const { error } = (await cli("compare", shapes, shapes, "--metric", "cleandift", ...small, "--json")).json<ErrorDocument>();
    expect(error.code).toBe("metric/needs-model");
    expect(error.hint).toContain("--weights");
  });

  test("diffusion-features: a picture against itself, by a recommended activation", async () => {
    const tap = ["--tap", "up-level2-repeat1-vit-block0-cross-q"];
    const { score, recipe } = await compare(shapes, shapes, "--metric", "diffusion-features", ...small, ...tap);
    expect(score).toBeCloseTo(1, 4);
    expect(recipe.tap).toBe("up_blocks.2.attentions.1.transformer_blocks.0.attn2.q");
  });

  test("a heat map shows the best place for every place of the other picture", async () => {
    const data = join(scratch, "heat.json");
    const out = ["--out", join(scratch, "heat.png"), "--data", data];
    const model = [...sd15, "--size", "64", "--tap", "up_blocks[1]"];
    const run = await cli("heatmap", shapes, shapes, "--metric", "diffusion-features", ...model, ...out, "--json");
    expect(run.json<ComparisonDocument>().score).toBeCloseTo(1, 3);
    const { a } = JSON.parse(await readFile(data, "utf8")) as { readonly a: { readonly grid: object; readonly heat: readonly number[] } };
    expect(a.grid).toEqual({ rows: 4, columns: 4 });
    expect(Math.min(...a.heat)).toBeCloseTo(1, 3);
  });

  test("several pairs in one process score as one by one", async () => {
    const pairs = join(scratch, "pairs.jsonl");
    const [a, b] = [shapes, goldenImage("sd-stripes.png")];
    const line = { a, b, metric: "cleandift", checkpoint: sd15[1], weights: weights[1], size: 64, mode: "corrected", tap: "mid" };
    await writeFile(
      pairs,
      [JSON.stringify(line), JSON.stringify({ ...line, metric: "diffusion-features", weights: undefined })].join("\n"),
    );
    const run = await cli("compare", "--pairs", pairs, "--jsonl");
    const [clean, noisy] = run.jsonLines<ComparisonDocument>();
    expect(clean?.score).toBeCloseTo((await compare(a, b, "--metric", "cleandift", "--tap", "mid", ...small, ...weights)).score, 6);
    expect(noisy?.score).toBeCloseTo((await compare(a, b, "--metric", "diffusion-features", "--tap", "mid", ...small)).score, 6);
  });
});

describe("mistakes end in a sentence", () => {
  const out = ["--out", join(scratch, "never.safetensors")];
  const small = ["--size", "64"];
  let none: readonly string[] = [];
  beforeAll(() => (none = [shapes, ...sd15, ...small, ...out]));

  test.each<[string, (base: readonly string[]) => readonly string[], number, RegExp]>([
    ["no picture", () => [...sd15, "--tap", "mid_block", ...out], 2, /needs a picture/],
    ["no tap", (base) => base, 2, /needs --tap/],
    ["no file", () => [shapes, ...sd15, "--tap", "mid_block"], 2, /needs --out/],
    [
      "a name that is nearly one",
      (base) => [...base, "--tap", "up-level1-repeat3-res-out"],
      2,
      /no tap "up-level1-repeat3-res-out".*up-level1-repeat2-res-out/s,
    ],
    ["a key beyond the last", (base) => [...base, "--tap", "us11"], 2, /us10/],
    ["a preset misspelt", (base) => [...base, "--tap", "practicl"], 2, /nearest: practical/],
    [
      "the corrected mode of a recipe",
      (base) => [...base, "--tap", "mid_block", "--recipe", "positions", "--mode", "corrected"],
      2,
      /no corrected mode/,
    ],
    [
      "a step with a recipe",
      (base) => [...base, "--tap", "mid_block", "--recipe", "activations", "--step", "900"],
      2,
      /does not go by step/,
    ],
    [
      "a timestep that was never trained",
      (base) => [...base, "--tap", "mid_block", "--recipe", "positions", "--timestep", "1000"],
      2,
      /Timestep 1000/,
    ],
    ["noiseless t = 1000", (base) => [...base, "--tap", "mid_block", "--recipe", "activations", "--timestep", "1000"], 2, /timestep 1000/],
    ["an impossible size", () => [shapes, ...sd15, ...out, "--tap", "mid_block", "--recipe", "cleandift", "--size", "5"], 2, /size of 5/],
    [
      "split heads laid upon maps",
      (base) => [...base, "--tap", "mid_block,mid_block.attentions.0.transformer_blocks.0.attn1.q", "--concat"],
      2,
      /no feature map/,
    ],
    [
      "a file that is no U-Net",
      (base) => [...base, "--tap", "mid", "--weights", goldenCheckpoint("sd15-tiny/vae/diffusion_pytorch_model.safetensors")],
      3,
      /no U-Net/,
    ],
    [
      "a U-Net of another model",
      (base) => [...base, "--tap", "mid", "--weights", goldenCheckpoint("sdxl-tiny/unet/diffusion_pytorch_model.fp16.safetensors")],
      3,
      /expected|no tensor/,
    ],
    ["no model", () => [shapes, "--tap", "mid_block", ...out, "--library", join(scratch, "no-library")], 3, /^Taps need a model/],
    ["a file of another kind", () => [shapes, ...sd15, "--tap", "mid_block", "--out", join(scratch, "never.txt")], 2, /\.safetensors/],
    [
      "the list of a model without one",
      () => ["--list-taps", "--checkpoint", goldenCheckpoint("dinov2-tiny")],
      2,
      /no list of taps.*features --help/,
    ],
    [
      "a recipe for a model without noise",
      () => [shapes, ...out, "--checkpoint", goldenCheckpoint("clip-vit-tiny"), "--tap", "layer0.q", "--recipe", "positions"],
      2,
      /recipe/,
    ],
  ])("%s", async (_what, args, exitCode, sentence) => {
    const run = await cli("features", ...args(none), "--json");
    const { error } = run.json<ErrorDocument>();
    expect(`${error.message} ${error.hint}`).toMatch(sentence);
    expect(run.exitCode).toBe(exitCode);
  });
});

test("SDXL takes the recommended set by its name", async () => {
  const written = await features(shapes, ...sdxl, "--size", "64", "--recipe", "activations", "--tap", "practical");
  expect([...written.keys()]).toEqual(goldenCase("activations", "sdxl-tiny-practical-t100").parameters["layers"]);
});
