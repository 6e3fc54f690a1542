/** @file Every picture with every other, over the contract: the scores of pairs, pictures nobody measured yet, and what cannot be asked. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { CheckMeasure } from "#shared/domain/check";
import { type CheckMatrix, type MatrixEvent, wholeMatrix } from "#shared/domain/check-matrix";
import { defined } from "#shared/lib/assert";
import { createEngine, type Engine } from "#main/engine/engine";
import { connect, engineQuestions, refusal } from "../support/engine-client";
import { picture, writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const p = (seed: number): string => join(photos, `p${seed}.png`);
const style: CheckMeasure = { metric: "starter-style", area: "whole" };
const subject: CheckMeasure = { metric: "starter-subject", area: "whole" };

let engine: Engine;
let ids: readonly AssetId[];
const { finished, assetNamed } = engineQuestions(() => engine);

async function events(assetIds: readonly AssetId[], measure: CheckMeasure): Promise<readonly MatrixEvent[]> {
  const seen: MatrixEvent[] = [];
  for await (const event of await connect(engine).checks.matrix({ assetIds: [...assetIds], measure })) seen.push(event);
  return seen;
}

async function matrix(assetIds: readonly AssetId[], measure: CheckMeasure): Promise<CheckMatrix> {
  return defined((await events(assetIds, measure)).at(-1)?.result, "the last event has the matrix");
}

beforeAll(async () => {
  await mkdir(photos);
  for (let seed = 0; seed < 6; seed += 1) await writePicture(p(seed), seed);
  engine = await createEngine({ libraryPath: join(scratch, "library"), inference: "in-process" });
  await finished((await connect(engine).roots.add({ paths: [photos] })).jobId);
  ids = await Promise.all([0, 1, 2, 3, 4, 5].map(async (seed) => (await assetNamed(`p${seed}.png`)).id));
});
afterAll(() => engine.dispose());

describe("every pair", () => {
  test.each([style, subject])("has the score that Compare has: $metric", async (measure) => {
    const found = await matrix(ids, measure);
    expect(found).toMatchObject({ assetIds: ids, measure, skipped: [], modelName: "starter", device: "cpu" });
    const scores = wholeMatrix(found);
    for (const [i, a] of ids.entries())
      for (const [j, b] of ids.entries()) {
        const { score } = await connect(engine).compare.pair({ a, b, metric: measure.metric });
        expect(scores[i]?.[j]).toBeCloseTo(score, 4);
      }
  });

  test("is that of the foregrounds where those count", async () => {
    const found = wholeMatrix(await matrix(ids.slice(0, 3), { metric: "starter-subject", area: "foreground" }));
    const whole = wholeMatrix(await matrix(ids.slice(0, 3), subject));
    expect(found).not.toEqual(whole);
    for (const [i, a] of ids.slice(0, 3).entries())
      for (const [j, b] of ids.slice(0, 3).entries()) {
        const { foreground } = await connect(engine).compare.foreground({ a, b, metric: "starter-subject" });
        if (foreground === null) expect(found[i]?.[j]).toBeNull();
        else expect(found[i]?.[j]).toBeCloseTo(foreground, 4);
      }
  });

  test("is told with how far it has come; a picture named twice counts once", async () => {
    const seen = await events([...ids, defined(ids[0], "a picture")], subject);
    expect(seen[0]).toMatchObject({ stage: "pictures", total: 6, result: null });
    expect(seen.at(-1)).toMatchObject({ stage: "pairs", done: 21, total: 21, result: { assetIds: ids } });
  });

  test("is measured where it was not, and what is gone is left out", async () => {
    const outside = (await engine.addOutsideImage(await picture(9).png().toBuffer())).id;
    await rm(p(5));
    const gone = "f".repeat(32) as AssetId;
    const found = await matrix([defined(ids[0], "a picture"), outside, gone], style);
    expect(found.assetIds).toEqual([ids[0], outside]);
    expect(found.skipped).toMatchObject([{ assetId: gone, reason: expect.stringContaining("no longer where it was") as string }]);
    expect(found.scores[0]?.[1]).toBeCloseTo(
      (await connect(engine).compare.pair({ a: outside, b: defined(ids[0], "a picture"), metric: "starter-style" })).score,
      4,
    );
  });
});

test("what cannot be asked is told in a sentence", async () => {
  const gone = ["e", "f"].map((digit) => digit.repeat(32) as AssetId);
  expect(await refusal(matrix(gone, style))).toMatchObject({
    code: "usage/invalid",
    message: "A matrix needs two pictures, and none could be read.",
  });
  expect(await refusal(matrix(ids, { metric: "lpips", area: "whole" }))).toMatchObject({
    code: "usage/invalid",
    message: "lpips is a distance, and a check goes by likeness.",
  });
  expect(await refusal(matrix(ids, { metric: "clip-i", area: "whole" }))).toMatchObject({ code: "metric/needs-model" });
});
