/** @file The main job on the sample library: indexing it from nothing, and finding in it while it is warm. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MetricName } from "#shared/domain/feature-recipe";
import { createEngine, type Engine } from "#main/engine/engine";
import { median, time, type BenchRow } from "./bench";

const warmRuns = 9;
/** What a person waits for after pressing Find. */
const findTargetMs = 100;

/** Images a second of a whole index run (hash, decode, thumbnails, features, store), and the milliseconds of warm questions. */
export async function libraryBench(): Promise<readonly BenchRow[]> {
  const libraryPath = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  const engine = await createEngine({ libraryPath, readOnly: false, offline: true, device: null, threads: null, inference: "in-process" });
  try {
    await engine.library.addSample();
    const started = performance.now();
    await finishIndexing(engine);
    const seconds = (performance.now() - started) / 1000;
    const pictures = engine.store.assets.count();
    return [
      {
        name: `library: index of ${pictures} pictures, all stages`,
        value: pictures / seconds,
        unit: "images/s",
        target: null,
        ratio: null,
      },
      await findRow(engine, "starter-style"),
      await findRow(engine, "starter-subject"),
    ];
  } finally {
    await engine.dispose();
    await rm(libraryPath, { recursive: true, force: true });
  }
}

async function finishIndexing(engine: Engine): Promise<void> {
  const { id } = engine.indexing.start(null);
  const { error } = await engine.jobs.finished(id);
  if (error !== null) throw new Error(error.message);
}

async function findRow(engine: Engine, metric: MetricName): Promise<BenchRow> {
  const [assetId] = engine.store.assets.ids({ folder: null, text: null });
  if (assetId === undefined) throw new Error("The library is empty");
  const references = [{ assetId, weight: 1, crop: null }];
  const milliseconds = await time(warmRuns, async () => {
    for await (const _ of engine.search.run({
      references,
      metric,
      combine: "mean",
      top: 100,
      exact: false,
      folder: null,
      where: null,
      against: null,
    }));
  });
  return {
    name: `library: find by ${metric}, warm, all answers`,
    value: median(milliseconds),
    unit: "ms",
    target: findTargetMs,
    atMost: true,
    ratio: null,
  };
}
