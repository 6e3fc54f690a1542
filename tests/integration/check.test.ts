/** @file A check on real pictures: one character of the sample library in several styles, a library of other pictures, and what the command line and the contract say. */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { CheckEvent, CheckQuery, CheckResult } from "#shared/domain/check";
import { splitCheck } from "#shared/domain/check-split";
import { runProgram } from "#main/apps/cli/program";
import { createEngine, type Engine } from "#main/engine/engine";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { cli, type CliRun, type ErrorDocument } from "../support/cli";
import { connect, refusal } from "../support/engine-client";
import { folderState } from "../support/folder-state";
import { scratchFolder } from "../support/scratch-folder";

const sample = fileURLToPath(new URL("../../resources/sample-library/", import.meta.url));
const scratch = scratchFolder();
const library = join(scratch, "library");
const others = join(scratch, "others");
const references = join(scratch, "references");
const output = join(scratch, "output");
const mira = (number: number): string => `mira-${String(number).padStart(2, "0")}.webp`;

interface CheckDocument {
  readonly references: readonly string[];
  readonly metric: string;
  readonly threshold: { readonly accept: number; readonly reject: number; readonly from: string } | null;
  readonly counts: Readonly<Record<"accepted" | "undecided" | "rejected", number>>;
  readonly candidates: readonly {
    readonly path: string;
    readonly score: number;
    readonly verdict: string;
    readonly byHand: boolean;
    readonly nearestReference: string;
    readonly nearCopy: boolean;
  }[];
  readonly measures: readonly { readonly standing: string; readonly impostors: { readonly count: number; readonly bundled: number } }[];
  readonly skipped: readonly { readonly path: string }[];
}

const check = (...args: readonly string[]) => cli("check", "--library", library, ...args);
const bySubject = ["--metric", "starter-subject", "--json"] as const;
const askedOf = (from: string, to: string) => ["--references", from, "--candidates", to] as const;

async function copyTo(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of names) await copyFile(join(sample, name), join(folder, name));
}

/** What the command answers to the usual question. */
let usual: CliRun;
let untouched: readonly unknown[];

/** The library holds pictures of other things, a few less than a calibration wants; references and candidates lie outside. */
beforeAll(async () => {
  const rest = (await readdir(sample)).filter((name) => name.endsWith(".webp") && !name.startsWith("mira"));
  await copyTo(others, rest.slice(0, 97));
  await copyTo(references, [1, 2, 3, 4, 6].map(mira));
  await copyTo(output, [mira(12), mira(15), mira(18), rest[101] ?? "", rest[120] ?? ""]);
  await mkdir(join(scratch, "empty"));
  await writeFile(join(scratch, "text.png"), "no picture");
  untouched = [await folderState(references), await folderState(output)];
  await cli("index", "add", others, "--library", library);
  await cli("index", "run", "--library", library, "--quiet");
  usual = await check(...askedOf(references, output), ...bySubject);
});

