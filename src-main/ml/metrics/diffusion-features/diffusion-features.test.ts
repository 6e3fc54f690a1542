import { beforeAll, describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import type { RawImage } from "../../../platform/raw-image";
import type { ModelFolder } from "../../models/model-folder";
import { foregroundScore } from "../../scoring/foreground-score";
import { cosine } from "../../tensor/linear-algebra";
import type { Float32Tensor } from "../../tensor/tensor";
import type { CompareOptions, FeatureExtractor, ImageFeatures, MetricContext, PairScore } from "../metric";
import { diffusionFeatures } from "./diffusion-features";

let context: MetricContext;
let a: RawImage;
let b: RawImage;
beforeAll(async () => {
  context = await goldenContext("sd15-tiny");
  [a, b] = await goldenPair(["sd-shapes.png", "sd-strokes.png"]);
});

const small: CompareOptions = { size: 64, seed: 7 };
const compare = (first: RawImage, second: RawImage, options: CompareOptions = {}) =>
  diffusionFeatures.comparePair(context, first, second, { ...small, mode: "corrected", ...options });

describe("corrected mode", () => {
  test.each([undefined, "mid_block", "up-level1-repeat2-res-out", "up_blocks.1.attentions.0.transformer_blocks.0.attn1.q"])(
    "is symmetric at %s, and a picture against itself scores 1",
    async (tap) => {
      const options = tap === undefined ? {} : { tap };
      const [forth, back, same] = [await compare(a, b, options), await compare(b, a, options), await compare(a, a, options)];
      expect(back.score).toBeCloseTo(forth.score, 6);
      expect(same.score).toBeCloseTo(1, 6);
      expect(forth.score).toBeLessThan(0.999);
      expect(forth.directions).toEqual({ ab: null, ba: null });
    },
  );

  test("takes DiffSim's attention by block and layer, and says so in the recipe", async () => {
    const { recipe } = await compare(a, b, { block: "down_blocks", layer: [1] });
    expect(recipe).toMatchObject({ metric: "diffusion-features", tap: "down_blocks.1.attentions.1.transformer_blocks.0.attn1" });
    expect(recipe.parameters).toMatchObject({ timestep: 101, seed: 7 });
  });

  test("runs on Stable Diffusion XL", async () => {
    const xl = await goldenContext("sdxl-tiny");
    const same = await diffusionFeatures.comparePair(xl, a, a, { ...small, mode: "corrected" });
    expect(same.score).toBeCloseTo(1, 6);
  });
});

test("published mode: both guidance rows, every picture's numbers spread over 0 to 1, other noise for each", async () => {
  const comparison = await compare(a, b, { mode: "published", keepTensors: true });
  const tensors = [...comparison.tensors.values()] as Float32Tensor[];
  const [first, second] = tensors as [Float32Tensor, Float32Tensor];
  expect(first.shape).toEqual([2, 32, 2, 2]);
  const spread = ({ data }: Float32Tensor) => data.map((x) => (x - Math.min(...data)) / (Math.max(...data) - Math.min(...data)));
  expect(comparison.score).toBeCloseTo(cosine(spread(first), spread(second)), 6);
  const same = await compare(a, a, { mode: "published" });
  expect(same.score).toBeLessThan(0.9999);
});

test.each([
  [{ similarity: "mse" }, /no mse/],
  [{ tap: "time_embedding" }, /no value for every place/],
  [{ tap: "up-level1-repeat0-vit-block0-cross-map" }, /no value for every place/],
  [{ tap: "up_blocks.9" }, /no tap "up_blocks.9"/],
] satisfies readonly [CompareOptions, RegExp][])("%o is refused", async (options, sentence) => {
  await expect(compare(a, b, options)).rejects.toThrow(sentence);
});

test("every tap that can be chosen runs", async () => {
  const axes = diffusionFeatures.settings?.(context.checkpoint as ModelFolder) ?? [];
  expect(axes.map(({ name }) => name)).toEqual(["tap", "step", "size"]);
  const taps = axes.find(({ name }) => name === "tap")?.alternatives ?? [];
  expect(taps.map(({ label }) => label)).toContain("up_blocks[3]");
  for (const { options } of taps) expect((await compare(a, b, options)).score).toBeLessThan(1);
});

describe("features for a library", () => {
  test("score as the pair does, with the best place of the other picture for every place", async () => {
    const tap = "up_blocks[1]";
    const extractor = await openExtractor({ ...small, tap });
    const [own, other] = (await extractor.extract([a, b])) as readonly [ImageFeatures, ImageFeatures];
    const [pair, same] = (await extractor.score(own, [other, own])) as readonly [PairScore, PairScore];
    expect(pair.score).toBeCloseTo((await compare(a, b, { tap })).score, 5);
    expect(same.score).toBeCloseTo(1, 5);
    expect(same.a?.match).toEqual(Int32Array.from({ length: 16 }, (_, place) => place));
    expect(Math.min(...(same.a?.heat ?? []))).toBeCloseTo(1, 5);
    expect(pair.a?.grid).toEqual({ rows: 4, columns: 4 });
    expect([...(pair.a?.heat ?? [])].map((heat) => heat.toFixed(4))).toEqual(bestCosines(own, other).map((best) => best.cosine.toFixed(4)));
    expect([...(pair.b?.match ?? [])]).toEqual(bestCosines(other, own).map((best) => best.place));
  });

  test("in front they score as the maps of these places alone, as they lie upon one another", async () => {
    const extractor = await openExtractor({ ...small, tap: "up_blocks[1]" });
    const [own, other] = (await extractor.extract([a, b])) as readonly [ImageFeatures, ImageFeatures];
    const [pair] = (await extractor.score(own, [other])) as readonly [PairScore];
    const mask = Uint8Array.from({ length: 16 }, (_, place) => (place % 3 === 0 ? 1 : 0));
    const inFront = (features: ImageFeatures) =>
      Float32Array.from(placesOf(features).flatMap((numbers, place) => (mask[place] === 1 ? [...numbers] : [])));
    expect(foregroundScore(pair, { a: mask, b: mask })).toBeCloseTo(cosine(inFront(own), inFront(other)), 5);
    const everything = new Uint8Array(16).fill(1);
    expect(foregroundScore(pair, { a: everything, b: everything })).toBe(pair.score);
  });

  test("keep one array for all roles, and a pooled vector of length one", async () => {
    const extractor = await openExtractor({ ...small, tap: "mid_block" });
    const [{ attention, pooled }] = (await extractor.extract([a])) as readonly [ImageFeatures];
    expect(attention?.query).toBe(attention?.output);
    expect(pooled.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 5);
  });

  test("of another size cannot be compared", async () => {
    const [small32, small64] = [await openExtractor({ size: 32, tap: "conv_in" }), await openExtractor({ size: 64, tap: "conv_in" })];
    const [one] = (await small32.extract([a])) as readonly [ImageFeatures];
    const [other] = (await small64.extract([b])) as readonly [ImageFeatures];
    await expect(small64.score(other, [one])).rejects.toThrow(/cannot be laid upon/);
  });
});

async function openExtractor(options: CompareOptions): Promise<FeatureExtractor> {
  return (await diffusionFeatures.createExtractor?.(context, options)) as FeatureExtractor;
}

/** For each place of one map the best cosine with a place of the other. */
function bestCosines(from: ImageFeatures, to: ImageFeatures): readonly { readonly cosine: number; readonly place: number }[] {
  return placesOf(from).map((own) => {
    const cosines = placesOf(to).map((other) => cosine(own, other));
    const best = Math.max(...cosines);
    return { cosine: best, place: cosines.indexOf(best) };
  });
}

function placesOf({ attention }: ImageFeatures): readonly Float32Array[] {
  const { tokens = 0, headDim = 0, output } = attention ?? {};
  return Array.from({ length: tokens }, (_, token) => (output as Float32Array).slice(token * headDim, (token + 1) * headDim));
}
