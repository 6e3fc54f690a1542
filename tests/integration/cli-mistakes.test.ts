/** @file Every mistake on the command line: its exit code, its code, and one sentence. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { cli, type ErrorDocument } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const checkpoints = fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url));
const p = (seed: number): string => join(photos, `p${seed}.png`);

beforeAll(async () => {
  for (let seed = 0; seed < 4; seed += 1) await writePicture(p(seed), seed);
  await writeFile(join(photos, "notes.jpg"), "no picture at all");
  await mkdir(join(photos, "2025"));
  await cli("index", "add", photos, "--library", library);
  await cli("index", "run", "--library", library);
});

const missing = join(scratch, "missing.png");
const bad = join(photos, "notes.jpg");
const inLibrary = (...args: string[]): string[] => [...args, "--library", library];
const mistakes: readonly (readonly [name: string, exitCode: number, code: string, args: readonly string[]])[] = [
  ["an unknown option", 2, "usage/invalid", ["find", p(1), "--colour", "red"]],
  ["an unknown command", 2, "usage/invalid", ["paint"]],
  ["a missing argument", 2, "usage/invalid", ["find"]],
  ["a metric that does not exist", 2, "usage/invalid", ["compare", p(1), p(2), "--metric", "diffsim-z"]],
  ["one picture only", 2, "usage/invalid", ["compare", p(1)]],
  ["questions that exclude each other", 2, "usage/invalid", inLibrary("find", p(1), "--style", "--instance")],
  ["a weight that is no number", 2, "usage/invalid", inLibrary("find", p(1), "--weight", "much")],
  ["a weight outside -1 to 1", 2, "usage/invalid", inLibrary("find", p(1), "--weight", "3")],
  ["weights that are all 0", 2, "usage/invalid", inLibrary("find", p(1), "--weight", "0")],
  ["more weights than pictures", 2, "usage/invalid", inLibrary("find", p(1), "--weight", "1", "--weight", "1")],
  ["a crop outside the picture", 2, "usage/invalid", inLibrary("find", p(1), "--crop", "0,0,500,500")],
  ["a crop of three numbers", 2, "usage/invalid", inLibrary("find", p(1), "--crop", "0,0,5")],
  ["a top of none", 2, "usage/invalid", inLibrary("find", p(1), "--top", "0")],
  ["a filter that is not understood", 2, "usage/invalid", inLibrary("find", p(1), "--where", "stars > 3")],
  ["a picture that is not there", 3, "image/unreadable", inLibrary("find", missing)],
  ["a file that is no picture", 3, "image/undecodable", ["compare", p(1), bad]],
  ["a folder that is not there", 3, "root/not-found", inLibrary("index", "add", join(scratch, "nowhere"))],
  ["a folder inside one of the library", 3, "root/overlaps", inLibrary("index", "add", join(photos, "2025"))],
  ["a folder the library does not have", 3, "root/not-found", inLibrary("index", "remove", scratch)],
  [
    "a metric without its model",
    3,
    "metric/needs-model",
    ["compare", p(1), p(2), "--metric", "clip-i", "--library", join(scratch, "none")],
  ],
  [
    "a checkpoint that is not there",
    3,
    "checkpoint/not-found",
    ["compare", p(1), p(2), "--metric", "clip-i", "--checkpoint", join(scratch, "no-model")],
  ],
  [
    "a checkpoint of another family",
    3,
    "checkpoint/unsupported",
    ["compare", p(1), p(2), "--metric", "clip-i", "--checkpoint", join(checkpoints, "dinov2-tiny")],
  ],
  ["a metric that is not measured", 3, "metric/needs-model", inLibrary("find", p(1), "--metric", "clip-i")],
  [
    "a layer that does not exist",
    2,
    "tap/unknown",
    ["compare", p(1), p(2), "--metric", "dinov2-aas", "--checkpoint", join(checkpoints, "dinov2-tiny"), "--layer", "99"],
  ],
  ["a layer below the first", 2, "usage/invalid", ["compare", p(1), p(2), "--layer", "-1"]],
  [
    "a map of a metric of pairs",
    2,
    "metric/unknown",
    ["heatmap", p(1), p(2), "--metric", "lpips", "--checkpoint", join(checkpoints, "vgg16-tiny"), "--out", join(scratch, "x.png")],
  ],
  [
    "a step beyond the schedule",
    2,
    "step/out-of-range",
    ["compare", p(1), p(2), "--metric", "diffsim-s", "--checkpoint", join(checkpoints, "sd15-tiny"), "--size", "64", "--step", "5000"],
  ],
  [
    "a map of a metric without tokens",
    2,
    "usage/invalid",
    ["heatmap", p(1), p(2), "--metric", "clip-i", "--checkpoint", join(checkpoints, "clip-vit-tiny"), "--out", join(scratch, "x.png")],
  ],
  ["a point outside the picture", 2, "usage/invalid", ["heatmap", p(1), p(2), "--at", "900,3", "--out", join(scratch, "x.png")]],
  [
    "a tap that does not exist",
    2,
    "tap/unknown",
    ["features", p(1), "--checkpoint", join(checkpoints, "dinov2-tiny"), "--tap", "layer1.z", "--out", join(scratch, "x.safetensors")],
  ],
  ["a model the library does not know", 3, "checkpoint/not-found", inLibrary("models", "verify", "nobody")],
  ["a model folder without a model", 3, "checkpoint/not-found", inLibrary("models", "add", photos)],
  ["a library path that is a file", 2, "usage/invalid", ["index", "run", "--library", bad]],
  [
    "a device this machine does not have",
    3,
    "device/unavailable",
    ["compare", p(1), p(2), "--device", process.platform === "win32" ? "coreml" : "directml"],
  ],
];

test.each(mistakes)("%s", async (_name, exitCode, code, args) => {
  const told = await cli(...args);
  expect(told.out).toBe("");
  expect(told.err).toMatch(/^[^\n]+[.?!)]\n([^\n]+\n)?$/);
  expect(told.err).not.toMatch(/\n\s+at /);
  const run = await cli(...args, "--json");
  expect(run.exitCode).toBe(exitCode);
  expect(run.err).toBe("");
  const { error } = run.json<ErrorDocument>();
  expect(error.code).toBe(code);
  expect(told.err.startsWith(error.message)).toBe(true);
});

test("--verbose adds the stack, nothing else does", async () => {
  expect((await cli("compare", p(1), missing, "--verbose")).err).toMatch(/\n\s+at /);
});

test("a damaged line of a pairs file is named", async () => {
  const pairs = join(scratch, "bad-pairs.jsonl");
  await writeFile(pairs, `${JSON.stringify({ a: p(1), b: p(2) })}\n{"a": 3}\n`);
  const run = await cli("compare", "--pairs", pairs);
  expect(run.exitCode).toBe(2);
  expect(run.err).toMatch(/Line 2 of /);
});

test("options that a metric has no use for are told once, beside the answer", async () => {
  const one = await cli("compare", p(1), p(2), "--step", "900", "--noise-seeds", "1,2");
  expect(one).toMatchObject({ exitCode: 0, err: "starter-style has no use for --step, --noise-seeds.\n" });
  const pairs = join(scratch, "unheeded.jsonl");
  const line = JSON.stringify({ a: p(1), b: p(2), size: 64 });
  await writeFile(pairs, `${line}\n${line}\n`);
  expect((await cli("compare", "--pairs", pairs)).err).toBe("starter-style has no use for --size.\n");
  expect((await cli("compare", p(1), p(2), "--step", "900", "--quiet")).err).toBe("");
});
