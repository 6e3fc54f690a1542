/** @file The command line: what each command prints, and how the built program ends. */
import { once } from "node:events";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../../build/scripts/ensure-built.mjs";
import { cli, type ErrorDocument, runBuiltCli, startCli, stoppableCli } from "../support/cli";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const library = join(scratch, "library");
const checkpoints = fileURLToPath(new URL("../golden/fixtures/checkpoints/", import.meta.url));
const p = (seed: number): string => join(photos, `p${seed}.png`);

beforeAll(async () => {
  for (let seed = 0; seed < 30; seed += 1) await writePicture(p(seed), seed);
  await writeFile(join(photos, "notes.jpg"), "no picture at all");
});

describe("library", () => {
  test("nothing yet: status and lists answer, find says what to do, and no library is made by looking", async () => {
    expect((await cli("index", "status", "--library", library, "--json")).json()).toEqual({
      assets: 0,
      files: 0,
      recipes: expect.any(Array) as unknown,
      skipped: [],
      job: null,
    });
    expect((await cli("index", "list", "--library", library, "--json")).json()).toEqual([]);
    const found = await cli("find", p(1), "--library", library, "--json");
    expect(found.exitCode).toBe(3);
    expect(found.json<ErrorDocument>().error).toMatchObject({ code: "library/not-found", hint: expect.stringMatching(/./) as string });
    await expect(stat(library)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("index add, run, status, list", async () => {
    const added = await cli("index", "add", photos, "--library", library, "--json");
    expect(added).toMatchObject({ exitCode: 0, err: "" });
    expect(added.json()).toEqual([{ path: photos, files: 0, available: true, sample: false }]);
    const run = await cli("index", "run", "--library", library, "--json");
    expect(run.exitCode).toBe(0);
    const status = {
      assets: 30,
      files: 31,
      recipes: [
        { name: "starter-style", model: "starter", done: 30, total: 30 },
        { name: "starter-subject", model: "starter", done: 30, total: 30 },
      ],
      skipped: [{ path: join(photos, "notes.jpg"), reason: expect.stringMatching(/^[^\n]+\.$/) as string }],
    };
    const rate = { imagesPerSecond: expect.any(Number) as number, etaSeconds: null, device: "cpu" };
    expect(run.json()).toEqual({ ...status, job: { state: "done", done: 31, total: 31, ...rate } });
    expect((await cli("index", "status", "--library", library, "--json")).json()).toEqual({
      ...status,
      job: { state: "done", done: 31, total: 31, ...rate },
    });
    const again = await cli("index", "run", "--library", library);
    expect(again.out).toMatch(/^Nothing to do: 30 pictures are measured\./);
    expect((await cli("index", "list", "--library", library, "--jsonl")).jsonLines()).toEqual([
      { path: photos, files: 31, available: true, sample: false, foundAt: null },
    ]);
  });

  test("find answers the contract's document", async () => {
    const run = await cli(
      "find",
      p(3),
      "--minus",
      p(5),
      "--weight",
      "1",
      "--weight",
      "-0.25",
      "--crop",
      "0,0,48,72",
      "--top",
      "4",
      "--library",
      library,
      "--json",
    );
    expect(run).toMatchObject({ exitCode: 0, err: "" });
    const document = run.json<{ results: { rank: number; score: number; rarity: number | null; path: string }[] }>();
    expect(document).toEqual({
      query: [
        { path: p(3), weight: 1, crop: [0, 0, 48, 72] },
        { path: p(5), weight: -0.25 },
      ],
      mode: "style",
      metric: "starter-style",
      recipe: expect.objectContaining({ metric: "starter-style", family: "starter" }) as object,
      candidates: 28,
      exact: false,
      precision: "float32",
      results: expect.any(Array) as unknown[],
      milliseconds: {
        embed: expect.any(Number) as number,
        candidates: expect.any(Number) as number,
        rerank: expect.any(Number) as number,
        total: expect.any(Number) as number,
      },
    });
    expect(document.results).toHaveLength(4);
    for (const [index, result] of document.results.entries()) {
      expect(result).toEqual({
        rank: index + 1,
        path: expect.stringContaining(photos) as string,
        assetId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        score: expect.any(Number) as number,
        rarity: expect.toSatisfy((rarity: unknown) => rarity === null || typeof rarity === "number") as number,
        votes: { diffsim: null, clip: null, dino: null, starter: expect.any(Boolean) as boolean },
      });
    }
  });

  test("find by question, by metric, over a folder, exactly, line by line and as text", async () => {
    const instance = (await cli("find", p(3), "--instance", "--library", library, "--json")).json<{ mode: string; metric: string }>();
    expect(instance).toMatchObject({ mode: "instance", metric: "starter-subject" });
    const named = (await cli("find", p(3), "--metric", "starter-subject", "--exact", "--library", library, "--json")).json<{
      mode: null;
      exact: boolean;
      results: object[];
    }>();
    expect(named).toMatchObject({ mode: null, exact: true });
    const lines = (await cli("find", p(3), "--metric", "starter-subject", "--library", library, "--jsonl")).jsonLines<{ rank: number }>();
    expect(lines).toEqual(named.results);
    const nowhere = await cli("find", p(3), "--where", `folder="${join(scratch, "elsewhere")}"`, "--library", library);
    expect(nowhere).toMatchObject({ exitCode: 0, out: `No measured picture of the library lies in ${join(scratch, "elsewhere")}.\n` });
    expect((await cli("find", p(3), "--top", "2", "--library", library)).out).toMatch(
      /^rank +score +rarity +file\n +1 +\d\.\d{3} .*\n +2 /,
    );
  });

  test("a picture from outside the library can be asked with", async () => {
    const outside = join(scratch, "outside.webp");
    await writePicture(outside, 12);
    const run = await cli("find", outside, "--instance", "--top", "1", "--library", library, "--json");
    expect(run.json<{ results: { path: string }[] }>().results[0]?.path).toBe(p(12));
  });

  test("models: scan, list, verify, remove; a measured metric joins the index", async () => {
    const row = {
      family: "dinov2",
      layout: "transformers",
      precision: "float32",
      missing: [],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    };
    const enables = ["dinov2-aas", "dinov2-cls", "dinov2-features", "foreground-features"];
    const path = join(checkpoints, "dinov2-tiny");
    expect((await cli("models", "add", path, "--library", library, "--json")).json()).toEqual({
      ...row,
      name: "dinov2-tiny",
      path,
      enables,
    });
    const listed = (await cli("models", "list", "--library", library, "--json")).json<{ name: string; enables: string[] }[]>();
    expect(listed.map((card) => card.name)).toEqual(["starter", "dinov2-tiny"]);
    expect(listed[0]?.enables).toEqual(["starter-style", "starter-subject", "colour"]);
    expect((await cli("models", "verify", "dinov2-tiny", "--library", library, "--json")).json()).toMatchObject({
      name: "dinov2-tiny",
      ok: true,
    });
    const measured = (await cli("index", "run", "--metric", "dinov2-cls", "--library", library, "--json")).json<{ recipes: object[] }>();
    expect(measured.recipes).toContainEqual({ name: "dinov2-cls", model: "dinov2-tiny", done: 30, total: 30 });
    const found = (await cli("find", p(3), "--metric", "dinov2-cls", "--top", "3", "--library", library, "--json")).json<{
      results: { votes: { dino: boolean | null } }[];
    }>();
    expect(found.results.every((result) => typeof result.votes.dino === "boolean")).toBe(true);
    expect((await cli("models", "remove", "dinov2-tiny", "--library", library)).exitCode).toBe(0);
    const scanned = (await cli("models", "scan", checkpoints, "--library", join(scratch, "scan-library"), "--json")).json<{
      models: { name: string }[];
    }>();
    expect(scanned.models.map((card) => card.name)).toEqual(expect.arrayContaining(["clip-vit-tiny", "dinov2-tiny", "sd15-tiny"]));
  });

  test("index remove forgets the folder and leaves the files", async () => {
    const other = join(scratch, "other-library");
    await cli("index", "add", photos, "--library", other);
    expect((await cli("index", "remove", photos, "--library", other, "--json")).json()).toEqual([{ path: photos, removedFiles: 0 }]);
    expect((await stat(p(1))).size).toBeGreaterThan(0);
  });
});

describe("pictures without a library", () => {
  test("compare prints the parity document, with null for what a metric does not have", async () => {
    const run = await cli("compare", p(1), p(6), "--metric", "starter-style", "--json");
    expect(run).toMatchObject({ exitCode: 0, err: "" });
    expect(run.json()).toEqual({
      metric: "starter-style",
      score: expect.any(Number) as number,
      directions: { ab: expect.any(Number) as number, ba: expect.any(Number) as number },
      similarity: "cosine",
      recipe: expect.objectContaining({ metric: "starter-style" }) as object,
      model: { name: "starter", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      device: "cpu",
      precision: "float32",
      milliseconds: {
        decode: expect.any(Number) as number,
        text: null,
        vae: null,
        unet: null,
        score: null,
        total: expect.any(Number) as number,
      },
    });
  });

  test("compare runs a file of pairs in order, options of a line before those of the command", async () => {
    const pairs = join(scratch, "pairs.jsonl");
    const checkpoint = join(checkpoints, "clip-vit-tiny");
    await writeFile(
      pairs,
      [
        { a: "photos/p1.png", b: p(6) },
        { a: p(1), b: p(6), metric: "clip-i", checkpoint },
        { a: p(1), b: p(6), metric: "clip-aas", checkpoint, layer: 1, cropA: [0, 0, 40, 40] },
      ]
        .map((pair) => JSON.stringify(pair))
        .join("\n"),
    );
    const run = await cli("compare", "--pairs", pairs, "--metric", "starter-subject", "--json");
    expect(run.exitCode).toBe(0);
    const lines = run.jsonLines<{ metric: string; score: number; scores?: number[]; model: { name: string } }>();
    expect(lines.map((line) => [line.metric, line.model.name])).toEqual([
      ["starter-subject", "starter"],
      ["clip-i", "clip-vit-tiny"],
      ["clip-aas", "clip-vit-tiny"],
    ]);
    // The published CLIP-I prints a hundred times the cosine.
    expect(Math.abs(lines[1]?.score ?? 0)).toBeGreaterThan(1);
    expect(lines[2]?.scores).toBeUndefined();
  });

  test("compare keeps staged tensors, and features writes taps under their names", async () => {
    const tensors = join(scratch, "tensors.safetensors");
    const flags = ["--checkpoint", join(checkpoints, "sd15-tiny"), "--size", "64"];
    expect((await cli("compare", p(1), p(6), "--metric", "diffsim-s", ...flags, "--save-tensors", tensors, "--json")).exitCode).toBe(0);
    expect((await stat(tensors)).size).toBeGreaterThan(1000);
    const tap = "up_blocks.1.attentions.2.transformer_blocks.0.attn1.q";
    const out = join(scratch, "features.safetensors");
    const written = (await cli("features", p(1), ...flags, "--tap", `${tap},mid_block`, "--out", out, "--json")).json<{
      tensors: Record<string, number[]>;
    }>();
    const bytes = await readFile(out);
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE(0)))) as Record<string, { shape: number[] }>;
    expect(Object.keys(written.tensors)).toEqual([tap, "mid_block"]);
    expect(header[tap]?.shape).toEqual(written.tensors[tap]);
  });

  test("heatmap draws a pair, a point of it, and writes its numbers", async () => {
    const out = join(scratch, "map.png");
    const run = await cli("heatmap", p(1), p(6), "--out", out, "--json");
    expect(run.json()).toMatchObject({ out, data: null, metric: "starter-style", score: expect.any(Number) as number });
    const plain = await sharp(out).metadata();
    expect(plain).toMatchObject({ format: "png", channels: 3 });
    const data = join(scratch, "map.json");
    await cli("heatmap", p(1), p(6), "--at", "50,30", "--metric", "starter-subject", "--out", out, "--data", data);
    const numbers = JSON.parse(await readFile(data, "utf8")) as {
      a: { grid: { rows: number; columns: number }; heat: number[] };
      at: { token: number; best: number; similarityA: number[]; similarityB: number[] };
    };
    expect(numbers.a.heat).toHaveLength(numbers.a.grid.rows * numbers.a.grid.columns);
    expect(numbers.at.similarityA[numbers.at.token]).toBeCloseTo(1, 3);
    expect(numbers.at.similarityB[numbers.at.best]).toBe(Math.max(...numbers.at.similarityB));
    await cli("heatmap", p(1), p(6), "--all", "--crop", "0,0,60,60", "--out", out);
    expect((await sharp(out).metadata()).height).toBeGreaterThan(plain.height);
  });

  test("doctor tells devices, disk and versions, and exits by what it found", async () => {
    const run = await cli("doctor", "--library", library, "--json");
    const document = run.json<{ ok: boolean; devices: { provider: string; selfTest: { ok: boolean } | null }[]; problems: string[] }>();
    expect(document.devices.find((device) => device.provider === "cpu")?.selfTest).toMatchObject({ ok: true });
    expect(document.problems).toEqual([]);
    expect(run.exitCode).toBe(0);
    const broken = join(scratch, "a-file");
    await writeFile(broken, "");
    expect((await cli("doctor", "--library", broken, "--json")).exitCode).toBe(1);
  });
});

describe("the built program", () => {
  beforeAll(() => ensureBuilt());

  test("Ctrl-C stops an index run at the next picture and keeps what was done", async () => {
    const many = join(scratch, "many");
    const place = join(scratch, "many-library");
    await mkdir(many);
    for (let seed = 300; seed < 380; seed += 1) await writePicture(join(many, `m${seed}.png`), seed);
    await cli("index", "add", many, "--library", place);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1200);
    const run = await stoppableCli(stop.signal, "index", "run", "--library", place);
    expect(run.exitCode).toBe(130);
    expect(run.err).toMatch(/Stopped\.\nWhat was done so far is kept\.\n$/);
    const kept = (await cli("index", "status", "--library", place, "--json")).json<{ assets: number; job: { state: string } }>();
    expect(kept.job.state).toBe("cancelled");
    expect(kept.assets).toBeLessThan(80);
    const rest = (await cli("index", "run", "--library", place, "--json")).json<{ assets: number; job: { done: number } }>();
    expect(rest.assets).toBe(80);
    expect(rest.job.done).toBe(80 - kept.assets);
  });

  test("results on stdout, exit code of the process, help and version", async () => {
    expect(await runBuiltCli("--version")).toBe(0);
    expect(await runBuiltCli("find", "--help")).toBe(0);
    expect(await runBuiltCli("find", missingPicture(), "--library", library)).toBe(3);
  });

  test("serve starts the headless host and prints its address", async () => {
    const host = startCli("serve", "--port", "0", "--library", join(scratch, "served"), "--json");
    const [line] = (await once(createInterface({ input: host.stdout! }), "line")) as [string];
    expect(JSON.parse(line)).toEqual({ address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/) as string });
    const exited = once(host, "exit");
    host.kill("SIGTERM");
    await exited;
  });

  test("demo measures, finds, checks and draws, offline", async () => {
    const place = join(scratch, "demo");
    const run = await cli("demo", "--offline", "--library", place, "--json");
    expect(run.exitCode).toBe(0);
    const document = run.json<{
      pictures: number;
      style: object[];
      subject: object[];
      check: { counts: { accepted: number }; candidates: object[] };
      heatmap: { path: string };
    }>();
    expect(document.pictures).toBeGreaterThan(100);
    expect(document.style).toHaveLength(5);
    expect(document.subject).toHaveLength(5);
    expect(document.check.candidates).toHaveLength(6);
    expect(document.check.counts.accepted).toBeGreaterThan(1);
    expect((await sharp(document.heatmap.path).metadata()).format).toBe("png");
  });
});

function missingPicture(): string {
  return join(scratch, "missing.png");
}
