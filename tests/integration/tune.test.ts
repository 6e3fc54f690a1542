/** @file `semblance tune` on real judgements files: what it finds, what it says, what it refuses. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import type { TuneReport } from "#main/engine/tune/tune-file";
import { cli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const checkpoints = fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url));
const triplets = join(scratch, "judgements.csv");
const dino = ["--metric", "dinov2-aas", "--checkpoint", join(checkpoints, "dinov2-tiny")];

/** Judgements made by layer 1 of the tiny DINOv2 itself, where the other layers disagree most: tuning must find that layer again. */
beforeAll(async () => {
  for (let seed = 0; seed < 15; seed += 1) await writePicture(join(scratch, `p${seed}.png`), seed);
  const names = Array.from({ length: 60 }, (_, i) => [i % 15, (3 * i + 1) % 15, (7 * i + Math.floor(i / 15) + 5) % 15] as const).filter(
    (triplet) => new Set(triplet).size === 3,
  );
  const pairs = join(scratch, "pairs.jsonl");
  const lines = names.flatMap(([r, a, b]) =>
    [a, b].map((other) => JSON.stringify({ a: `p${r}.png`, b: `p${other}.png`, mode: "corrected" })),
  );
  await writeFile(pairs, lines.join("\n"));
  const scored = (await cli("compare", "--pairs", pairs, ...dino)).jsonLines<{ scores: readonly number[] }>();
  const judged = names.map(([r, a, b], i) => {
    const choices = scored[2 * i]?.scores.map((score, layer) => (score > (scored[2 * i + 1]?.scores[layer] ?? 0) ? "a" : "b")) ?? [];
    return { row: `p${r}.png,p${a}.png,p${b}.png,${choices[1]}`, others: choices.filter((choice) => choice !== choices[1]).length };
  });
  const rows = judged.sort((one, other) => other.others - one.others).slice(0, 20);
  await writeFile(triplets, ["reference,a,b,choice", ...rows.map(({ row }) => row)].join("\n"));
}, 60_000);

describe("finds the settings that judge as the person did", () => {
  test("and how far they can be trusted", async () => {
    const out = join(scratch, "grid.png");
    const report = (await cli("tune", triplets, ...dino, "--out", out, "--json")).json<TuneReport>();
    expect(report.best).toEqual({ options: { layer: [1] }, flags: "--layer 1" });
    expect(report.grid[0]).toMatchObject({ tap: "layer 1", accuracy: 1, judged: report.judgements.tuned });
    expect(report.heldOut?.best).toMatchObject({ accuracy: 1 });
    expect(report.heldOut?.best.interval[0]).toBeLessThan(1);
    expect(report.judgements.made).toBeLessThanOrEqual(report.judgements.full);
    expect((await decodeImage(out)).height).toBe(report.grid.length * 48 + 24);
    const again = (await cli("tune", triplets, ...dino, "--json")).json<TuneReport>();
    expect(again).toEqual({ ...report, out: null });
  });

  test("in words", async () => {
    const { out, exitCode } = await cli("tune", triplets, ...dino);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Best: --layer 1\n\ntap +right +of\nlayer 1 +100\.0 % +\d+\n/);
    expect(out).toMatch(
      /On \d+ judgements that were held out: 100\.0 % right \(95 % interval [\d.]+ % to 100\.0 %\); with the usual settings [\d.]+ %\.\n$/,
    );
  });

  test("over block, layer, step and size of a U-Net", async () => {
    const args = ["--metric", "diffsim-s", "--checkpoint", join(checkpoints, "sd15-tiny"), "--steps", "900", "--sizes", "32,64"];
    const report = (await cli("tune", triplets, ...args, "--json")).json<TuneReport>();
    expect(report.grid).toHaveLength(7 * 2);
    expect(new Set(report.grid.map(({ tap }) => tap))).toContain("mid_block");
    expect(report.best.flags).toMatch(/^--step 900 --size (?:32|64) --block \w+/);
    expect(report.judgements.made).toBeLessThan(report.judgements.full);
    expect(report.grid.filter(({ judged }) => judged === report.judgements.tuned).length).toBeLessThan(14);
  }, 60_000);
});

test.each([
  {
    what: "a metric with nothing to choose",
    code: 2,
    args: [triplets, "--metric", "starter-style"],
    message: "starter-style has nothing to choose.",
  },
  {
    what: "an axis the metric does not have",
    code: 2,
    args: [triplets, ...dino, "--steps", "900"],
    message: "This metric has no step to choose.",
  },
  {
    what: "a file that is not there",
    code: 3,
    args: [join(scratch, "none.csv"), ...dino],
    message: /^The triplets file .*none\.csv cannot be read/,
  },
  { what: "a setting that is searched", code: 2, args: [triplets, ...dino, "--layer", "1"], message: "--layer is what tune looks for." },
  { what: "the published mode", code: 2, args: [triplets, ...dino, "--mode", "published"], message: /corrected mode/ },
  { what: "one step of a metric without steps", code: 2, args: [triplets, ...dino, "--step", "900"], message: /no step to choose/ },
  { what: "a share that is none", code: 2, args: [triplets, ...dino, "--held-out", "1.5"], message: /held-out/ },
])("$what is refused", async ({ code, args, message }) => {
  const { exitCode, json } = await cli("tune", ...args, "--json");
  expect(exitCode).toBe(code);
  expect(json<{ error: { message: string } }>().error.message).toMatch(message);
});

test("too few judgements are refused", async () => {
  const few = join(scratch, "few.csv");
  await writeFile(few, "reference,a,b,choice\np0.png,p1.png,p2.png,a\n");
  const { exitCode, err } = await cli("tune", few, ...dino);
  expect(exitCode).toBe(2);
  expect(err).toBe("1 judgement is too few to choose by.\nGive at least 8.\n");
});
