/** @file The engine over its contract: thirty pictures indexed, searched, compared and served, and their folder untouched. */
import { mkdir, readFile, rename, rm, stat, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { SearchEvent } from "#shared/domain/search";
import { decodeImage } from "#main/data/imaging/decode";
import { hashFile } from "#main/data/library/asset-hash";
import { createEngine, type Engine } from "#main/engine/engine";
import { connect, type EngineClient, engineQuestions, refusal } from "../support/engine-client";
import { folderState } from "../support/folder-state";
import { picture, writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

vi.mock(import("#main/data/imaging/decode"), async (original) => {
  const real = await original();
  return { ...real, decodeImage: vi.fn(real.decodeImage) };
});
vi.mock(import("#main/data/library/asset-hash"), async (original) => {
  const real = await original();
  return { ...real, hashFile: vi.fn(real.hashFile) };
});

const scratch = scratchFolder();
const photos = join(scratch, "photos");
const libraryPath = join(scratch, "library");
let engine: Engine;
let client: EngineClient;
const { finished, rescan, allAssets, assetNamed, search } = engineQuestions(() => engine);

beforeAll(async () => {
  for (let seed = 0; seed < 30; seed += 1) await writePicture(join(photos, seed % 3 === 0 ? "sub" : "", `p${seed}.png`), seed);
  engine = await createEngine({ libraryPath, inference: "worker", device: "cpu" });
  client = connect(engine);
});
afterAll(() => engine.dispose());

describe("indexing", () => {
  test("a first run measures every picture and leaves the folder as it was", async () => {
    const before = await folderState(photos);
    expect(await client.system.status()).toMatchObject({ isFirstRun: true, assetCount: 0, isReadOnly: false });
    const { roots, jobId } = await client.roots.add({ paths: [photos] });
    expect(roots).toMatchObject([{ path: photos, isSample: false }]);
    expect(await finished(jobId)).toMatchObject({ done: 30, total: 30, issueCount: 0 });
    expect(await client.system.status()).toMatchObject({ isFirstRun: false, assetCount: 30, issueCount: 0 });
    const assets = await allAssets();
    expect(assets).toHaveLength(30);
    expect(
      assets.every((asset) => asset.isMeasured && !asset.isMissing && asset.width === 96 && asset.height === 72 && asset.format === "png"),
    ).toBe(true);
    expect(await folderState(photos)).toEqual(before);
  });

  test("a second run over an unchanged folder reads no picture", async () => {
    vi.mocked(decodeImage).mockClear();
    vi.mocked(hashFile).mockClear();
    expect(await rescan()).toMatchObject({ done: 0, total: 0 });
    expect(decodeImage).not.toHaveBeenCalled();
    expect(hashFile).not.toHaveBeenCalled();
  });

  test("a moved picture is found by its bytes and not measured again", async () => {
    await mkdir(join(photos, "moved"));
    await rename(join(photos, "p1.png"), join(photos, "moved", "renamed.png"));
    vi.mocked(decodeImage).mockClear();
    await rescan();
    expect(decodeImage).not.toHaveBeenCalled();
    const asset = await assetNamed("renamed.png");
    expect(asset.isMeasured).toBe(true);
    expect((await client.assets.detail({ assetId: asset.id })).files.map((file) => file.path)).toEqual([
      join(photos, "moved", "renamed.png"),
    ]);
    expect(await allAssets()).toHaveLength(30);
  });

  test("a copy is one asset with two files; a changed file is a new asset; a deleted one is forgotten", async () => {
    await writeFile(join(photos, "copy.png"), await readFile(join(photos, "p2.png")));
    await writePicture(join(photos, "p4.png"), 104);
    await unlink(join(photos, "p5.png"));
    await rescan();
    const copied = await assetNamed("copy.png").catch(() => assetNamed("p2.png"));
    expect((await client.assets.detail({ assetId: copied.id })).files).toHaveLength(2);
    const names = (await allAssets()).map((asset) => asset.name);
    expect(names).not.toContain("p5.png");
    expect(names).toHaveLength(29);
    await writePicture(join(photos, "p5.png"), 5);
    await unlink(join(photos, "copy.png"));
    await rescan();
    expect(await allAssets()).toHaveLength(30);
  });

  test("a bad file is one issue with one sentence, and is not tried again until it changes", async () => {
    await writeFile(join(photos, "broken.jpg"), "this is no picture");
    expect(await rescan()).toMatchObject({ issueCount: 1 });
    const [issue, ...others] = await client.assets.issues({ limit: 10 });
    expect(others).toEqual([]);
    expect(issue?.path).toBe(join(photos, "broken.jpg"));
    expect(issue?.message).toMatch(/^[^\n]+\.$/);
    vi.mocked(hashFile).mockClear();
    await rescan();
    expect(hashFile).not.toHaveBeenCalled();
    expect(await client.assets.issues({ limit: 10 })).toHaveLength(1);
    await writePicture(join(photos, "broken.jpg"), 77);
    await rescan();
    expect(await client.assets.issues({ limit: 10 })).toEqual([]);
    await unlink(join(photos, "broken.jpg"));
    await rescan();
    expect(await allAssets()).toHaveLength(30);
  });

  test("a run can be watched, and a paused run holds until it goes on", async () => {
    for (let seed = 200; seed < 230; seed += 1) await writePicture(join(photos, "later", `q${seed}.png`), seed);
    const events = engine.jobs.events();
    const { jobId } = await client.roots.rescan();
    let done = 0;
    for await (const job of events) {
      if (job.id !== jobId) continue;
      expect(job.done).toBeGreaterThanOrEqual(done);
      done = job.done;
      if (job.step === "measure" && job.state === "running") break;
    }
    expect((await client.jobs.pause({ jobId })).state).toBe("paused");
    await new Promise((resolve) => setTimeout(resolve, 300));
    const held = engine.jobs.get(jobId).done;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(engine.jobs.get(jobId).done).toBe(held);
    expect((await client.jobs.resume({ jobId })).state).toBe("running");
    await finished(jobId);
    await rm(join(photos, "later"), { recursive: true });
    await rescan();
  });
});

describe("search", () => {
  test("coarse matches first, exact ones once, the picture itself left out", async () => {
    const asset = await assetNamed("p7.png");
    const events = await search({ references: [{ assetId: asset.id, weight: 1, crop: null }], metric: "starter-subject" });
    expect(events.map((event) => [event.stage, event.isFinal])).toEqual([
      ["coarse", false],
      ["exact", true],
    ]);
    const last = events.at(-1);
    expect(last).toMatchObject({ measured: 30, total: 30, candidates: 29 });
    expect(last?.matches).toHaveLength(10);
    expect(last?.matches.map((match) => match.asset.id)).not.toContain(asset.id);
    const scores = last?.matches.map((match) => match.score) ?? [];
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(last?.matches.every((match) => match.rarity !== null && match.rarity >= 0 && match.rarity <= 1)).toBe(true);
    expect(last?.matches[0]?.votes).toEqual({ diffsim: null, clip: null, dino: null, starter: expect.any(Boolean) as boolean });
  });

  test("a metric that ranks by its pooled vectors answers once", async () => {
    const asset = await assetNamed("p7.png");
    const events = await search({ references: [{ assetId: asset.id, weight: 1, crop: null }], metric: "starter-style" });
    expect(events.map((event) => [event.stage, event.isFinal])).toEqual([["exact", true]]);
  });

  test("a question with an unwanted picture has no yardstick", async () => {
    const [wanted, unwanted] = [await assetNamed("p7.png"), await assetNamed("p8.png")];
    const references = [
      { assetId: wanted.id, weight: 1, crop: null },
      { assetId: unwanted.id, weight: -0.5, crop: null },
    ];
    const matches = (await search({ references })).at(-1)?.matches ?? [];
    expect(matches.length).toBeGreaterThan(0);
    expect(matches.every((match) => match.rarity === null)).toBe(true);
  });

  test("the same question gives the same answer, also when everything is scored exactly", async () => {
    const asset = await assetNamed("p8.png");
    const references = [{ assetId: asset.id, weight: 1, crop: null }];
    const [first, again, exact] = [await search({ references }), await search({ references }), await search({ references, exact: true })];
    const ranked = (events: readonly SearchEvent[]) => events.at(-1)?.matches.map(({ asset: { id }, score }) => [id, score]);
    expect(ranked(again)).toEqual(ranked(first));
    expect(ranked(exact)).toEqual(ranked(first));
  });

  test("an unwanted reference lowers what is like it; a folder limits the answer", async () => {
    const [wanted, unwanted] = [await assetNamed("p6.png"), await assetNamed("p11.png")];
    const plain = await search({ references: [{ assetId: wanted.id, weight: 1, crop: null }], top: 30 });
    const less = await search({
      references: [
        { assetId: wanted.id, weight: 1, crop: null },
        { assetId: unwanted.id, weight: -0.5, crop: null },
      ],
      top: 30,
    });
    const scoreOf = (events: readonly SearchEvent[], name: string) =>
      events.at(-1)?.matches.find((match) => match.asset.name === name)?.score ?? Number.NaN;
    // p16 has the colours of p11.
    expect(scoreOf(less, "p16.png")).toBeLessThan(scoreOf(plain, "p16.png"));
    const below = await search({ references: [{ assetId: wanted.id, weight: 1, crop: null }], folder: join(photos, "sub") });
    expect(below.at(-1)?.matches.length).toBeGreaterThan(0);
    expect(below.at(-1)?.matches.every((match) => match.path.startsWith(join(photos, "sub")))).toBe(true);
  });

  test("a part of a picture is a question of its own", async () => {
    const asset = await assetNamed("p7.png");
    const whole = await search({ references: [{ assetId: asset.id, weight: 1, crop: null }] });
    const part = await search({ references: [{ assetId: asset.id, weight: 1, crop: { x: 0, y: 0, width: 0.4, height: 0.5 } }] });
    expect(part.at(-1)?.matches.map((match) => match.score)).not.toEqual(whole.at(-1)?.matches.map((match) => match.score));
  });

  test("a picture from outside finds its twin of the library first", async () => {
    const outside = await engine.addOutsideImage(new Uint8Array(await picture(9).flatten().jpeg({ quality: 95 }).toBuffer()));
    const events = await search({ references: [{ assetId: outside.id, weight: 1, crop: null }], metric: "starter-subject" });
    expect(events.at(-1)?.matches[0]?.asset.name).toBe("p9.png");
    const own = await engine.addOutsideImage(join(photos, "p10.png"));
    expect(own).toEqual(await assetNamed("p10.png"));
  });

  test("random pairs are the yardstick of the score that is shown", async () => {
    const { scores, suggestedCutoff } = await client.search.randomPairs({ metric: "starter-style" });
    expect(scores).toHaveLength((30 * 29) / 2);
    expect(suggestedCutoff).not.toBeNull();
    expect(scores.filter((score) => score >= (suggestedCutoff ?? 0)).length / scores.length).toBeLessThanOrEqual(0.05);
  });

  test("questions that cannot be answered say so", async () => {
    const asset = await assetNamed("p7.png");
    const references = [{ assetId: asset.id, weight: 1, crop: null }];
    expect(await refusal(search({ references: [{ assetId: asset.id, weight: 0, crop: null }] }))).toMatchObject({ code: "usage/invalid" });
    expect(await refusal(search({ references, metric: "clip-i" }))).toMatchObject({ code: "metric/needs-model" });
    expect(await refusal(client.metrics.measure({ metric: "dinov2-aas" }))).toMatchObject({ code: "metric/needs-model" });
    expect(await refusal(client.assets.detail({ assetId: "0".repeat(32) }))).toMatchObject({
      code: "asset/not-found",
    });
  });
});

describe("compare and media", () => {
  test("a pair has a score, both directions and maps, and a picture is like itself", async () => {
    const [a, b] = [await assetNamed("p7.png"), await assetNamed("p12.png")];
    const pair = await client.compare.pair({ a: a.id, b: b.id, metric: "starter-style" });
    expect(pair).toMatchObject({
      metric: "starter-style",
      modelName: "starter",
      device: "cpu",
      a: { assetId: a.id },
      b: { assetId: b.id },
    });
    const tokens = (pair.a?.grid.rows ?? 0) * (pair.a?.grid.columns ?? 0);
    expect(pair.a?.heat).toHaveLength(tokens);
    expect(pair.a?.match.every((patch) => patch >= 0 && patch < tokens)).toBe(true);
    const match = (await search({ references: [{ assetId: a.id, weight: 1, crop: null }], top: 30 }))
      .at(-1)
      ?.matches.find((each) => each.asset.id === b.id);
    expect(pair.score).toBeCloseTo(match?.score ?? Number.NaN, 6);
    for (const metric of ["starter-style", "starter-subject"] as const) {
      expect((await client.compare.pair({ a: a.id, b: a.id, metric })).score).toBeCloseTo(1, 4);
    }
  });

  test("thumbnails, pictures and tokens are files of the asset", async () => {
    const asset = await assetNamed("p7.png");
    const thumbnail = await engine.media({ kind: "thumbnail", assetId: asset.id, size: 256 });
    expect(thumbnail.contentType).toBe("image/webp");
    expect((await stat(thumbnail.path)).size).toBeGreaterThan(50);
    expect(await engine.media({ kind: "picture", assetId: asset.id })).toEqual({ path: join(photos, "p7.png"), contentType: "image/png" });
    const tokens = await engine.media({ kind: "tokens", assetId: asset.id, metric: "starter-style" });
    const [rows, columns, channels] = (tokens.headers?.["x-semblance-shape"] ?? "").split(",").map(Number);
    const bytes = await readFile(tokens.path);
    const vectors = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    expect(vectors).toHaveLength((rows ?? 0) * (columns ?? 0) * (channels ?? 0));
    expect(Math.hypot(...vectors.subarray(0, channels))).toBeCloseTo(1, 5);
  });

  test("a path that was replaced by a link to something else is not served as the asset", async () => {
    const asset = await assetNamed("p13.png");
    const secret = join(scratch, "secret.txt");
    await writeFile(secret, "not yours");
    await rename(join(photos, "p13.png"), join(scratch, "kept.png"));
    await symlink(secret, join(photos, "p13.png"));
    await expect(engine.media({ kind: "picture", assetId: asset.id })).rejects.toMatchObject({ code: "asset/not-found" });
    await unlink(join(photos, "p13.png"));
    await rename(join(scratch, "kept.png"), join(photos, "p13.png"));
    expect((await engine.media({ kind: "picture", assetId: asset.id })).path).toBe(join(photos, "p13.png"));
  });
});

describe("metrics and models", () => {
  test("a model from a folder enables its metrics, and a measured one answers", async () => {
    const folder = join(import.meta.dirname, "../golden/fixtures/checkpoints/clip-vit-tiny");
    const card = await client.models.add({ path: folder });
    expect(card).toMatchObject({
      name: "clip-vit-tiny",
      family: "clip",
      enables: ["clip-aas", "clip-i", "clip-features"],
      isBundled: false,
    });
    const before = await client.metrics.list();
    expect(before.find((metric) => metric.question === "semantic")?.metric).toBe("clip-i");
    expect(before.find((metric) => metric.metric === "clip-i")).toMatchObject({
      state: "not-measured",
      model: "clip-vit-tiny",
      measured: 0,
    });
    await finished((await client.metrics.measure({ metric: "clip-i" })).jobId);
    await finished((await client.metrics.measure({ metric: "clip-aas" })).jobId);
    const after = await client.metrics.list();
    expect(after.find((metric) => metric.metric === "clip-i")).toMatchObject({ state: "ready", measured: 30, total: 30 });
    const asset = await assetNamed("p7.png");
    const pooled = await search({ references: [{ assetId: asset.id, weight: 1, crop: null }], metric: "clip-i" });
    expect(pooled.map((event) => event.stage)).toEqual(["exact"]);
    expect(pooled[0]?.matches[0]?.votes.clip).not.toBeNull();
    const aligned = await search({ references: [{ assetId: asset.id, weight: 1, crop: null }], metric: "clip-aas" });
    expect(aligned.at(-1)?.matches).toHaveLength(10);
    expect((await client.compare.pair({ a: asset.id, b: asset.id, metric: "clip-aas" })).score).toBeCloseTo(1, 4);
    await client.models.remove({ name: "clip-vit-tiny" });
    expect((await client.metrics.list()).find((metric) => metric.metric === "clip-i")).toMatchObject({ state: "needs-model", model: null });
    expect((await client.models.list()).map((model) => model.name)).toEqual(["starter"]);
  });

  test("a folder that is no model is refused with the reason, the starter stays", async () => {
    expect(await refusal(client.models.add({ path: photos }))).toMatchObject({ code: "checkpoint/not-found" });
    expect(await refusal(client.models.remove({ name: "starter" }))).toMatchObject({ code: "usage/invalid" });
  });
});

describe("library", () => {
  test("nested and missing folders are refused, and nothing is added", async () => {
    expect(await refusal(client.roots.add({ paths: [join(photos, "sub")] }))).toMatchObject({ code: "root/overlaps" });
    expect(await refusal(client.roots.add({ paths: [join(scratch, "nowhere")] }))).toMatchObject({ code: "root/not-found" });
    expect(await client.roots.list()).toHaveLength(1);
  });

  test("a second engine gets a sentence, or looks without changing anything", async () => {
    await expect(createEngine({ libraryPath, inference: "in-process" })).rejects.toMatchObject({ code: "library/locked" });
    const reader = await createEngine({ libraryPath, readOnly: true, inference: "in-process" });
    try {
      const other = connect(reader);
      expect(await other.system.status()).toMatchObject({ isReadOnly: true, assetCount: 30 });
      expect(await refusal(other.roots.add({ paths: [scratch] }))).toMatchObject({ code: "library/read-only" });
      const asset = await assetNamed("p7.png");
      const events: SearchEvent[] = [];
      const stream = await other.search.run({
        references: [{ assetId: asset.id, weight: 1, crop: null }],
        metric: "starter-style",
        combine: "mean",
        top: 3,
        exact: false,
        folder: null,
        against: null,
      });
      for await (const event of stream) events.push(event);
      expect(events.at(-1)?.matches).toHaveLength(3);
    } finally {
      await reader.dispose();
    }
  });

  test("views are told what changed", async () => {
    const topics = new Set<string>();
    const stop = new AbortController();
    const stream = await client.system.changes({}, { signal: stop.signal });
    await writePicture(join(photos, "p31.png"), 31);
    await rescan();
    for await (const { topic } of stream) {
      topics.add(topic);
      if (topic === "assets") break;
    }
    stop.abort();
    expect(topics).toContain("assets");
  });

  test("a folder that is removed while it is measured stays removed", async () => {
    const hasty = join(scratch, "hasty");
    for (let seed = 500; seed < 530; seed += 1) await writePicture(join(hasty, `h${seed}.png`), seed);
    const events = engine.jobs.events();
    const { roots, jobId } = await client.roots.add({ paths: [hasty] });
    for await (const job of events) if (job.id === jobId && job.done > 3) break;
    await client.roots.remove({ rootId: roots[0]!.id });
    for (const job of await client.jobs.list()) await engine.jobs.finished(job.id);
    expect((await client.jobs.list()).find((job) => job.id === jobId)).toMatchObject({ state: "cancelled", error: null });
    const paths = (await client.roots.folders()).map((folder) => folder.path);
    expect(paths.some((path) => path.startsWith(hasty))).toBe(false);
    expect((await allAssets()).some((asset) => asset.name.startsWith("h5"))).toBe(false);
    expect(await client.roots.list()).toHaveLength(1);
  });

  test("a folder whose drive is gone keeps its index", async () => {
    const count = (await allAssets()).length;
    await rename(photos, join(scratch, "unplugged"));
    await rescan();
    expect(await client.roots.list()).toMatchObject([{ path: photos, isAvailable: false }]);
    expect(await allAssets()).toHaveLength(count);
    await rename(join(scratch, "unplugged"), photos);
    expect(await rescan()).toMatchObject({ total: 0 });
    expect(await client.roots.list()).toMatchObject([{ path: photos, isAvailable: true }]);
  });

  test("removing a folder forgets its pictures and leaves its files", async () => {
    const before = await folderState(photos);
    const [root] = await client.roots.list();
    expect(await client.roots.remove({ rootId: root!.id })).toEqual({ removedFiles: 31 });
    expect(await client.system.status()).toMatchObject({ assetCount: 0, isFirstRun: true });
    expect(await folderState(photos)).toEqual(before);
  });
});
