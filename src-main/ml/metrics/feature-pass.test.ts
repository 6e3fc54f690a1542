import { expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../tests/support/golden-vision";
import { extractTogether } from "./feature-pass";
import type { FeatureExtractor } from "./metric";
import { findMetric } from "./registry";

test("metrics and layers of one model share its pass, and their features are those they have alone", async () => {
  const context = await goldenContext("clip-vit-tiny");
  const [image] = await goldenPair(["pp-figure-1.png", "pp-cold-1.png"]);
  const made = await Promise.all([
    findMetric("clip-aas").createExtractor?.(context, { layer: [0] }),
    findMetric("clip-aas").createExtractor?.(context, { layer: [2] }),
    findMetric("clip-i").createExtractor?.(context, {}),
  ]);
  const extractors = made.filter((extractor): extractor is FeatureExtractor => extractor !== undefined);
  const alone = await Promise.all(extractors.map(async ({ extract }) => (await extract([image]))[0]));
  let runs = 0;
  const counted = extractors.map(({ pass, ...extractor }) => {
    if (pass === undefined) throw new Error("a vision metric has a pass");
    const run: typeof pass.run = (images, taps) => {
      runs += 1;
      return pass.run(images, taps);
    };
    return { ...extractor, pass: { ...pass, run } };
  });
  expect(await extractTogether(counted, image)).toEqual(alone);
  expect(runs).toBe(1);
});

test("an extractor without a pass is asked by itself, and the order stays", async () => {
  const features = (value: number) => ({ pooled: Float32Array.of(value), attention: null });
  const extractor = (value: number, pass?: FeatureExtractor["pass"]): FeatureExtractor => ({
    recipe: {} as FeatureExtractor["recipe"],
    extract: () => Promise.resolve([features(value)]),
    score: () => Promise.resolve([]),
    dispose: () => Promise.resolve(),
    ...(pass === undefined ? {} : { pass }),
  });
  const pass = { key: "one", taps: [], run: () => Promise.resolve([new Map()]), features: () => features(3) };
  const image = { width: 1, height: 1, data: new Uint8Array(3) };
  expect(await extractTogether([extractor(1), extractor(2, pass), extractor(4)], image)).toEqual([features(1), features(3), features(4)]);
});
