/** @file `semblance matrix`: all pairs from the command line, as JSON and as a table, and what happens to pictures that cannot be read. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { parseCsv } from "#main/data/datasets/csv";
import { createInProcessInference } from "#main/engine/inference/in-process-inference";
import { scoreMatrix } from "#main/engine/services/matrix-service";
import { cli, type ErrorDocument, stoppableCli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

interface MatrixDocument {
  readonly paths: readonly string[];
  readonly metric: string;
  readonly direction: string;
  readonly scores: readonly (readonly number[])[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const odd = join(photos, 'a "quoted", name.png');
const checkpoint = fileURLToPath(new URL("../golden/fixtures/checkpoints/sd15-tiny", import.meta.url));
const small = ["--metric", "diffsim-s", "--checkpoint", checkpoint, "--size", "64"];
const p = (seed: number): string => join(photos, `p${seed}.png`);

beforeAll(async () => {
  await mkdir(photos, { recursive: true });
  for (const seed of [0, 1, 2]) await writePicture(p(seed), seed);
  await writePicture(odd, 3);
  await writeFile(join(photos, "notes.jpg"), "no picture at all");
  await writeFile(join(photos, "raw.heic"), "another format");
});

describe("a folder", () => {
  test("is scored pair by pair, without a library; what cannot be read is listed", async () => {
    const run = await cli("matrix", photos, ...small, "--json");
    expect(run.exitCode).toBe(0);
    const { paths, metric, direction, scores, skipped } = run.json<MatrixDocument>();
    expect([paths, metric, direction]).toEqual([[odd, p(0), p(1), p(2)], "diffsim-s", "similarity"]);
    expect(skipped.map(({ path }) => path)).toEqual([join(photos, "raw.heic"), join(photos, "notes.jpg")]);
    for (const { reason } of skipped) expect(run.err).toContain(reason);
    for (const [i, row] of scores.entries()) {
      expect(row).toHaveLength(4);
      for (const [j, score] of row.entries()) {
        expect(score).toBe(scores[j]?.[i]);
        if (i === j) expect(score).toBeCloseTo(1, 4);
        else expect(score).toBeLessThan(0.9999);
      }
    }
  });

  test("gives the scores of compare in corrected mode, up to the half precision of features", async () => {
    const { scores } = (await cli("matrix", p(0), p(1), ...small, "--json")).json<MatrixDocument>();
    const compared = (await cli("compare", p(0), p(1), ...small, "--mode", "corrected", "--json")).json<{ score: number }>();
    expect(scores[0]?.[1]).toBeCloseTo(compared.score, 3);
  });

  test("becomes a table that spreadsheets read", async () => {
    const file = join(scratch, "out.csv");
    const run = await cli("matrix", photos, ...small, "--csv", file);
    expect(run.out).toBe(`4 pictures, 2 left out, diffsim-s: a similarity, more is more alike\n${file}\n`);
    const { columns, rows } = parseCsv(await readFile(file, "utf8"));
    expect(columns).toEqual(["diffsim-s (similarity)", odd, p(0), p(1), p(2)]);
    expect(rows.map(({ fields }) => fields.get("diffsim-s (similarity)"))).toEqual([odd, p(0), p(1), p(2)]);
    const printed = await cli("matrix", photos, ...small, "--quiet");
    expect(printed.err).toBe("");
    expect(parseCsv(printed.out).rows).toHaveLength(4);
  });
});

test("like pictures stand side by side on request, with their scores, and what is unlike the others is named", async () => {
  // Pictures whose numbers differ by five share their colours.
  const alike = join(scratch, "alike");
  for (const seed of [0, 1, 5, 6, 10, 11]) await writePicture(join(alike, `p${String(seed).padStart(2, "0")}.png`), seed);
  await sharp({ create: { width: 96, height: 72, channels: 3, background: "black" } })
    .png()
    .toFile(join(alike, "black.png"));
  const [given, ordered] = [await cli("matrix", alike, "--json"), await cli("matrix", alike, "--order", "cluster", "--json")].map((run) =>
    run.json<MatrixDocument & { readonly outliers: readonly { readonly path: string; readonly meanScore: number }[] }>(),
  );
  if (given === undefined || ordered === undefined) throw new Error("two runs give two documents");
  const colours = ordered.paths.map((path) => Number(/p(\d+)\.png$/.exec(path)?.[1] ?? 2) % 5);
  expect(colours.filter((colour, place) => colour !== colours[place - 1])).toHaveLength(3);
  for (const [i, a] of ordered.paths.entries())
    for (const [j, b] of ordered.paths.entries())
      expect(ordered.scores[i]?.[j]).toBe(given.scores[given.paths.indexOf(a)]?.[given.paths.indexOf(b)]);
  expect(ordered.outliers).toEqual(given.outliers);
  expect(ordered.outliers.map(({ path }) => path)).toEqual([join(alike, "black.png")]);
  const written = await cli("matrix", alike, "--csv", join(scratch, "alike.csv"));
  expect(written.out).toMatch(/\nunlike the others: .*black\.png, -?0\.\d{3} on average\n/);
});

test("in published mode every ordered pair is compared, and that is said", async () => {
  const run = await cli("matrix", p(0), p(1), ...small, "--mode", "published", "--json");
  expect(run.err).toContain("every pair is compared");
  const { scores } = run.json<MatrixDocument>();
  const compared = (await cli("compare", p(1), p(0), ...small, "--json")).json<{ score: number }>();
  expect(scores[1]?.[0]).toBeCloseTo(compared.score, 6);
  expect(scores[0]?.[0]).not.toBeCloseTo(1, 4);
});

test("mean squared errors are distances", async () => {
  const { direction, scores } = (await cli("matrix", p(0), p(1), ...small, "--similarity", "mse", "--json")).json<MatrixDocument>();
  expect(direction).toBe("distance");
  expect(scores[0]?.[0]).toBeCloseTo(0, 4);
  expect(scores[0]?.[1]).toBeGreaterThan(0);
});

test("features that do not fit into memory give the same scores", async () => {
  const inference = createInProcessInference({ device: "cpu", threads: 1 });
  const order = {
    inputs: [p(0), p(1), p(2), odd],
    metric: "starter-style",
    checkpoint: null,
    companions: {},
    libraryPath: null,
    options: {},
  };
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  const whole = await scoreMatrix(inference, order, watch);
  const onDisk = await scoreMatrix(inference, { ...order, memoryBytes: 300_000 }, watch);
  expect(onDisk.scores).toEqual(whole.scores);
  await inference.dispose();
});

test("Ctrl-C ends it without a table", async () => {
  const file = join(scratch, "stopped.csv");
  const stop = new AbortController();
  stop.abort();
  const run = await stoppableCli(stop.signal, "matrix", photos, ...small, "--csv", file);
  expect(run.exitCode).toBe(130);
  await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
});

test.each([
  ["one picture", 2, "usage/invalid", [p(0)]],
  ["a path that is not there", 3, "image/unreadable", [p(0), p(9)]],
  ["nothing that can be read", 2, "usage/invalid", [join(photos, "notes.jpg"), join(photos, "notes.jpg")]],
  ["a table that is no .csv", 2, "usage/invalid", [p(0), p(1), "--csv", join(scratch, "out.txt")]],
  ["a metric that does not exist", 2, "usage/invalid", [p(0), p(1), "--metric", "diffsim-z"]],
] as const)("%s is told in a sentence", async (_name, exitCode, code, args) => {
  const run = await cli("matrix", ...args, "--json");
  expect(run.exitCode).toBe(exitCode);
  expect(run.json<ErrorDocument>().error).toMatchObject({ code, message: expect.stringMatching(/^[^\n]+\.$/) as string });
});
