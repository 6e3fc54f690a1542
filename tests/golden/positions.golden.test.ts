/** @file Positions of a U-Net as sdhelper reads them: every position of every case, several of them as one map, and their mean over noise. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TapOptions } from "#main/ml/features/tapped-features";
import type { MetricContext } from "#main/ml/metrics/metric";
import { openModel } from "#main/ml/models/model-folder";
import { float32ToFloat16 } from "#main/ml/tensor/half";
import { cosine } from "#main/ml/tensor/linear-algebra";
import type { Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { writeSafetensors } from "#main/ml/weights/safetensors";
import { expectFeatures, tapGolden } from "../support/golden-taps";
import { goldenContext } from "../support/golden-vision";
import { scratchFolder } from "../support/scratch-folder";
import { goldenCase, goldenCases, goldenCheckpoint, type GoldenCase } from "../support/goldens";

const scratch = scratchFolder();
const cases = goldenCases("positions");
/** Cases of one picture at one step with the weights as they are stored. */
const plain = cases.filter(({ outputs, parameters }) => "timestep" in outputs && parameters["weights_rounded_to_float16"] === false);

test("no case is lost", () => expect([cases.length, plain.length]).toEqual([13, 9]));

test.each(plain.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
  const positions = golden.parameters["positions"] as readonly string[];
  await expectFeatures(golden, await tap(golden, { taps: positions }), positions);
});

test("positions/sd15-tiny-half-weights-step50, from weights that went through float16", async () => {
  const golden = goldenCase("positions", "sd15-tiny-half-weights-step50");
  const model = await openModel(await halvedCheckpoint(golden.checkpoint ?? ""));
  const positions = golden.parameters["positions"] as readonly string[];
  const context = { ...(await goldenContext(golden.checkpoint ?? "")), checkpoint: model };
  await expectFeatures(golden, await tap(golden, { taps: positions }, { context }), positions);
});

describe("positions/sd15-tiny-concat-cosine", () => {
  const golden = goldenCase("positions", "sd15-tiny-concat-cosine");
  const positions = golden.parameters["positions"] as readonly string[];

  test("both pictures, each position and all as one map in the order they ran", async () => {
    for (const [side, image] of [
      ["A", golden.images[0]],
      ["B", golden.images[1]],
    ] as const) {
      const single = await tap(golden, { taps: positions }, { image });
      await expectFeatures(golden, single, Object.fromEntries(positions.map((name) => [name, `${side}.${name}`])));
      await expectFeatures(golden, await tap(golden, { taps: positions, concat: true }, { image }), { concat: `concat_${side}` });
    }
  });

  test("the mean of all cosines", async () => {
    const [a, b] = await Promise.all(golden.images.map((image) => tap(golden, { taps: positions, concat: true }, { image })));
    expect(meanCosine(a?.get("concat"), b?.get("concat"))).toBeCloseTo(Number(golden.outputs["mean_cosine"]), 4);
  });
});

test("positions/sd15-tiny-mean-of-seeds: each seed, and their mean", async () => {
  const golden = goldenCase("positions", "sd15-tiny-mean-of-seeds");
  const { positions, seeds } = golden.parameters as { positions: readonly string[]; seeds: readonly number[] };
  const [position = ""] = positions;
  for (const seed of seeds) await expectFeatures(golden, await tap(golden, { taps: positions }, { seed }), { [position]: `seed${seed}` });
  await expectFeatures(golden, await tap(golden, { taps: positions }, { noiseSeeds: seeds }), { [position]: "mean" });
});

test("positions/sdxl-tiny-stale-sigma: every picture is scaled by its own step, as a fresh object of the published code does", async () => {
  const golden = goldenCase("positions", "sdxl-tiny-stale-sigma");
  await expectFeatures(golden, await tap(golden, { taps: ["unet-in"] }), { "unet-in": "sample_fresh" });
});

interface Run {
  readonly context?: MetricContext;
  readonly image?: string | undefined;
  readonly seed?: number;
  readonly noiseSeeds?: readonly number[];
}

async function tap(
  golden: GoldenCase,
  request: Pick<TapOptions, "taps" | "concat">,
  { context, image = golden.images[0], ...seeds }: Run = {},
): Promise<ReadonlyMap<string, Tensor>> {
  const { step, seed, prompt, resize } = golden.parameters;
  // Without a size the published code takes the picture's own, here 128 pixels.
  const options = { timestep: Number(step), prompt: String(prompt), size: Number(resize ?? 128), seed: Number(seed ?? 0), ...seeds };
  return tapGolden(context ?? (await goldenContext(golden.checkpoint ?? "")), image, { recipe: "positions", options, ...request });
}

/** A copy of a tiny checkpoint with every weight rounded to float16. */
async function halvedCheckpoint(name: string): Promise<string> {
  const folder = join(scratch, name);
  await cp(goldenCheckpoint(name), folder, { recursive: true });
  for (const file of ["unet/diffusion_pytorch_model", "vae/diffusion_pytorch_model", "text_encoder/model"]) {
    const path = join(folder, `${file}.safetensors`);
    const checkpoint = await openCheckpoint(path);
    const tensors = new Map<string, Tensor>();
    for (const key of checkpoint.tensors.keys()) {
      const { shape, data } = await checkpoint.readTensor(key);
      tensors.set(key, { dtype: "float16", shape, data: float32ToFloat16(data) });
    }
    await writeSafetensors(path, tensors);
  }
  return folder;
}

/** Of every place of one map with every place of the other. */
function meanCosine(a: Tensor | undefined, b: Tensor | undefined): number {
  const [ofA, ofB] = [places(a), places(b)];
  return ofA.flatMap((x) => ofB.map((y) => cosine(x, y))).reduce((sum, x) => sum + x, 0) / (ofA.length * ofB.length);
}

function places(map: Tensor | undefined): readonly Float32Array[] {
  const [channels = 0, height = 0, width = 0] = map?.shape ?? [];
  const data = map?.data as Float32Array;
  return Array.from({ length: height * width }, (_, place) =>
    Float32Array.from({ length: channels }, (_, channel) => data[channel * height * width + place] ?? 0),
  );
}
