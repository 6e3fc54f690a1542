/** @file The activations of generic-diffusion-feature: every name of its vocabularies, every kind of value, and several as one map. */
import { describe, expect, test } from "vitest";
import { featureShape } from "#main/ml/features/diffusion/feature-layout";
import { resolvePassTaps, unetTaps } from "#main/ml/features/diffusion/tap-unet";
import { openRecipePass } from "#main/ml/features/diffusion/unet-pass";
import { tapRecipes } from "#main/ml/features/recipes";
import { vocabularyName } from "#main/ml/features/tap-names/vocabulary";
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
    const pass = await opened;
    const shapes = new Map(unetTaps(pass).map(({ name, shape }) => [name, shape]));
    const taps = resolvePassTaps(pass, Object.keys(names));
    const read = Object.fromEntries(
      taps.map((tap) => [tap.name, { path: tap.path, shape: featureShape(tap, shapes.get(tap.path) ?? []) }]),
    );
    expect(read).toEqual(Object.fromEntries(Object.entries(names).map(([name, of]) => [name, { path: pathOf(of), shape: of.shape }])));
  });

  test("there are no other names, and module paths of diffusers mean the same", async () => {
    const pass = await opened;
    const own = unetTaps(pass).flatMap(({ name }) => vocabularyName(name) ?? []);
    expect(new Set(own)).toEqual(new Set(Object.keys(names)));
    const outputs = Object.values(names).filter(({ tensor }) => !tensor.startsWith("softmax") && tensor !== "input");
    const modules = outputs.map(({ module }) => module);
    expect(resolvePassTaps(pass, modules).map(({ path }) => path)).toEqual(outputs.map(pathOf));
  });
});

describe.each(runs.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const layers = golden.parameters["layers"] as readonly string[];
  const stored = layers.filter((name) => name in (golden.tensors ?? {}));

  test("every activation", async () => {
    const features = await tap(golden, { taps: layers });
    expect(Object.fromEntries([...features].map(([name, { shape }]) => [name, shape]))).toEqual(golden.outputs["shapes"]);
    if (stored.length > 0) await expectFeatures(golden, features, stored);
  });

  test.runIf("aggregated" in (golden.tensors ?? {}))("all as one map, in the order of execution", async () => {
    const shuffled = [...layers].reverse();
    await expectFeatures(golden, await tap(golden, { taps: shuffled, concat: true }), { concat: "aggregated" });
  });
});

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
