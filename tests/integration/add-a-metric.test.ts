/** @file A metric is one folder and one row: the one of docs/add-a-metric.md is compared, indexed, searched, listed and offered without another line anywhere. */
// First, because the command line lists the rows that are there when it starts.
import { meanOf } from "../support/mean-colour";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import { dot } from "#main/ml/tensor/linear-algebra";
import { cli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const p = (seed: number): string => join(photos, `p${seed}.png`);
const expected = async (a: number, b: number): Promise<number> => dot(meanOf(await decodeImage(p(a))), meanOf(await decodeImage(p(b))));

test("a pair, a library and its search", async () => {
  for (let seed = 0; seed < 5; seed += 1) await writePicture(p(seed), seed);
  const compared = (await cli("compare", p(0), p(1), "--metric", "mean-colour", "--json")).json<{ metric: string; score: number }>();
  expect(compared.score).toBeCloseTo(await expected(0, 1), 6);
  await cli("index", "add", photos, "--library", library);
  const status = (await cli("index", "run", "--metric", "mean-colour", "--library", library, "--json")).json<{
    recipes: { name: string; done: number }[];
  }>();
  expect(status.recipes).toContainEqual(expect.objectContaining({ name: "mean-colour", done: 5 }));
  const found = (await cli("find", p(0), "--metric", "mean-colour", "--library", library, "--json")).json<{
    results: { path: string; score: number }[];
  }>();
  expect(found.results).not.toHaveLength(0);
  for (const { path, score } of found.results)
    expect(score).toBeCloseTo(dot(meanOf(await decodeImage(p(0))), meanOf(await decodeImage(path))), 5);
  expect((await cli("compare", "--help")).out).toContain("mean-colour");
});

test("the page shows the code that runs", async () => {
  const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, import.meta.url)), "utf8");
  const page = await read("../../docs/add-a-metric.md");
  const code = await read("../support/mean-colour.ts");
  const withoutComments = (text: string): string => text.replaceAll(/\s*\/\/.*$/gm, "").replaceAll(/\s+/g, " ");
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block = ""]) =>
    withoutComments(block).replace("export const", "const").trim(),
  );
  const own = blocks.filter((block) => !block.startsWith("import"));
  expect(own).toHaveLength(3);
  for (const block of own) expect(withoutComments(code)).toContain(block);
});
