/** @file What the candidate stage finds of the exact order, and what it saves: the starter's subject metric over varied pictures. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { createEngine, type Engine } from "#main/engine/engine";
import type { SearchStep } from "#main/engine/services/search-matches";
import { median, type BenchRow } from "./bench";
import { writeVariedPictures } from "./varied-pictures";

const metric = "starter-subject";
const questions = 20;
const top = 20;
const wantedRecall = 95;
/** A person sees the order of the pooled vectors at once. */
const firstAnswerMs = 300;

/** Recall of the exact top 20, with the number of candidates, and milliseconds of both ways, over `count` pictures. */
export async function twoStagesBench(count: number): Promise<readonly BenchRow[]> {
  const scratch = await mkdtemp(join(tmpdir(), "semblance-two-stages-"));
  const pictures = join(scratch, "pictures");
  await writeVariedPictures(pictures, count);
  const engine = await createEngine({ libraryPath: join(scratch, "library"), offline: true, inference: "in-process" });
  try {
    await engine.library.addRoots([pictures]);
    await finish(engine, engine.indexing.start(null).id);
    const job = await engine.probes.startIfDue(await engine.recipes.active());
    if (job !== null) await finish(engine, job.id);
    return await compareStages(engine);
  } finally {
    await engine.dispose();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function finish(engine: Engine, jobId: Parameters<Engine["jobs"]["finished"]>[0]): Promise<void> {
  const { error } = await engine.jobs.finished(jobId);
  if (error !== null) throw new Error(error.message);
}

async function compareStages(engine: Engine): Promise<readonly BenchRow[]> {
  const ids = [...engine.store.assets.ids()].sort();
  const asked = ids.filter((_, index) => index % Math.floor(ids.length / questions) === 0).slice(0, questions);
  const recalls: number[] = [];
  const milliseconds = { whole: [] as number[], stages: [] as number[], first: [] as number[] };
  let candidates = 0;
  for (const assetId of asked) {
    const whole = await ask(engine, assetId, true);
    const stages = await ask(engine, assetId, false);
    const found = new Set(stages.matches.map(({ asset }) => asset.id));
    recalls.push(whole.matches.filter(({ asset }) => found.has(asset.id)).length / whole.matches.length);
    milliseconds.whole.push(whole.milliseconds.total);
    milliseconds.stages.push(stages.milliseconds.total);
    milliseconds.first.push(stages.firstMs);
    candidates = Math.max(candidates, stages.candidates);
  }
  const recall = recalls.reduce((sum, share) => sum + share, 0) / recalls.length;
  const [whole, stages] = [median(milliseconds.whole), median(milliseconds.stages)];
  const over = `${ids.length} pictures by ${metric}`;
  return [
    {
      name: `two stages: recall@${top} over ${over}, ${candidates} candidates`,
      value: 100 * recall,
      unit: "%",
      target: wantedRecall,
      ratio: recall,
    },
    {
      name: `two stages: first answer, ${over}`,
      value: median(milliseconds.first),
      unit: "ms",
      target: firstAnswerMs,
      atMost: true,
      ratio: null,
    },
    { name: `two stages: the whole library, ${over}`, value: whole, unit: "ms", target: null, ratio: null },
    { name: `two stages: candidates and their scores, ${over}`, value: stages, unit: "ms", target: null, ratio: stages / whole },
  ];
}

async function ask(engine: Engine, assetId: AssetId, exact: boolean): Promise<SearchStep & { readonly firstMs: number }> {
  const references = [{ assetId, weight: 1, crop: null }];
  const query = { references, metric, combine: "mean" as const, top, exact, folder: null, where: null, against: null };
  const started = performance.now();
  let firstMs = Number.NaN;
  let last: SearchStep | null = null;
  for await (const step of engine.search.run(query)) {
    if (last === null) firstMs = performance.now() - started;
    last = step;
  }
  if (last === null) throw new Error("A search answers");
  return { ...last, firstMs };
}
