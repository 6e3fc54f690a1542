import { expect, test } from "vitest";
import type { MeasuredCheck } from "#shared/domain/check";
import type { SilentVoter, Voter } from "#shared/domain/vote-report";
import { checkResultOf, measuredOf } from "../../../../tests/support/checks";
import { votesDocument } from "../commands/votes-document";
import { votesText } from "./votes-text";

const random = Array.from({ length: 200 }, (_, index) => index / 200);
const voters = ["diffsim", "clip", "dino", "starter"] as const satisfies readonly Voter[];
const titles = ["DiffSim-S", "CLIP-I", "DINOv2", "Starter"];

/** One row of scores a candidate, one score a voice. */
function textOf(rows: readonly (readonly (number | null)[])[], pairs = random, silent: readonly SilentVoter[] = []): string {
  const voice = (index: number): MeasuredCheck =>
    measuredOf({ references: [[1]], candidates: rows.map((row) => [row[index] ?? null]), random: pairs });
  const [first, ...others] = rows[0]?.map((_, index) => voice(index)) ?? [];
  if (first === undefined) throw new Error("a voice");
  const voices = [first, ...others].map((_, index) => ({
    voter: voters[index] ?? "starter",
    metric: `metric-${index}`,
    title: titles[index] ?? "",
  }));
  const report = { check: checkResultOf([first, ...others]), voices, silent: [...silent] };
  return votesText(votesDocument(report, { combine: "mean", paths: new Map() }));
}
const sentence = (...scores: readonly (number | null)[]): string => textOf([scores]).split("\n\n")[1] ?? "";

test("what most say of one picture, and who disagrees", () => {
  expect(sentence(1, 1, 1)).toBe("All 3 say yes.");
  expect(sentence(0, 0)).toBe("Both say no.");
  expect(sentence(1)).toBe("One says yes, alone.");
  expect(sentence(1, 0, 1)).toBe("2 of 3 say yes; CLIP-I disagrees.");
  expect(sentence(0, 0, 1, 0)).toBe("3 of 4 say no; DINOv2 disagrees.");
  expect(sentence(1, 0, 1, null)).toBe("2 of 3 say yes; CLIP-I disagrees.");
  expect(sentence(1, 0, 0, 1)).toBe("They disagree, half against half: DiffSim-S and Starter say yes, CLIP-I and DINOv2 no.");
  expect(sentence(null, null)).toMatch(/^Nobody can say/);
});

test("a library that is too small lets nobody vote", () => {
  expect(textOf([[0.5, 0.6]], random.slice(1))).toMatch(/^metric .*\nDiffSim-S +0\.500 +n\/a +n\/a +n\/a\n/);
});

test("several pictures in a table, with what is counted of them", () => {
  expect(
    textOf([
      [1, 1],
      [1, 0],
      [0, 0],
    ]).split("\n"),
  ).toEqual([
    "file           DiffSim-S  CLIP-I     most say",
    "picture-0.png  1.000 yes  1.000 yes  yes",
    "picture-1.png  1.000 yes  0.000 no   tie       disagree",
    "picture-2.png  0.000 no   0.000 no   no",
    "",
    "Most say yes to 1 and no to 1 of 3, 1 half and half. They disagree on 1.",
  ]);
});

test("who has no vote is told with how to give it", () => {
  const clip: SilentVoter = { voter: "clip", metric: "clip-i", title: "CLIP-I", state: "not-measured" };
  expect(
    textOf([[1]], random, [clip])
      .split("\n")
      .slice(-2),
  ).toEqual(["CLIP is not measured and has no vote.", "`semblance index run --metric clip-i` measures the library with it."]);
});