describe("the command", () => {
  test("accepts the character, rejects other things, ends with 1, and touches nothing", async () => {
    expect(usual.exitCode).toBe(1);
    const { candidates, counts, threshold, measures, metric } = usual.json<CheckDocument>();
    const verdictOf = new Map(candidates.map(({ path, verdict }) => [path, verdict]));
    for (const number of [12, 15, 18]) expect(verdictOf.get(join(output, mira(number)))).toBe("accepted");
    expect(counts).toEqual({ accepted: 3, undecided: 0, rejected: 2 });
    expect(metric).toBe("starter-subject");
    expect(threshold?.from).toBe("calibrated");
    expect(measures).toMatchObject([{ standing: "overlapping", impostors: { count: 100, bundled: 3 } }]);
    const scores = candidates.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    for (const { nearestReference } of candidates) expect(nearestReference.startsWith(references)).toBe(true);
    expect([await folderState(references), await folderState(output)]).toEqual(untouched);
    expect((await cli("index", "list", "--library", library, "--json")).json<unknown[]>()).toHaveLength(1);
  });

  test("tells people how the cut-offs came about", async () => {
    const { out, exitCode } = await check(...askedOf(references, join(output, mira(12))), "--metric", "starter-subject");
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^verdict +starter-subject +impostors below +random below +nearest reference +file\naccepted +0\.\d{3} /);
    expect(out).toMatch(
      /starter-subject: accepted from 0\.\d{3} \(A\), rejected below 0\.\d{3} \(R\), by calibration\.\nreferences +[▁-█]/,
    );
    expect(out).toContain("The most alike of 100 impostors (3 from the sample library) has");
    expect(out).toContain("1 accepted, 0 undecided, 0 rejected.");
  });

  test("files in another order and under another name change nothing; every file is told of", async () => {
    const twin = join(scratch, "twin.webp");
    await copyFile(join(output, mira(15)), twin);
    const names = (await readdir(output)).map((name) => join(output, name));
    const turned = [1, 2, 3, 4, 6].toReversed().map((number) => join(references, mira(number)));
    const one = usual.json<CheckDocument>();
    const other = (await check("--references", ...turned, "--candidates", ...names.toReversed(), twin, ...bySubject)).json<CheckDocument>();
    expect(other.threshold?.accept).toBeCloseTo(one.threshold?.accept ?? 0, 6);
    expect(other.threshold?.reject).toBeCloseTo(one.threshold?.reject ?? 0, 6);
    const verdicts = ({ candidates }: CheckDocument) => new Map(candidates.map(({ path, verdict }) => [path, verdict]));
    expect(verdicts(other)).toEqual(new Map([...verdicts(one), [twin, "accepted"]]));
    expect(other.counts.accepted).toBe(one.counts.accepted + 1);
  });

  test("a threshold of one's own, and a verdict by hand that it does not overrule", async () => {
    const own = join(scratch, "own");
    await copyTo(own, [mira(20)]);
    await cli("verdicts", "set", "rejected", join(output, mira(18)), "--references", join(own, mira(20)), "--library", library);
    const { threshold, counts, candidates } = (
      await check(...askedOf(own, output), ...bySubject, "--threshold", "-1,0.99")
    ).json<CheckDocument>();
    expect(threshold).toMatchObject({ accept: 0.99, reject: -1, from: "given" });
    expect(counts).toEqual({ accepted: 0, undecided: 4, rejected: 1 });
    expect(candidates.find(({ byHand }) => byHand)).toMatchObject({ path: join(output, mira(18)), verdict: "rejected" });
  });

  test.each([
    ["a folder without pictures", 2, "usage/invalid", ["--references", references, "--candidates", join(scratch, "empty")]],
    ["a candidate that is not there", 3, "image/unreadable", [...askedOf(references, join(output, "gone.png"))]],
    ["candidates that are no pictures", 3, "image/undecodable", [...askedOf(references, join(scratch, "text.png"))]],
    ["an unknown metric", 2, "metric/unknown", [...askedOf(references, output), "--metric", "diffsim-z"]],
    ["cut-offs that cross", 2, "usage/invalid", [...askedOf(references, output), "--threshold", "0.6,0.4"]],
    [
      "more cut-offs than metrics",
      2,
      "usage/invalid",
      [...askedOf(references, output), "--metric", "colour", "--threshold", "0.4", "--threshold", "0.5"],
    ],
    ["a foreground nobody sees", 2, "usage/invalid", [...askedOf(references, output), "--metric", "colour", "--area", "foreground"]],
  ])("%s is refused with a sentence", async (_what, exitCode, code, args) => {
    const run = await check(...args, "--json");
    expect(run.exitCode).toBe(exitCode);
    expect(run.json<ErrorDocument>().error).toMatchObject({ code, message: expect.stringMatching(/\.$/) as string });
  });

  test("--watch judges what is there and then what comes, by the same cut-offs, until Ctrl-C", async () => {
    const folder = join(scratch, "watched");
    await copyTo(folder, [mira(12)]);
    const stop = new AbortController();
    const told: string[] = [];
    const said: string[] = [];
    const streams = { out: { write: (text: string) => told.push(text) }, err: { write: (text: string) => said.push(text), isTTY: false } };
    const asked = ["check", "--library", library, ...askedOf(references, folder), ...bySubject, "--watch"];
    const running = runProgram(asked, { streams, signal: stop.signal });
    await vi.waitUntil(() => told.length === 1, { timeout: 60_000 });
    const [thing = ""] = (await readdir(output)).filter((name) => !name.startsWith("mira"));
    await copyFile(join(output, thing), join(folder, "new.webp"));
    await vi.waitUntil(() => told.length === 2, { timeout: 60_000 });
    stop.abort();
    expect(await running).toBe(1);
    const lines = told.map((line) => JSON.parse(line) as CheckDocument["candidates"][number]);
    expect(lines.map(({ path, verdict }) => [path, verdict])).toEqual([
      [join(folder, mira(12)), "accepted"],
      [join(folder, "new.webp"), "rejected"],
    ]);
    expect(said.join("")).toContain("Waiting for pictures.");
  });
});

