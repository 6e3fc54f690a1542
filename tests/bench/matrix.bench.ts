/**
 * @file All pairs of 50 pictures under DiffSim-S on the tiny Stable Diffusion 1.5 checkpoint: each picture measured once, against the published way,
 * which measures both pictures again for every ordered pair. That is timed on a sample of the pairs and scaled to all of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeImage } from "#main/data/imaging/decode";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import type { InferenceService } from "#main/engine/inference/inference-service";
import { scoreMatrix } from "#main/engine/services/matrix-service";
import { goldenCheckpoint } from "../support/goldens";
import { writePicture } from "../support/pictures";
import type { BenchRow } from "./bench";

const pictures = 50;
const sampledPairs = 20;
const targetRatio = 40;
const metric = "diffsim-s";
const checkpoint = goldenCheckpoint("sd15-tiny");

export async function matrixBench(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  const inference = createInProcessInference({ device: "cpu", threads: null });
  try {
    const paths = Array.from({ length: pictures }, (_, seed) => join(folder, `${seed}.png`));
    for (const [seed, path] of paths.entries()) await writePicture(path, seed, { width: 512, height: 512 });
    const pairs = Array.from({ length: sampledPairs }, (_, i) => [paths[i] ?? "", paths[pictures - 1 - i] ?? ""] as const);
    await matrixSeconds(inference, paths.slice(0, 2)); // loads the networks
    await publishedSeconds(inference, pairs.slice(0, 1));
    // Half of the sample before and half after, so that a busy machine slows both alike.
    const before = await publishedSeconds(inference, pairs.slice(0, sampledPairs / 2));
    const once = await matrixSeconds(inference, paths);
    const after = await publishedSeconds(inference, pairs.slice(sampledPairs / 2));
    const published = ((before + after) / sampledPairs) * pictures ** 2;
    const row = (name: string, value: number): BenchRow => ({ name: `matrix: ${name}`, value, unit: "s", target: null, ratio: null });
    return [
      row(`${pictures} x ${pictures}, features once`, once),
      row(
        `${pictures} x ${pictures}, the published way (${sampledPairs} pairs measured, times ${pictures ** 2 / sampledPairs})`,
        published,
      ),
      { name: "matrix: times the published way", value: published / once, unit: "x", target: targetRatio, ratio: published / once },
    ];
  } finally {
    await inference.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function matrixSeconds(inference: InferenceService, inputs: readonly string[]): Promise<number> {
  const started = performance.now();
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  await scoreMatrix(inference, { inputs, metric, checkpoint, companions: {}, libraryPath: null, options: {} }, watch);
  return (performance.now() - started) / 1000;
}

/** Both pictures of every pair through every network, with the noise of their places in the pair. */
async function publishedSeconds(inference: InferenceService, pairs: readonly (readonly [string, string])[]): Promise<number> {
  const started = performance.now();
  const options = { mode: "published" } as const;
  for (const [a, b] of pairs) {
    const images = { a: await decodeImage(a, options), b: await decodeImage(b, options) };
    await inference.comparePair({ metric, modelPath: checkpoint, ...images, options });
  }
  return (performance.now() - started) / 1000;
}
