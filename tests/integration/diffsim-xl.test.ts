/** @file DiffSim-XL on the command line: the published code's score for one pair and for a file of pairs, and what cannot be done. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenCase, goldenCheckpoint, goldenImage } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const library = ["--library", join(scratch, "library")];
const golden = goldenCase("diffsim-xl", "up0-0-5-s900-noprompt");
const [a = "", b = ""] = golden.images.map(goldenImage);
const checkpoint = goldenCheckpoint("sdxl-tiny");
const flags = ["--metric", "diffsim-xl", "--checkpoint", checkpoint, "--block", "up_blocks", "--size", "128", "--prompt", "", ...library];

interface Comparison {
  readonly score: number;
  readonly recipe: { readonly tap: string; readonly parameters: Readonly<Record<string, unknown>> };
}

const expectGolden = ({ score, recipe }: Comparison) => {
  expect(Math.abs(score - Number(golden.outputs["score"]))).toBeLessThan(golden.tolerance["score"] ?? 0);
  expect(recipe.tap).toBe(golden.outputs["module"]);
  expect(recipe.parameters).toMatchObject({ timestep: 100, seed: 2334, prompt: "", negativePrompt: null });
};

test("one pair", async () => {
  const run = await cli("compare", a, b, ...flags, "--layer", "0,0,5", "--step", "900", "--seed", "2334", "--json");
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  expectGolden(run.json<Comparison>());
});

test("a file of pairs, corrected mode and mirror images among them", async () => {
  const file = join(scratch, "pairs.jsonl");
  const lines = [
    { a, b, layer: [0, 0, 5], step: 900, seed: 2334 },
    { a, b: a, layer: [0, 0, 5], mode: "corrected", flip: true },
    { a, b: a, layer: [0, 0, 5], flip: true },
  ];
  await writeFile(file, lines.map((line) => JSON.stringify(line)).join("\n"));
  const run = await cli("compare", "--pairs", file, ...flags, "--jsonl");
  const [published, same, refused] = run.jsonLines<Comparison & ErrorDocument>();
  expectGolden(published as Comparison);
  expect(same?.score).toBeCloseTo(1, 4);
  expect(same?.recipe.parameters).toMatchObject({ flip: true });
  expect(refused?.error).toMatchObject({ code: "usage/invalid", message: "The published code does not look at mirror images." });
});

describe("what cannot be done is said", () => {
  test.each([
    [["--layer", "0"], "A layer of up_blocks of Stable Diffusion XL is 3 numbers, not 1."],
    [["--layer", "0,0,10"], "There is no layer 0,0,10 in the up_blocks of this U-Net."],
    [["--layer", "0,0,0", "--checkpoint", goldenCheckpoint("sd15-tiny")], "sd15-tiny cannot run diffsim-xl."],
  ])("%j", async (mistake, message) => {
    const run = await cli("compare", a, b, ...flags, ...mistake, "--json");
    expect(run.exitCode).toBeGreaterThan(1);
    expect(run.json<ErrorDocument>().error.message).toBe(message);
  });
});
