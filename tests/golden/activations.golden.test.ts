/** @file The activations of generic-diffusion-feature: every name of its vocabularies, every kind of value, and several as one map. */
import { describe, expect, test } from "vitest";
import { listPassTaps, resolvePassTaps } from "#main/ml/features/diffusion/unet-taps";
import { openRecipePass } from "#main/ml/features/diffusion/recipe-pass";
import { tapRecipes } from "#main/ml/features/recipes";
import type { TapOptions } from "#main/ml/features/tapped-features";
import type { Tensor } from "#main/ml/tensor/tensor";
import { expectFeatures, tapGolden } from "../support/golden-taps";
import { goldenContext } from "../support/golden-vision";
import { goldenCase, goldenCases, type GoldenCase } from "../support/goldens";

interface Activation {
  readonly module: string;
  readonly tensor: string;
  readonly shape: readonly number[];
}

const cases = goldenCases("activations");
const vocabularies = cases.filter(({ id }) => id.endsWith("vocabulary"));
const runs = cases.filter((golden) => !vocabularies.includes(golden));

test("no case is lost", () => expect([vocabularies.length, runs.length]).toEqual([2, 6]));

describe.each(vocabularies.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const names = golden.outputs["names"] as Readonly<Record<string, Activation>>;
  const opened = goldenContext(golden.checkpoint ?? "").then((context) =>
    openRecipePass(context, tapRecipes.activations, { size: Number(golden.parameters["img_size"]) }),
  );

  test("every name means its module, and has its shape", async () => {
    const { taps } = listPassTaps(await opened);
    const read = taps.flatMap(({ activation, path, shape }) => (activation === null ? [] : [[activation, { path, shape }] as const]));
    expect(Object.fromEntries(read)).toEqual(
      Object.fromEntries(Object.entries(names).map(([name, of]) => [name, { path: pathOf(of), shape: of.shape }])),
    );
  });

  test("module paths of diffusers and positions of sdhelper mean the same", async () => {
    const pass = await opened;
    const outputs = Object.values(names).filter(({ tensor }) => !tensor.startsWith("softmax") && tensor !== "input");
    const paths = outputs.map(pathOf);
    const modules = outputs.map(({ module }) => module);
    const positions = modules.map((module) => module.replace(/\.(\d+)/g, "[$1]"));
    expect(resolvePassTaps(pass, modules).map(({ path }) => path)).toEqual(paths);
    expect(resolvePassTaps(pass, positions).map(({ path }) => path)).toEqual(paths);
  });
});

const layersOf = (golden: GoldenCase) => golden.parameters["layers"] as readonly string[];

test.each(runs.map((golden) => [golden.id, golden] as const))("%s: every activation", async (_id, golden) => {
  const layers = layersOf(golden);
  const stored = layers.filter((name) => name in (golden.tensors ?? {}));
  const features = await tap(golden, { taps: layers });
  expect(Object.fromEntries([...features].map(([name, { shape }]) => [name, shape]))).toEqual(golden.outputs["shapes"]);
  if (stored.length > 0) await expectFeatures(golden, features, stored);
});

const aggregated = runs.filter(({ tensors = {} }) => "aggregated" in tensors);

test.each(aggregated.map((golden) => [golden.id, golden] as const))(
  "%s: all as one map, in the order of execution",
  async (_id, golden) => {
    const shuffled = [...layersOf(golden)].reverse();
    await expectFeatures(golden, await tap(golden, { taps: shuffled, concat: true }), { concat: "aggregated" });
  },
);

test("the preset named practical is the recommended set of either model", async () => {
  for (const name of ["sd15-tiny-practical-t100", "sdxl-tiny-practical-t100"]) {
    const golden = goldenCase("activations", name);
    const features = await tap(golden, { taps: ["practical"] });
    expect([...features.keys()]).toEqual(golden.parameters["layers"]);
  }
});

async function tap(golden: GoldenCase, request: Pick<TapOptions, "taps" | "concat">): Promise<ReadonlyMap<string, Tensor>> {
  const { img_size, t, prompt, seed, feature_resize } = golden.parameters;
  return tapGolden(await goldenContext(golden.checkpoint ?? ""), golden.images[0], {
    recipe: "activations",
    pool: Number(feature_resize),
    options: { size: Number(img_size), timestep: Number(t), prompt: String(prompt), seed: Number(seed) },
    ...request,
  });
}

/** The tap of a module's input, output, or attention map. */
function pathOf({ module, tensor }: Activation): string {
  if (tensor === "input") return "sample";
  return tensor.startsWith("softmax") ? `${module}.map` : module.replace(/\.to_([qkv])$/, ".$1");
}
