/** @file What the golden cases of LPIPS leave open: where its linear layers are found, equal pictures, the map, and what is refused. */
import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { scratchFolder } from "../../../../tests/support/scratch-folder";
import { openModel } from "../../models/model-folder";
import { tensor, type Tensor } from "../../tensor/tensor";
import { openCheckpoint } from "../../weights/checkpoint";
import { writeSafetensors } from "../../weights/safetensors";
import type { MetricContext } from "../metric";
import { lpips } from "./lpips";

const scratch = scratchFolder();
const model = join(scratch, "vgg16");
const linear = join(scratch, "linear.safetensors");

beforeAll(async () => {
  await cp(goldenCheckpoint("vgg16-tiny"), model, { recursive: true });
  await rename(join(model, "lpips.safetensors"), linear);
});

const images = ["pp-warm-1.png", "pp-cold-1.png"];

async function distance(context: MetricContext, pictures = images): Promise<number> {
  const [a, b] = await goldenPair(pictures);
  return (await lpips.comparePair(context, a, b, { size: 64 })).score;
}

/** The context of a folder without linear layers of its own. */
async function contextWith(file: string | null): Promise<MetricContext> {
  const weights = file === null ? null : await openCheckpoint(file);
  return {
    ...(await goldenContext("vgg16-tiny")),
    checkpoint: await openModel(model),
    companions: { ipAdapter: null, imageEncoder: null, weights },
  };
}

describe("the linear layers", () => {
  test("come from the companion file, under either name of the package, or from beside the model", async () => {
    const beside = await distance(await goldenContext("vgg16-tiny"));
    expect(await distance(await contextWith(linear))).toBe(beside);
    const { tensors, readTensor } = await openCheckpoint(linear);
    const renamed = new Map<string, Tensor>();
    for (const name of tensors.keys()) renamed.set(name.replace(/^lin(\d)/, "lins.$1"), await readTensor(name));
    await writeSafetensors(join(scratch, "renamed.safetensors"), renamed);
    expect(await distance(await contextWith(join(scratch, "renamed.safetensors")))).toBe(beside);
  });

  test("are asked for when there are none", async () => {
    await expect(distance(await contextWith(null))).rejects.toMatchObject({
      code: "metric/needs-model",
      message: expect.stringContaining("lin0.model.1.weight") as string,
      hint: expect.stringContaining("--weights") as string,
    });
  });

  test("of another network are refused", async () => {
    const file = join(scratch, "other.safetensors");
    const layers = [64, 192, 384, 256, 256].map(
      (channels, stage) => [`lin${stage}.model.1.weight`, tensor([1, channels, 1, 1], new Float32Array(channels))] as const,
    );
    await writeSafetensors(file, new Map(layers));
    await expect(distance(await contextWith(file))).rejects.toMatchObject({
      code: "weights/shape-mismatch",
      message: "lin0.model.1.weight is [1, 64, 1, 1], expected [1, 8, 1, 1].",
    });
  });
});

test("equal pictures are at distance 0 and their map is empty; the mean of a map is near the distance", async () => {
  const context = await goldenContext("vgg16-tiny");
  const [a, b] = await goldenPair(images);
  const same = await lpips.comparePair(context, a, a, { size: 64, keepTensors: true });
  expect(same.score).toBe(0);
  expect(same.tensors.get("map")).toEqual(tensor([64, 64], new Float32Array(64 * 64)));
  const { score, tensors } = await lpips.comparePair(context, a, b, { size: 64, keepTensors: true });
  const map = tensors.get("map")?.data as Float32Array;
  expect(map.reduce((sum, x) => sum + x, 0) / map.length).toBeCloseTo(score, 1);
  expect(Math.min(...map)).toBeGreaterThanOrEqual(0);
});

test.each([{ size: 15 }, { size: 4096 }, { size: 64.5 }, { similarity: "mse" as const }])("%j is refused", async (options) => {
  const [a, b] = await goldenPair(images);
  await expect(lpips.comparePair(await goldenContext("vgg16-tiny"), a, b, options)).rejects.toMatchObject({ code: "usage/invalid" });
});
