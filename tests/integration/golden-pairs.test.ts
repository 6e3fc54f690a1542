/** @file Every golden pair of the DiffSim families beyond DiffSim-S by the command line, in one file of pairs. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli } from "../support/cli";
import { goldenAdapterPaths } from "../support/golden-adapter";
import { goldenCases, goldenCheckpoint, goldenImage, type GoldenCase } from "../support/goldens";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();

interface Pair {
  readonly golden: GoldenCase;
  readonly line: object;
}

/** A case as a line of a pairs file, with the fields that only its metric has. */
function pairOf(golden: GoldenCase, metric: string, own: object): Pair {
  const { images, parameters } = golden;
  const [a = "", b = ""] = images.map(goldenImage);
  const block = parameters["target_block"] === "mid_blocks" ? "mid_block" : parameters["target_block"];
  const { target_layer: layer, target_step: step, img_size: size, seed, prompt, negative_prompt: negativePrompt, similarity } = parameters;
  return { golden, line: { a, b, metric, block, layer, step, size, seed, prompt, negativePrompt, similarity, ...own } };
}

const diffsimC = goldenCases("diffsim-c").map((golden) =>
  pairOf(golden, "diffsim-c", {
    checkpoint: goldenCheckpoint(golden.checkpoint ?? ""),
    ...goldenAdapterPaths(String(golden.parameters["ip_checkpoint"])),
  }),
);
const diffsimXl = goldenCases("diffsim-xl").map((golden) => {
  const [checkpoint = "", adapter] = (golden.checkpoint ?? "").split(" + ");
  const companions = adapter === undefined ? {} : goldenAdapterPaths(adapter);
  return pairOf(golden, adapter === undefined ? "diffsim-xl" : "diffsim-xl-c", { checkpoint: goldenCheckpoint(checkpoint), ...companions });
});
const diffsimDit = goldenCases("diffsim-dit", "block").map((golden) =>
  pairOf(golden, "diffsim-dit", { checkpoint: goldenCheckpoint("dit-tiny"), block: undefined, prompt: undefined }),
);

test.each([
  { family: "diffsim-c", pairs: diffsimC, count: 28 },
  { family: "diffsim-xl", pairs: diffsimXl, count: 18 },
  { family: "diffsim-dit", pairs: diffsimDit, count: 8 },
])("$family: $count pairs", async ({ family, pairs, count }) => {
  expect(pairs).toHaveLength(count);
  const file = join(scratch, `${family}.jsonl`);
  // What a case does not say (undefined, null) stays out of the line.
  await writeFile(file, pairs.map(({ line }) => JSON.stringify(line, (_name, value: unknown) => value ?? undefined)).join("\n"));
  const run = await cli("compare", "--pairs", file);
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  const scores = run.jsonLines<{ score: number }>().map(({ score }) => score);
  const wrong = pairs.flatMap(({ golden: { id, outputs, tolerance } }, i) => {
    const difference = Math.abs((scores[i] ?? Number.NaN) - Number(outputs["score"]));
    return difference <= (tolerance["score"] ?? 0) ? [] : [{ id, difference }];
  });
  expect(wrong).toEqual([]);
});
