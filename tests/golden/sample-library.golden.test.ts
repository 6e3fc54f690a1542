/** @file The starter on the sample library: whether the nearest picture has the same style, and shows the same subject. The promise of a first run. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import { starterStyle, starterSubject } from "#main/ml/metrics/starter/starter-metrics";
import type { ImageFeatures, MetricDefinition } from "#main/ml/metrics/metric";
import { dot } from "#main/ml/tensor/linear-algebra";
import { createSessionPool } from "#main/ml/runtime/session-pool";
import { resourcesPath } from "#main/platform/paths";

interface Picture {
  readonly file: string;
  readonly subject: string;
  readonly style: string;
}

const folder = join(resourcesPath(), "sample-library");
const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as readonly Picture[];
/** Twelve subjects in twelve styles; the character's pictures repeat one subject and are left out. */
const pictures = manifest.filter(({ subject }) => subject !== "mira");
const images = await Promise.all(pictures.map(({ file }) => decodeImage(join(folder, file))));
const context = { checkpoint: null, runtime: { device: "cpu", threads: 2 }, sessions: createSessionPool() } as const;

const candidateCount = 30;

/** Share of pictures whose best other picture has the same label: candidates by the stored vector, the best of them by exact score. */
async function nearestAgrees(metric: MetricDefinition, label: (picture: Picture) => string): Promise<number> {
  const extractor = await metric.createExtractor?.(context, {});
  if (extractor === undefined) throw new Error("the starter extracts features");
  const measured: { readonly picture: Picture; readonly features: ImageFeatures }[] = [];
  for (const [i, image] of images.entries()) {
    for (const features of await extractor.extract([image])) measured.push({ picture: pictures[i] as Picture, features });
  }
  let agreeing = 0;
  for (const query of measured) {
    const nearness = new Map(measured.map((other) => [other, dot(query.features.pooled, other.features.pooled)]));
    const byVector = measured.filter((other) => other !== query).sort((x, y) => (nearness.get(y) ?? 0) - (nearness.get(x) ?? 0));
    const candidates = byVector.slice(0, candidateCount);
    const scores = await extractor.score(
      query.features,
      candidates.map(({ features }) => features),
    );
    const best = scores.reduce((best, { score }, i) => (score > (scores[best]?.score ?? -Infinity) ? i : best), 0);
    agreeing += label((candidates[best] as (typeof measured)[number]).picture) === label(query.picture) ? 1 : 0;
  }
  return agreeing / measured.length;
}

test("144 pictures, twelve of each style and of each subject", () => {
  expect(pictures).toHaveLength(144);
  expect(new Set(pictures.map(({ style }) => style)).size).toBe(12);
});

test("style: the nearest picture has the same style at least 97 times in 100", async () => {
  expect(await nearestAgrees(starterStyle, ({ style }) => style)).toBeGreaterThanOrEqual(0.97);
});

test("subject: the nearest picture shows the same subject, in another style, at least 65 times in 100, where chance is 8", async () => {
  expect(await nearestAgrees(starterSubject, ({ subject }) => subject)).toBeGreaterThanOrEqual(0.65);
});
