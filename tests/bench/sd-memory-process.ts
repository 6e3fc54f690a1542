/**
 * @file DiffSim-S features of several pictures in a process of its own, whose memory the parent watches. Arguments: the model's folder, and the folder of the
 * float32 copies of its weights, or nothing where the weights are to be loaded as they are.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { decodeImage } from "#main/data/imaging/decode";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import { resourcesPath } from "#main/platform/paths";
import { median } from "./bench";

const pictureCount = 5;

export interface ExtractionFigures {
  /** Opening the model, which hashes its weights. */
  readonly openSeconds: number;
  readonly firstPictureSeconds: number;
  /** Of the median picture after the first. */
  readonly pictureSeconds: number;
  /** Of the first picture against each. */
  readonly scores: readonly number[];
}

async function extractPictures(modelPath: string, copies: string | undefined): Promise<ExtractionFigures> {
  const weightCopies = copies === undefined ? { folder: "", minBytes: Infinity } : { folder: copies, minBytes: 200e6 };
  const inference = createInProcessInference({ device: "cpu", threads: 2, weightCopies });
  const key = { metric: "diffsim-s", modelPath } as const;
  const timed = async <Result>(work: () => Promise<Result>) => {
    const started = performance.now();
    const result = await work();
    return { result, seconds: (performance.now() - started) / 1000 };
  };
  const opened = await timed(() => inference.openExtractor(key));
  const folder = join(resourcesPath(), "sample-library");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".webp")).slice(0, pictureCount);
  const extracted = [];
  for (const name of names) {
    const image = await decodeImage(join(folder, name), { mode: "corrected" });
    extracted.push(await timed(() => inference.extract([key], image)));
  }
  const features = extracted.flatMap(({ result }) => result);
  const [query] = features;
  const scores = query === undefined ? [] : await inference.score(key, query, features);
  const [first = NaN, ...later] = extracted.map(({ seconds }) => seconds);
  return {
    openSeconds: opened.seconds,
    firstPictureSeconds: first,
    pictureSeconds: median(later),
    scores: scores.map(({ score }) => score),
  };
}

const [, , modelPath = "", copies] = process.argv;
if (process.send !== undefined) process.send(await extractPictures(modelPath, copies));
