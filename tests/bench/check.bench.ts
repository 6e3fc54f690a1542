/**
 * @file A check in numbers: every pair of 200 pictures from features the library keeps, against comparing pair by pair; splitting 1,000 candidates anew;
 * an order by likeness of 1,000; and how smoothly a matrix of 200 by 200 is pointed at in a browser.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import { splitCheck } from "#shared/domain/check-split";
import { clusterOrder } from "#shared/domain/cluster-order";
import type { MetricName } from "#shared/domain/feature-recipe";
import { createEngine, type Engine } from "#main/engine/engine";
import { checkResultOf, measuredOf } from "../support/checks";
import { writePicture } from "../support/pictures";
import { randomNumbers } from "../support/random-numbers";
import { type BenchRow, median, time } from "./bench";
import { hoverFrames } from "./matrix-hover";

const pictures = 200;
const pairs = (pictures * (pictures + 1)) / 2;
const sampledPairs = 200;
const [references, candidates, impostors] = [20, 1000, 500];
const shownReferences = 5;
const target = { matrixSeconds: 5, splitMs: 50, orderMs: 1000, framesPerSecond: 50 } as const;

export async function checkBench(): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "semblance-bench-"));
  const [libraryPath, photos] = [join(folder, "library"), join(folder, "photos")];
  try {
    for (let seed = 0; seed < pictures; seed++) await writePicture(join(photos, `p${seed}.png`), seed);
    const engine = await createEngine({ libraryPath, offline: true, inference: "in-process" });
    const rows: BenchRow[] = [];
    let checked: readonly AssetId[] = [];
    try {
      await engine.library.addRoots([photos]);
      await engine.jobs.finished((await engine.indexing.start("cpu")).id);
      checked = engine.store.assets.ids().slice(0, shownReferences);
      for (const metric of ["starter-style", "starter-subject"]) rows.push(...(await matrixRows(engine, metric)));
    } finally {
      await engine.dispose();
    }
    const frames = await hoverFrames({ libraryPath, photos, references: checked, homePath: folder });
    return [
      ...rows,
      ...(await viewRows()),
      {
        name: `check: pointing at a matrix of ${pictures} x ${pictures}`,
        value: frames,
        unit: "frames/s",
        target: target.framesPerSecond,
        ratio: null,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Half of the pairs before and half after, so that a busy machine slows both alike. */
async function matrixRows(engine: Engine, metric: MetricName): Promise<readonly BenchRow[]> {
  const ids = engine.store.assets.ids();
  await matrixSeconds(engine, metric, ids.slice(0, 2)); // loads the network
  const before = await pairSeconds(engine, metric, ids);
  const seconds = await matrixSeconds(engine, metric, ids);
  const after = await pairSeconds(engine, metric, ids);
  const byPair = ((before + after) / (2 * sampledPairs)) * pairs;
  const name = `check: every pair of ${pictures} by ${metric}`;
  return [
    { name: `${name}, pair by pair (${2 * sampledPairs} measured)`, value: byPair, unit: "s", target: null, ratio: null },
    {
      name,
      value: seconds,
      unit: "s",
      target: target.matrixSeconds,
      atMost: true,
      ratio: byPair / seconds,
    },
  ];
}

async function matrixSeconds(engine: Engine, metric: MetricName, ids: readonly AssetId[]): Promise<number> {
  const start = performance.now();
  let scored = 0;
  for await (const { result } of engine.checkMatrix.run({ assetIds: [...ids], measure: { metric, area: "whole" } }))
    scored = result?.scores.length ?? 0;
  if (scored !== ids.length) throw new Error("Pictures were lost");
  return (performance.now() - start) / 1000;
}

async function pairSeconds(engine: Engine, metric: MetricName, ids: readonly AssetId[]): Promise<number> {
  const start = performance.now();
  for (let pair = 0; pair < sampledPairs; pair++) {
    const [a, b] = [ids[pair % ids.length], ids[(pair * 7 + 1) % ids.length]];
    if (a !== undefined && b !== undefined) await engine.compare.pair({ a, b, metric });
  }
  return (performance.now() - start) / 1000;
}

/** What a view works out by itself. */
async function viewRows(): Promise<readonly BenchRow[]> {
  const scores = (rows: number, seed: number): number[][] =>
    Array.from({ length: rows }, (_, row) => [...randomNumbers(references, seed + row)].map((number) => Math.tanh(number)));
  const measured = measuredOf({
    references: scores(references, 1),
    candidates: scores(candidates, 100),
    impostors: scores(impostors, 5000),
  });
  const result = checkResultOf([measured]);
  const split = await time(9, () => splitCheck(result, { combine: "harmonic", cutoffs: [{ accept: 0.2, reject: 0 }], byHand: new Map() }));
  const likeness = Array.from({ length: candidates }, () => Array<number>(candidates).fill(1));
  for (let a = 0; a < candidates; a++)
    for (const [b, score] of randomNumbers(a, a + 1).entries()) for (const [row, column] of [[a, b], [b, a]] as const) (likeness[row] ?? [])[column] = score; // prettier-ignore
  const order = await time(3, () => clusterOrder(likeness));
  const row = (name: string, value: number, most: number): BenchRow => ({
    name: `check: ${name}`,
    value,
    unit: "ms",
    target: most,
    atMost: true,
    ratio: null,
  });
  return [
    row(`splitting ${candidates} candidates of ${references} references anew`, median(split), target.splitMs),
    row(`an order by likeness of ${candidates}`, median(order), target.orderMs),
  ];
}
