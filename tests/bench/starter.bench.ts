/**
 * @file How fast the starter measures a folder of pictures: decoding, resizing and one pass for style and subject, one picture after the
 * other as indexing does it. `SEMBLANCE_BENCH_FOLDER` names the folder; without it, the sample library.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { decodeImage } from "#main/data/imaging/decode";
import type { FeatureExtractor } from "#main/ml/metrics/metric";
import { starterStyle, starterSubject } from "#main/ml/metrics/starter/starter-metrics";
import { defaultThreads } from "#main/ml/runtime/inference-session";
import { createSessionPool } from "#main/ml/runtime/session-pool";
import { resourcesPath } from "#main/platform/paths";
import type { BenchRow } from "./bench";

const warmUp = 5;

/** Images a second of the whole of decoding and measuring, and the milliseconds of both per image. */
export async function starterBench(): Promise<readonly BenchRow[]> {
  const folder = process.env["SEMBLANCE_BENCH_FOLDER"] ?? join(resourcesPath(), "sample-library");
  const files = (await readdir(folder)).filter((name) => /\.(webp|png|jpe?g)$/i.test(name)).map((name) => join(folder, name));
  const context = { checkpoint: null, runtime: { device: "cpu", threads: defaultThreads() }, sessions: createSessionPool() } as const;
  const opened = await Promise.all([starterStyle, starterSubject].map((metric) => metric.createExtractor?.(context, {})));
  const extractors = opened.filter((extractor) => extractor !== undefined);
  await measure(files.slice(0, warmUp), extractors);
  const { decodeMs, extractMs } = await measure(files, extractors);
  await context.sessions.dispose();
  const perImage = (name: string, totalMs: number): BenchRow => ({
    name,
    value: totalMs / files.length,
    unit: "ms",
    target: null,
    ratio: totalMs / (decodeMs + extractMs),
  });
  return [
    {
      name: `starter: ${files.length} pictures, style and subject`,
      value: (1000 * files.length) / (decodeMs + extractMs),
      unit: "images/s",
      target: null,
      ratio: null,
    },
    perImage("starter: decoding a picture", decodeMs),
    perImage("starter: resizing and measuring it", extractMs),
  ];
}

async function measure(
  files: readonly string[],
  extractors: readonly FeatureExtractor[],
): Promise<{ readonly decodeMs: number; readonly extractMs: number }> {
  const total = { decodeMs: 0, extractMs: 0 };
  for (const file of files) {
    const started = performance.now();
    const image = await decodeImage(file);
    const decoded = performance.now();
    for (const extractor of extractors) await extractor.extract([image]);
    total.decodeMs += decoded - started;
    total.extractMs += performance.now() - decoded;
  }
  return total;
}
