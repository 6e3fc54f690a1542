/** @file The check of the sample library's character as the app recommends it: what is wrong ranks below what is right. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cli } from "../support/cli";
import { scratchFolder } from "../support/scratch-folder";

const folder = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
const mira = (numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => join(folder, `mira-${String(number).padStart(2, "0")}.webp`));

const good = mira([2, 3, 4, 7, 8, 9, 10, 12, 13, 14, 17, 18, 19, 20]);
/** Coat colour, long fair hair, spiky hair; beside each the right picture of the same style. */
const [wrong, twins] = [mira([5, 11, 16]), mira([15, 1, 6])];

interface CheckDocument {
  readonly candidates: readonly {
    readonly path: string;
    readonly scores: readonly { readonly metric: string }[];
    readonly verdict: string;
  }[];
}

test("planted mistakes rank below the good pictures of their style", async () => {
  const run = await cli("check", "--references", ...good, "--candidates", ...wrong, ...twins, "--library", scratchFolder(), "--json");
  const { candidates } = run.json<CheckDocument>();
  expect(candidates[0]?.scores.map(({ metric }) => metric)).toEqual(["starter-subject", "colour"]);
  const places = candidates.map(({ path }) => path);
  expect(places.toSorted()).toEqual([...wrong, ...twins].toSorted());
  for (const [index, path] of wrong.entries()) expect(places.indexOf(path)).toBeGreaterThan(places.indexOf(twins[index] ?? ""));
  const verdictOf = (path: string) => candidates.find((candidate) => candidate.path === path)?.verdict;
  expect(twins.map(verdictOf)).not.toContain("rejected");
  expect(wrong.map(verdictOf)).toContain("rejected");
  expect(run.exitCode).toBe(1);
});
