/** @file DiffSim with an IP-Adapter from the command line: the numbers of the published code, one pair and many. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenAdapterPaths } from "../support/golden-adapter";
import { goldenCase, goldenCheckpoint, goldenImage } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const golden = goldenCase("diffsim-c", "sd15-down0-s600");
const { ipAdapter, imageEncoder } = goldenAdapterPaths("ip-adapter-plus-sd15-tiny");
const [a = "", b = ""] = golden.images.map(goldenImage);
const {
  target_layer: layer,
  target_step: step,
  img_size: size,
  prompt,
  seed,
} = golden.parameters as Readonly<Record<string, string | number>>;
const model = ["--metric", "diffsim-c", "--checkpoint", goldenCheckpoint(golden.checkpoint ?? "")];
const choice = ["--block", "down_blocks", "--layer", `${layer}`, "--step", `${step}`, "--size", `${size}`, "--seed", `${seed}`];

interface Comparison {
  readonly score: number;
  readonly directions: { readonly ab: number; readonly ba: number };
  readonly recipe: { readonly parameters: Readonly<Record<string, unknown>> };
}

function expectGolden(comparison: Comparison | undefined): void {
  const tolerance = golden.tolerance["score"] ?? 0;
  expect(Math.abs((comparison?.score ?? NaN) - Number(golden.outputs["score"]))).toBeLessThan(tolerance);
  expect(Math.abs((comparison?.directions.ab ?? NaN) - Number(golden.outputs["a_on_b"]))).toBeLessThan(tolerance);
  expect(comparison?.recipe.parameters["deviations"]).toContain("encoder_hidden_states");
}

test("one pair", async () => {
  const adapter = ["--ip-adapter", ipAdapter, "--image-encoder", imageEncoder];
  const run = await cli("compare", a, b, ...model, ...adapter, ...choice, "--prompt", String(prompt), "--json");
  expectGolden(run.json<Comparison>());
});

test("pairs from a file, the adapter named in each line", async () => {
  const pairs = join(scratch, "pairs.jsonl");
  const line = {
    ...{ a, b, metric: "diffsim-c", checkpoint: goldenCheckpoint(golden.checkpoint ?? ""), ipAdapter, imageEncoder },
    ...{ block: "down_blocks", layer, step, size, seed, prompt },
  };
  await writeFile(pairs, `${JSON.stringify(line)}\n${JSON.stringify({ ...line, b: a })}\n`);
  const [first, same] = (await cli("compare", "--pairs", pairs, "--jsonl")).jsonLines<Comparison>();
  expectGolden(first);
  expect(same?.score).toBeCloseTo(1, 5);
});

test("without the adapter, its encoder, or a model it fits, a sentence says what is missing", async () => {
  const error = async (...args: readonly string[]) =>
    (await cli("compare", a, b, ...model, ...choice, ...args, "--json")).json<ErrorDocument>().error;
  expect(await error()).toMatchObject({ code: "metric/needs-model", message: "diffsim-c needs an IP-Adapter." });
  expect(await error("--ip-adapter", ipAdapter)).toMatchObject({ message: "diffsim-c needs the image encoder of the IP-Adapter." });
  const xl = goldenAdapterPaths("sdxl-tiny-ip-adapter");
  expect((await error("--ip-adapter", xl.ipAdapter, "--image-encoder", imageEncoder)).message).toContain("was made for another model");
  expect((await error("--ip-adapter", ipAdapter, "--image-encoder", xl.imageEncoder)).message).toContain("48 channels a patch");
});

test("a heat map, of the corrected mode", async () => {
  const out = join(scratch, "map.png");
  const data = join(scratch, "map.json");
  const flags = [a, b, ...model, "--ip-adapter", ipAdapter, "--image-encoder", imageEncoder, "--size", "64", "--out", out];
  const run = await cli("heatmap", ...flags, "--data", data, "--json");
  const map = JSON.parse(await readFile(data, "utf8")) as {
    readonly a: { readonly grid: { rows: number; columns: number }; heat: number[] };
  };
  expect(map.a.heat).toHaveLength(map.a.grid.rows * map.a.grid.columns);
  const corrected = ["--mode", "corrected", "--ip-adapter", ipAdapter, "--image-encoder", imageEncoder, "--size", "64"];
  const { score } = (await cli("compare", a, b, ...model, ...corrected, "--json")).json<Comparison>();
  // Features are kept at half precision.
  expect(run.json<{ score: number }>().score).toBeCloseTo(score, 3);
  const published = await cli("heatmap", ...flags, "--mode", "published", "--json");
  expect(published.json<ErrorDocument>().error.message).toBe("A heat map shows the corrected mode; the published code draws none.");
});

test("a library, which keeps no adapter, is not measured with it", async () => {
  const library = join(scratch, "library");
  await cli("models", "add", goldenCheckpoint("sd15-tiny"), "--library", library);
  const run = await cli("index", "run", "--metric", "diffsim-c", "--library", library, "--json");
  expect(run.exitCode).not.toBe(0);
  expect(run.json<ErrorDocument>().error).toMatchObject({
    code: "metric/needs-model",
    message: "diffsim-c needs files beside its model, which a library does not keep.",
  });
});