describe("the contract", () => {
  let engine: Engine;
  const ids = new Map<string, AssetId>();
  const idOf = (name: string): AssetId => ids.get(name) ?? ("" as AssetId);

  beforeAll(async () => {
    engine = await createEngine({ libraryPath: library, device: "cpu", inference: "in-process" });
    for (const folder of [references, output, others])
      for (const name of await readdir(folder)) ids.set(name, await engine.pictures.addFile(join(folder, name)));
  });
  afterAll(() => engine.dispose());

  async function run(query: Partial<CheckQuery>): Promise<readonly CheckEvent[]> {
    const events: CheckEvent[] = [];
    const asked: CheckQuery = {
      references: [1, 2, 3, 4, 6].map((number) => idOf(mira(number))),
      candidates: { kind: "assets", assetIds: [12, 15, 18].map((number) => idOf(mira(number))) },
      measures: [{ metric: "starter-subject", area: "whole" }],
      ...query,
    };
    for await (const event of await connect(engine).checks.run(asked)) events.push(event);
    return events;
  }

  async function resultOf(query: Partial<CheckQuery>): Promise<CheckResult> {
    const last = (await run(query)).at(-1);
    if (last?.result === undefined || last.result === null) throw new Error("a check ends with its result");
    return last.result;
  }

  const cutoffsOf = (result: CheckResult) => splitCheck(result, { combine: "mean", cutoffs: [], byHand: new Map() }).cutoffs[0];

  test("scores are those of Compare, progress ends at its total, and references are no candidates", async () => {
    const events = await run({ candidates: { kind: "assets", assetIds: [idOf(mira(12)), idOf(mira(1))] } });
    expect(events.at(-1)).toMatchObject({ done: events[0]?.total, total: events[0]?.total });
    const result = events.at(-1)?.result;
    expect(result?.candidates.map(({ asset }) => asset.name)).toEqual([mira(12)]);
    const [measured] = result?.measures ?? [];
    const pair = await connect(engine).compare.pair({ a: idOf(mira(12)), b: idOf(mira(3)), metric: "starter-subject" });
    expect(measured?.candidates[0]?.[2]).toBeCloseTo(pair.score, 5);
    expect(measured?.references[1]?.[3]).toBeCloseTo(measured?.references[3]?.[1] ?? 0, 5);
    expect(measured?.random.length).toBeGreaterThan(200);
  });

  test("several measures come from one look; what one of them cannot do is refused", async () => {
    const areas = await resultOf({ measures: [{ metric: "starter-subject", area: "whole" }, { metric: "starter-subject", area: "foreground" }, { metric: "starter-style", area: "whole" }] }); // prettier-ignore
    expect(areas.measures.map(({ measure, question, centroid }) => [measure.metric, question, centroid === null])).toEqual([
      ["starter-subject", "instance", false],
      ["starter-subject", "instance", true],
      ["starter-style", "style", false],
    ]);
    expect(areas.measures[1]?.candidates[0]).not.toEqual(areas.measures[0]?.candidates[0]);
    expect(await refusal(run({ measures: [{ metric: "lpips", area: "whole" }] }))).toMatchObject({ code: "usage/invalid", message: "lpips is a distance, and a check goes by likeness." }); // prettier-ignore
    expect((await refusal(run({ references: ["0".repeat(32) as AssetId] }))).code).toBe("asset/not-found");
  });

  test("a folder of the library is judged; its pictures are no impostors then", async () => {
    const folder = await resultOf({ candidates: { kind: "folder", path: others, where: "name = '*ink*'" } });
    expect(folder.candidates.length).toBeGreaterThan(4);
    const judged = new Set(folder.candidates.map(({ asset }) => asset.id));
    expect(folder.impostors.some((id) => judged.has(id))).toBe(false);
    const none = await resultOf({ candidates: { kind: "folder", path: others, where: "name = 'nothing'" } });
    expect([none.candidates, none.impostors.length]).toEqual([[], 100]);
  });

  test("a reference saved again counts once: it moves no cut, and is a near-copy as a candidate", async () => {
    const again = join(scratch, "again.jpg");
    await sharp(join(references, mira(1)))
      .resize({ width: 400 })
      .jpeg({ quality: 85 })
      .toFile(again);
    const copy = await engine.pictures.addFile(again);
    const five = [1, 2, 3, 4, 6].map((number) => idOf(mira(number)));
    const [before, after] = [await resultOf({}), await resultOf({ references: [...five, copy, idOf(mira(1))] })];
    expect(after.references).toHaveLength(6);
    expect(after.measures[0]?.groups).toEqual([0, 1, 2, 3, 4, 0]);
    expect(cutoffsOf(after)?.accept).toBeCloseTo(cutoffsOf(before)?.accept ?? 0, 2);
    expect(cutoffsOf(after)?.reject).toBeCloseTo(cutoffsOf(before)?.reject ?? 0, 2);
    const judged = await resultOf({ candidates: { kind: "assets", assetIds: [copy, idOf(mira(12))] } });
    expect(judged.copies).toEqual([0, null]);
  });

  test("neither a reference nor what nearly equals it is ever an impostor", async () => {
    const [name = ""] = await readdir(others);
    const again = join(scratch, "impostor.png");
    await sharp(join(others, name)).resize({ width: 300 }).png().toFile(again);
    const copy = await engine.pictures.addFile(again);
    expect((await resultOf({})).impostors).toContain(idOf(name));
    expect((await resultOf({ references: [copy, idOf(mira(2))] })).impostors).not.toContain(idOf(name));
    expect((await resultOf({ references: [idOf(name), idOf(mira(2))] })).impostors).not.toContain(idOf(name));
  });

  test("one reference is judged by impostors alone", async () => {
    const { calibrations } = splitCheck(await resultOf({ references: [idOf(mira(1))] }), {
      combine: "mean",
      cutoffs: [],
      byHand: new Map(),
    });
    expect(calibrations).toMatchObject([{ standing: "one-reference", genuine: [], falseReject: null }]);
    expect(calibrations[0]?.falseAccept?.rate).toBeLessThanOrEqual(0.01);
  });
});

test("the gate of the documentation prints the verdicts and fails when something is rejected", async () => {
  ensureBuilt();
  const page = await readFile(new URL("../../docs/consistency.md", import.meta.url), "utf8");
  const [, script = ""] = /```sh\n(#!\/bin\/sh\n[^`]+)```/.exec(page) ?? [];
  const gate = join(scratch, "gate.sh");
  await writeFile(gate, script);
  const bin = join(scratch, "bin");
  await mkdir(bin);
  const program = fileURLToPath(new URL("../../out/main/cli.js", import.meta.url));
  await writeFile(join(bin, "semblance"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  await chmod(join(bin, "semblance"), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}`, SEMBLANCE_LIBRARY: library };
  const judge = (...args: readonly string[]) =>
    promisify(execFile)("sh", [gate, ...args], { env }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  const mixed = await judge(references, output, "--metric", "starter-subject");
  expect(mixed.code).toBe(1);
  expect(mixed.stdout).toMatch(/^3 accepted, 0 undecided, 2 rejected\nrejected: \/.*\.webp\nrejected: \/.*\.webp\n$/);
  const none = await judge(references, join(scratch, "empty"));
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("There are no pictures in")]);
}, 180_000);
