/** @file `semblance find --against`: results by one metric less another, the same numbers as each metric alone gives. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { adjustedScore } from "#shared/domain/adjusted-score";
import type { SearchEvent } from "#shared/domain/search";
import { createEngine, type Engine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect } from "../support/engine-client";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const p = (seed: number): string => join(photos, `p${seed}.png`);
const pictures = 26;

interface FindDocument {
  readonly against?: { readonly metric: string; readonly weight: number };
  readonly results: readonly {
    readonly path: string;
    readonly score: number;
    readonly rarity: number;
    readonly againstScore?: number;
    readonly adjusted?: number;
  }[];
}

const find = (...args: readonly string[]) => cli("find", p(1), "--library", library, "--top", "100", "--json", ...args);

/** Scores of every picture under a metric, by path. */
async function scoresBy(metric: string, ...args: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { results } = (await find("--metric", metric, ...args)).json<FindDocument>();
  return new Map(results.map(({ path, score }) => [path, score]));
}

beforeAll(async () => {
  for (let seed = 0; seed < pictures; seed += 1) await writePicture(p(seed), seed);
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library, "--quiet");
});

describe("find --against", () => {
  test("both scores are the metrics' own, and the order is that of their difference in spreads", async () => {
    const style = await scoresBy("starter-style");
    const subject = await scoresBy("starter-subject");
    const { against, results } = (await find("--metric", "starter-style", "--against", "starter-subject=0.5")).json<FindDocument>();
    expect(against).toEqual({ metric: "starter-subject", weight: 0.5 });
    expect(results).toHaveLength(pictures - 1);
    for (const { path, score, againstScore } of results) {
      expect(score).toBeCloseTo(style.get(path) ?? Number.NaN, 6);
      expect(againstScore).toBeCloseTo(subject.get(path) ?? Number.NaN, 6);
    }
    const adjusted = results.map((result) => result.adjusted ?? Number.NaN);
    expect(adjusted).toEqual(adjusted.toSorted((a, b) => b - a));
    expect(results.map(({ path }) => path)).not.toEqual([...style.keys()]);
  });

  test("a weight of 0 keeps the order of the metric alone, and rarities stay those of its score", async () => {
    const alone = (await find("--metric", "starter-style")).json<FindDocument>().results;
    const past = (await find("--metric", "starter-style", "--against", "starter-subject=0")).json<FindDocument>().results;
    expect(past.map(({ path, score, rarity }) => ({ path, score, rarity }))).toEqual(
      alone.map(({ path, score, rarity }) => ({ path, score, rarity })),
    );
  });

  test("references, weights, crops and --exact go with it, and without a weight the usual one is taken", async () => {
    const args = [p(2), "--minus", p(3), "--crop", "0,0,60,60", "--combine", "max", "--exact"];
    const subject = await scoresBy("starter-subject", ...args);
    const ran = await find(...args, "--instance", "--against", "starter-style");
    const { against, results } = ran.json<FindDocument>();
    expect(against).toEqual({ metric: "starter-style", weight: 0.3 });
    expect(results).toHaveLength(pictures - 3);
    for (const { path, score } of results) expect(score).toBeCloseTo(subject.get(path) ?? Number.NaN, 6);
    const text = await cli("find", p(1), "--library", library, "--top", "2", "--against", "starter-subject");
    expect(text.out).toMatch(/^rank +score +rarity +starter-subject +adjusted +file/);
  });

  test.each([
    ["starter-style=0.2", "usage/invalid", "starter-style cannot be taken off itself."],
    ["starter-subject=2", "usage/invalid", "--against starter-subject=2 has no weight from 0 to 1."],
    ["starter-subject=", "usage/invalid", "--against starter-subject= has no weight from 0 to 1."],
    ["style=0.2", "metric/unknown", "There is no metric style to look past."],
    ["clip-i=0.2", "metric/needs-model", "clip-i needs a model that this library does not know."],
    ["ensemble=0.2", "usage/invalid", "The ensemble's score is a percentile, and no other score is taken off it or it off another."],
  ])("%s is refused in a sentence", async (against, code, message) => {
    const ran = await find("--metric", "starter-style", "--against", against);
    expect(ran.exitCode).toBe(code === "metric/needs-model" ? 3 : 2);
    expect(ran.json<ErrorDocument>().error).toMatchObject({ code, message, hint: expect.stringMatching(/./) as string });
  });
});

describe("over the contract", () => {
  test("the answer holds what a view needs to order it by any weight", async () => {
    const engine: Engine = await createEngine({ libraryPath: library, inference: "in-process" });
    try {
      const assetId = (await engine.library.picture(p(1))).id;
      const ask = async (weight: number): Promise<SearchEvent> => {
        const events: SearchEvent[] = [];
        const query = {
          references: [{ assetId, weight: 1, crop: null }],
          metric: "starter-style",
          combine: "mean",
          top: 100,
          exact: false,
          folder: null,
          against: { metric: "starter-subject", weight },
        } as const;
        for await (const event of await connect(engine).search.run({ ...query, references: [...query.references] })) events.push(event);
        expect(events.map(({ stage }) => stage)).toEqual(["coarse", "exact"]);
        expect(events.every(({ against }) => against?.weight === weight)).toBe(true);
        return events[1] as SearchEvent;
      };
      const [weak, strong] = [await ask(0.1), await ask(0.9)];
      const spreads = strong.against;
      if (spreads === null) throw new Error("The answer says nothing of what it looked past");
      const resorted = weak.matches
        .map(({ asset, score, againstScore }) => ({ id: asset.id, adjusted: adjustedScore(score, againstScore, spreads) }))
        .toSorted((a, b) => b.adjusted - a.adjusted);
      expect(resorted).toEqual(strong.matches.map(({ asset, adjusted }) => ({ id: asset.id, adjusted })));
    } finally {
      await engine.dispose();
    }
  });
});
