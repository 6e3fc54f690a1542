/** @file What stands in front: masks over the contract and by the command line, on disk, and the scores that go by them. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { type Mask, packMask, unpackMask } from "#shared/domain/mask";
import { createEngine, type Engine } from "#main/engine/engine";
import { cli, type ErrorDocument } from "../support/cli";
import { connect, engineQuestions, refusal } from "../support/engine-client";
import { scratchFolder } from "../support/scratch-folder";

const metric = "starter-subject";
const scratch = scratchFolder();
const photos = join(scratch, "photos");
const libraryPath = join(scratch, "library");
const file = (name: string): string => join(photos, name);
const side = 160;

/** A thing of two colours in the middle of nothing. */
const things = {
  ring: '<circle cx="80" cy="80" r="34" fill="none" stroke="#d62828" stroke-width="16"/><circle cx="80" cy="80" r="9" fill="#1d3557"/>',
  fir: '<path d="M80 28L112 76H48ZM80 56L120 108H40Z" fill="#2a6f4e"/><rect x="72" y="108" width="16" height="24" fill="#5a3a22"/>',
} as const;

const drawing = (thing: keyof typeof things) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${things[thing]}</svg>`);

/** The thing before a picture of the sample library. */
async function draw(name: string, thing: keyof typeof things, ground: string): Promise<void> {
  const back = fileURLToPath(new URL(`../../resources/sample-library/${ground}.webp`, import.meta.url));
  await sharp(await sharp(back).resize(side, side, { fit: "cover" }).png().toBuffer())
    .composite([{ input: drawing(thing) }])
    .flatten()
    .png()
    .toFile(file(name));
}

let engine: Engine;
const client = () => connect(engine);
const { assetNamed } = engineQuestions(() => engine);
const idOf = async (name: string): Promise<AssetId> => (await assetNamed(name)).id;

const full: Mask = { width: side, height: side, runs: [0, side * side] };
/** The true mask of a thing. */
async function maskOf(thing: keyof typeof things): Promise<Mask> {
  const { data, info } = await sharp(drawing(thing)).extractChannel("alpha").threshold(128).raw().toBuffer({ resolveWithObject: true });
  return packMask({ width: info.width, height: info.height, data });
}

beforeAll(async () => {
  await mkdir(photos, { recursive: true });
  await draw("ring-1.png", "ring", "street--gouache");
  await draw("ring-2.png", "ring", "sailboat--poster");
  await draw("fir-1.png", "fir", "street--gouache");
  await sharp(drawing("ring")).png().toFile(file("cut-out.png"));
  engine = await createEngine({ libraryPath, device: "cpu", inference: "in-process" });
  const { jobId } = await client().roots.add({ paths: [photos] });
  await engine.jobs.finished(jobId);
});

afterAll(() => engine.dispose());

describe("masks over the contract", () => {
  test("without a mask the foreground is an estimate, on the grid of the metric", async () => {
    const { source, mask, grid, tiles } = await client().masks.get({ assetId: await idOf("ring-1.png"), metric });
    expect([source, grid, tiles.length]).toEqual(["estimate", { rows: 7, columns: 7 }, 49]);
    expect([mask.width, mask.height]).toEqual([side, side]);
    expect(tiles).toContain(1);
    expect(tiles).toContain(0);
  });

  test("a picture with transparency stands in front where it is opaque", async () => {
    const { source, mask } = await client().masks.get({ assetId: await idOf("cut-out.png"), metric });
    expect(source).toBe("transparency");
    expect(mask).toEqual(await maskOf("ring"));
  });

  test("a mask that is set is in use, on disk, until it is removed; what was there before undoes it", async () => {
    const assetId = await idOf("ring-2.png");
    const estimate = await client().masks.get({ assetId, metric });
    const mask = await maskOf("ring");
    expect(await client().masks.set({ assetId, mask })).toEqual({ previous: null });
    expect(await client().masks.get({ assetId, metric })).toMatchObject({ source: "given", mask });
    expect(await client().masks.estimate({ assetId, metric })).toEqual(estimate);
    expect(await client().masks.set({ assetId, mask: full })).toEqual({ previous: mask });
    expect((await client().masks.get({ assetId, metric })).tiles).not.toContain(0);
    expect(await client().masks.remove({ assetId })).toEqual({ previous: full });
    expect(await client().masks.get({ assetId, metric })).toEqual(estimate);
    expect(await client().masks.remove({ assetId })).toEqual({ previous: null });
  });

  test("what is no mask is refused and changes nothing", async () => {
    const assetId = await idOf("ring-1.png");
    const empty = packMask({ width: 4, height: 4, data: new Uint8Array(16) });
    expect(await refusal(client().masks.set({ assetId, mask: empty }))).toMatchObject({ code: "usage/invalid" });
    for (const mask of [
      { ...full, runs: [5] },
      { ...full, width: 100_000 },
      { ...full, runs: [-1, side * side + 1] },
    ])
      await expect(client().masks.set({ assetId, mask })).rejects.toThrow(/validation/);
    const nobody = "0".repeat(32) as AssetId;
    expect(await refusal(client().masks.set({ assetId: nobody, mask: full }))).toMatchObject({ code: "asset/not-found" });
    expect(await refusal(client().masks.get({ assetId, metric: "clip-i" }))).toMatchObject({ code: "metric/needs-model" });
    expect((await client().masks.get({ assetId, metric })).source).toBe("estimate");
  });

  test("a damaged mask is told by name, and can be set again", async () => {
    const assetId = await idOf("ring-1.png");
    await client().masks.set({ assetId, mask: full });
    const path = join(libraryPath, "masks", assetId.slice(0, 2), `${assetId}.json`);
    await writeFile(path, "{");
    await engine.dispose();
    engine = await createEngine({ libraryPath, device: "cpu", inference: "in-process" });
    expect(await refusal(client().masks.get({ assetId, metric }))).toEqual(
      expect.objectContaining({ code: "library/corrupt", message: `The mask ${path} cannot be read.` }),
    );
    expect(await client().masks.set({ assetId, mask: full })).toEqual({ previous: null });
    expect((await client().masks.get({ assetId, metric })).source).toBe("given");
    await client().masks.remove({ assetId });
  });
});

describe("a pair by its foregrounds", () => {
  const scores = async (a: string, b: string) => client().compare.foreground({ a: await idOf(a), b: await idOf(b), metric });

  test("with everything in front it is the score of the pair itself", async () => {
    const [a, b] = [await idOf("ring-1.png"), await idOf("fir-1.png")];
    const before = await client().compare.foreground({ a, b, metric });
    await client().masks.set({ assetId: a, mask: full });
    await client().masks.set({ assetId: b, mask: full });
    const { whole, foreground } = await client().compare.foreground({ a, b, metric });
    await client().masks.remove({ assetId: a });
    await client().masks.remove({ assetId: b });
    expect(foreground).toBe(whole);
    expect(whole).toBe((await client().compare.pair({ a, b, metric })).score);
    expect(before.whole).toBe(whole);
    expect(before.foreground).not.toBe(whole);
  });

  test("the same thing before another ground is nearer than another thing before the same ground", async () => {
    for (const [name, thing] of [
      ["ring-1.png", "ring"],
      ["ring-2.png", "ring"],
      ["fir-1.png", "fir"],
    ] as const)
      await client().masks.set({ assetId: await idOf(name), mask: await maskOf(thing) });
    const [same, other] = [await scores("ring-1.png", "ring-2.png"), await scores("ring-1.png", "fir-1.png")];
    expect(same.whole).toBeLessThan(other.whole);
    expect(same.foreground ?? NaN).toBeGreaterThan(other.foreground ?? NaN);
    for (const name of ["ring-1.png", "ring-2.png", "fir-1.png"]) await client().masks.remove({ assetId: await idOf(name) });
  });

  test("a metric that sees a picture as one thing has none", async () => {
    const pair = { a: await idOf("ring-1.png"), b: await idOf("ring-2.png"), metric: "starter-style" };
    expect(await refusal(client().compare.foreground(pair))).toEqual(
      expect.objectContaining({
        code: "usage/invalid",
        message: "starter-style sees a picture as one thing and has no score of its foreground.",
      }),
    );
  });
});

describe("the command line", () => {
  const white = join(scratch, "white.png");
  const mask = join(scratch, "mask.png");

  beforeAll(async () => {
    await engine.dispose();
    await sharp({ create: { width: side, height: side, channels: 3, background: "white" } })
      .png()
      .toFile(white);
  });
  afterAll(async () => {
    engine = await createEngine({ libraryPath, device: "cpu", inference: "in-process" });
  });
  const inLibrary = (...args: readonly string[]) => cli("mask", ...args, "--library", libraryPath);

  test("compare scores foregrounds with the whole pictures beside it; masks that leave nothing out change nothing", async () => {
    const pair = ["compare", file("ring-1.png"), file("fir-1.png"), "--metric", metric] as const;
    const document = (await cli(...pair, "--foreground", "--json")).json<{ score: number; whole: number; foreground: object }>();
    expect(document.score).not.toBe(document.whole);
    expect(document.foreground).toMatchObject({ a: { source: "estimate" }, b: { source: "estimate" } });
    const masked = (await cli(...pair, "--mask-a", white, "--mask-b", white, "--json")).json<typeof document>();
    expect(masked).toMatchObject({ score: document.whole, whole: document.whole, foreground: { a: { source: "given", share: 1 } } });
    const text = await cli(...pair, "--foreground");
    expect(text.out).toMatch(/the foregrounds \(A \d+ %, estimate; B \d+ %, estimate\); whole pictures 0\.\d+/);
  });

  test.each([
    ["the published mode", ["--metric", metric, "--foreground", "--mode", "published"], /of the app's own, corrected mode/],
    ["a metric without tokens", ["--metric", "starter-style", "--foreground"], /sees a picture as one thing/],
    [
      "the ensemble",
      ["--metric", "ensemble", "--foreground", "--library", libraryPath],
      /takes its models and their settings from the library/,
    ],
  ])("compare refuses %s", async (_, options, message) => {
    const run = await cli("compare", file("ring-1.png"), file("fir-1.png"), ...options, "--json");
    expect(run.exitCode).toBe(2);
    expect(run.json<ErrorDocument>().error.message).toMatch(message);
  });

  test("mask writes, sets, shows and removes", async () => {
    const estimated = (await inLibrary(file("ring-1.png"), "--out", mask, "--json")).json<{ source: string; mask: Mask }>();
    expect(estimated.source).toBe("estimate");
    const { width, height } = await sharp(mask).metadata();
    expect([width, height]).toEqual([side, side]);
    expect((await inLibrary(file("ring-1.png"), "--set", mask)).out).toMatch(
      /^\d+ % of the picture stands in front, by the mask that was set\.\n$/,
    );
    const set = (await inLibrary(file("ring-1.png"), "--json")).json<{ source: string; mask: Mask }>();
    expect(set).toMatchObject({ source: "given", mask: estimated.mask });
    expect(unpackMask(set.mask).data.includes(1)).toBe(true);
    expect((await inLibrary(file("ring-1.png"), "--remove")).out).toContain("by an estimate from its features");
  });

  test("mask refuses another shape, what is no picture, and a picture of no library", async () => {
    const wide = join(scratch, "wide.png");
    await sharp({ create: { width: 2 * side, height: side, channels: 3, background: "white" } })
      .png()
      .toFile(wide);
    const shape = await inLibrary(file("ring-1.png"), "--set", wide, "--json");
    expect(shape.exitCode).toBe(2);
    expect(shape.json<ErrorDocument>().error.message).toContain("another shape than its picture of 160 x 160");
    await writeFile(join(scratch, "text.png"), "no picture");
    expect((await inLibrary(file("ring-1.png"), "--set", join(scratch, "text.png"))).exitCode).not.toBe(0);
    expect((await inLibrary(white)).exitCode).not.toBe(0);
    expect((await inLibrary(file("ring-1.png"), "--set", white, "--remove")).exitCode).toBe(2);
    expect(await readFile(file("ring-1.png"))).toBeInstanceOf(Buffer);
  });
});
