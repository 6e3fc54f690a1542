/**
 * @file Duplicates of a library of `--rows` pictures, against comparing every two: the perceptual hashes for near ones, the vectors for scenes.
 * A part of the pairs is compared and the time scaled to all.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuplicateTier } from "#shared/domain/duplicates";
import { createEngine, type Engine } from "#main/engine/engine";
import { hashSketches, sketchDistance } from "#main/engine/services/duplicate-sketches";
import { cosine } from "#main/ml/tensor/linear-algebra";
import type { BenchOptions, BenchRow } from "./bench";
import { writeLibrary } from "./scale/written-library";

const smallRows = 10_000;
const comparedPairs = 2_000_000;
const sampled = 2_000;

export async function duplicatesBench({ rows }: BenchOptions): Promise<readonly BenchRow[]> {
  const size = rows ?? smallRows;
  const folder = await mkdtemp(join(tmpdir(), "semblance-duplicates-"));
  const libraryPath = join(folder, "library");
  try {
    await writeLibrary({ libraryPath, rootPath: join(folder, "pictures"), rows: size }, () => undefined);
    const engine = await createEngine({ libraryPath, offline: true, inference: "in-process" });
    try {
      await engine.store.metadata.ready();
      const pairs = (size * (size - 1)) / 2;
      return [
        ...(await tierRows(engine, "near", { size, everyPairSeconds: (hashSecondsOfPairs(engine) / comparedPairs) * pairs })),
        ...(await tierRows(engine, "scene", { size, everyPairSeconds: ((await cosineSecondsOfPairs(engine)) / comparedPairs) * pairs })),
      ];
    } finally {
      await engine.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tierRows(
  engine: Engine,
  tier: DuplicateTier,
  { size, everyPairSeconds }: { readonly size: number; readonly everyPairSeconds: number },
): Promise<readonly BenchRow[]> {
  const start = performance.now();
  let groups = 0;
  for await (const { answer } of engine.duplicates.list({ tier, metric: null, low: null, high: null, folder: null, where: null }))
    groups = answer?.groups.length ?? 0;
  const seconds = (performance.now() - start) / 1000;
  const row = (name: string, value: number, ratio: number | null): BenchRow => ({
    name: `duplicates: ${tier} among ${size}, ${name}`,
    value,
    unit: "s",
    target: null,
    ratio,
  });
  return [row("every two compared", everyPairSeconds, null), row(`${groups} groups`, seconds, everyPairSeconds / seconds)];
}

/** Calls `compare` for that many pairs. */
function secondsOf(compare: (a: number, b: number) => void): number {
  const start = performance.now();
  for (let pair = 0; pair < comparedPairs; pair += 1) compare(pair % sampled, (pair * 7 + 1) % sampled);
  return (performance.now() - start) / 1000;
}

function hashSecondsOfPairs({ store }: Engine): number {
  const hashes = [...store.metadata.entries()].slice(0, sampled).map(([, { phash }]) => phash);
  const sketches = hashSketches(hashes);
  return secondsOf((a, b) => sketchDistance(sketches, a, b));
}

async function cosineSecondsOfPairs({ store, recipes }: Engine): Promise<number> {
  const { id } = await recipes.of("starter-subject");
  const vectors = (await store.findEmbeddings(id)?.sample(sampled)) ?? [];
  return secondsOf((a, b) =>
    cosine(vectors[a % vectors.length]?.vector ?? new Float32Array(), vectors[b % vectors.length]?.vector ?? new Float32Array()),
  );
}
