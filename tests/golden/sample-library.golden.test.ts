/** @file The main job on the bundled pictures: the starter's style finds the style, its subject finds the subject. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import type { ImageFeatures } from "#main/ml/metrics/metric";
import { starterStyle, starterSubject } from "#main/ml/metrics/starter/starter-metrics";
import { createSessionPool } from "#main/ml/runtime/session-pool";

interface Picture {
  readonly file: string;
  readonly subject: string;
  readonly style: string;
  readonly outlier?: boolean;
}

const folder = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
const pictures = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as readonly Picture[];

/** For each picture, what the nearest other picture shares with it. */
function nearest(features: readonly ImageFeatures[]): readonly number[] {
  return features.map((query, i) => {
    const scores = features.map((other, j) =>
      i === j ? -Infinity : query.pooled.reduce((sum, value, at) => sum + value * (other.pooled[at] ?? 0), 0),
    );
    return scores.indexOf(Math.max(...scores));
  });
}

function share(matches: readonly boolean[]): number {
  return matches.filter(Boolean).length / matches.length;
}

test("the right style is first for at least 97 % of the pictures, the right subject, which must cross styles, for half", async () => {
  const sessions = createSessionPool();
  const context = { checkpoint: null, runtime: { device: "cpu", threads: 2 }, sessions } as const;
  const [style, subject] = [await starterStyle.createExtractor!(context, {}), await starterSubject.createExtractor!(context, {})];
  const [styles, subjects]: [ImageFeatures[], ImageFeatures[]] = [[], []];
  for (const { file } of pictures) {
    const image = await decodeImage(join(folder, file));
    styles.push(...(await style.extract([image])));
    subjects.push(...(await subject.extract([image])));
  }
  const sameStyle = share(nearest(styles).map((at, i) => pictures[at]?.style === pictures[i]?.style));
  const sameSubject = share(nearest(subjects).map((at, i) => pictures[at]?.subject === pictures[i]?.subject));
  await sessions.dispose();
  expect(pictures).toHaveLength(164);
  expect(sameStyle).toBeGreaterThanOrEqual(0.97);
  expect(sameSubject).toBeGreaterThanOrEqual(0.5);
  process.stdout.write(`style first ${(sameStyle * 100).toFixed(1)} %, subject first ${(sameSubject * 100).toFixed(1)} %\n`);
});
