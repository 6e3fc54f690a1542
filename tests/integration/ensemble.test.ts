/** @file `semblance compare --metric ensemble`: percentiles within the library, and what is said where there are none. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { CheckResult } from "#shared/domain/check";
import { createEngine } from "#main/engine/engine";
import type { CheckOrder } from "#main/engine/services/check-opening";
import { cli, type ErrorDocument } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = join(scratch, "library");
const photos = join(scratch, "photos");
const checkpoint = (name: string): string => join(fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url)), name);
const p = (seed: number): string => join(photos, `p${seed}.png`);
const voters = ["diffsim-s", "clip-i", "dinov2-cls"];

interface EnsembleDocument {
  readonly score: number;
  readonly members: readonly {
    readonly metric: string;
    readonly score: number;
    readonly percentile: number;
    readonly vote: boolean;
    readonly model: { readonly name: string };
  }[];
}

const compare = (...args: readonly string[]) => cli("compare", ...args, "--metric", "ensemble", "--library", library);

beforeAll(async () => {
  for (let seed = 0; seed < 22; seed += 1) await writePicture(p(seed), seed);
});

describe("where something is missing", () => {
  test("a library", async () => {
    const ran = await compare(p(0), p(5), "--json");
    expect(ran.exitCode).toBe(3);
    expect(ran.json<ErrorDocument>().error).toMatchObject({
      code: "library/not-found",
      message: `The ensemble compares with random pairs of your library. There is no library at ${library}.`,
    });
  });

  test("a model, then the measurements", async () => {
    await cli("index", "add", photos, "--library", library);
    for (const name of ["sd15-tiny", "clip-vit-tiny"])
      expect(await cli("models", "add", checkpoint(name), "--library", library)).toMatchObject({ exitCode: 0 });
    expect((await compare(p(0), p(5), "--json")).json<ErrorDocument>().error).toMatchObject({
      code: "metric/needs-model",
      message: "The ensemble needs a model for each of its three voters, and the library knows none that runs DINOv2 class token.",
    });
    await cli("models", "add", checkpoint("dinov2-tiny"), "--library", library);
    expect((await compare(p(0), p(5), "--json")).json<ErrorDocument>().error).toMatchObject({
      code: "library/not-indexed",
      message:
        "The ensemble's score is a percentile among pairs of your library, and fewer than 200 pairs of it are measured with diffsim-s.",
    });
  });
});

describe("with a measured library", () => {
  beforeAll(async () => {
    await cli("index", "run", "--metric", ...voters, "--library", library);
  });

  test("the score is the mean of the voters' percentiles, each the share of pairs that are less alike", async () => {
    const ran = await compare(p(0), p(5), "--json");
    expect(ran).toMatchObject({ exitCode: 0 });
    const { score, members } = ran.json<EnsembleDocument>();
    expect(members.map(({ metric, model }) => [metric, model.name])).toEqual([
      ["diffsim-s", "sd15-tiny"],
      ["clip-i", "clip-vit-tiny"],
      ["dinov2-cls", "dinov2-tiny"],
    ]);
    expect(score).toBeCloseTo(members.reduce((sum, { percentile }) => sum + percentile, 0) / 3, 12);
    const clip = await cli(
      "matrix",
      photos,
      "--metric",
      "clip-i",
      "--checkpoint",
      checkpoint("clip-vit-tiny"),
      "--csv",
      join(scratch, "m.csv"),
      "--json",
    );
    const { scores } = clip.json<{ scores: readonly (readonly number[])[] }>();
    const pairs = scores.flatMap((row, index) => row.slice(index + 1));
    const member = members[1];
    expect(pairs).toHaveLength(231);
    // A score that several pairs share to the last digits may be counted either way.
    expect(Math.abs((member?.percentile ?? 0) - pairs.filter((other) => other < (member?.score ?? 0)).length / pairs.length)).toBeLessThan(
      0.02,
    );
  });

  test("a picture is as like itself as nothing else, either way around, in every run", async () => {
    const [itself, there, back] = [
      await compare(p(3), p(3), "--json"),
      await compare(p(3), p(8), "--json"),
      await compare(p(8), p(3), "--json"),
    ];
    expect(itself.json<EnsembleDocument>().score).toBeCloseTo(1, 4);
    expect(itself.json<EnsembleDocument>().members.map(({ vote }) => vote)).toEqual([true, true, true]);
    expect(back.json<EnsembleDocument>().score).toBe(there.json<EnsembleDocument>().score);
    expect((await compare(p(3), p(8))).out).toMatch(/mean percentile among random pairs of the library; \d of 3 vote/);
  });

  test("as a measure of a check its scores are those of compare", async () => {
    const [withThree, withFour] = [await compare(p(8), p(3), "--json"), await compare(p(8), p(4), "--json")].map((pair) =>
      pair.json<EnsembleDocument>(),
    );
    const engine = await createEngine({ libraryPath: library, device: "cpu", inference: "in-process" });
    const idOf = async (seed: number) => (await engine.library.picture(p(seed))).id;
    const asked: CheckOrder = {
      references: [await idOf(3), await idOf(4)],
      candidates: { kind: "assets", assetIds: [await idOf(8)] },
      measures: [{ metric: "ensemble", area: "whole" }],
      impostorsAreMeasured: true,
    };
    let result: CheckResult | null = null;
    for await (const event of engine.checks.run(asked)) result = event.result;
    await engine.dispose();
    const [measured] = result?.measures ?? [];
    expect(result?.measures).toHaveLength(1);
    expect(measured).toMatchObject({ measure: { metric: "ensemble" }, modelName: "sd15-tiny, clip-vit-tiny, dinov2-tiny", centroid: null });
    // The pair is one of the random pairs, and its own score may be counted either way.
    for (const [index, pair] of [withThree, withFour].entries())
      expect(Math.abs((measured?.candidates[0]?.[index] ?? 0) - (pair?.score ?? 1))).toBeLessThan(0.01);
  });

  test("among other pairs of a file, with its own mistakes told in its line", async () => {
    const file = join(scratch, "pairs.jsonl");
    const lines = [
      { a: p(3), b: p(8), metric: "ensemble" },
      { a: p(3), b: p(8), metric: "starter-style", mode: "corrected" },
      { a: p(3), b: p(8), metric: "ensemble", mode: "published" },
      { a: p(3), b: p(8), metric: "ensemble", step: 900 },
    ];
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const ran = await cli("compare", "--pairs", file, "--library", library);
    expect(ran.exitCode).toBe(2);
    const rows = ran.jsonLines<EnsembleDocument & ErrorDocument>();
    expect(rows[0]?.score).toBe((await compare(p(3), p(8), "--json")).json<EnsembleDocument>().score);
    expect(rows[1]).toMatchObject({ metric: "starter-style" });
    expect(rows[2]?.error.message).toMatch(/^The published ensemble is a vote/);
    expect(rows[3]?.error.message).toBe("The ensemble takes its models and their settings from the library.");
  });

  interface Found {
    readonly recipe: null;
    readonly candidates: number;
    readonly results: readonly {
      readonly rank: number;
      readonly path: string;
      readonly score: number;
      readonly votes: Readonly<Record<string, unknown>>;
    }[];
  }
  const find = (...args: readonly string[]) => cli("find", ...args, "--metric", "ensemble", "--library", library, "--json");

  test("find ranks the library as the pairs compare, with the votes beside", async () => {
    const ran = await find(p(3), "--top", "21");
    expect(ran).toMatchObject({ exitCode: 0, err: "" });
    const { results, candidates, recipe } = ran.json<Found>();
    expect([results.length, candidates, recipe]).toEqual([21, 21, null]);
    expect(results.map(({ score }) => score)).toEqual(results.map(({ score }) => score).sort((one, other) => other - one));
    for (const { path, score, votes } of results.slice(0, 4)) {
      const pair = (await compare(p(3), path, "--json")).json<EnsembleDocument>();
      // The pair itself is among the 231, so that its last digit decides whether it counts: once for each voter.
      expect(Math.abs(pair.score - score)).toBeLessThan(1.01 / 231);
      expect(votes).toMatchObject({
        diffsim: expect.any(Boolean) as boolean,
        clip: expect.any(Boolean) as boolean,
        dino: expect.any(Boolean) as boolean,
      });
    }
  });

  test("several references are combined after their percentiles, unwanted ones too", async () => {
    const [best] = (
      await find(p(3), p(8), "--minus", p(5), "--weight", "1", "--weight", "1", "--weight", "0.5", "--top", "1")
    ).json<Found>().results;
    const alone = async (seed: number) => (await compare(p(seed), best?.path ?? "", "--json")).json<EnsembleDocument>().score;
    const expected = ((await alone(3)) + (await alone(8))) / 2 - 0.5 * (await alone(5));
    expect(Math.abs((best?.score ?? 0) - expected)).toBeLessThan(1.51 / 231);
    const unwanted = await find(p(3), "--weight", "-1");
    expect(unwanted.json<ErrorDocument>().error.message).toMatch(/^The ensemble looks for what is like a picture/);
  });
});
