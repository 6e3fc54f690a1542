/** @file `semblance maps`: every kind of map in pixels and numbers, from the tokens of the starter and from taps of other models, and what is refused. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { tileMeasures } from "#main/ml/maps/tile-measures";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenCheckpoint } from "../support/goldens";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const [a, b, wide] = ["a", "b", "wide"].map((name) => join(scratch, `${name}.png`)) as [string, string, string];
const out = join(scratch, "map.png");
const data = join(scratch, "map.json");
const dinov2 = ["--checkpoint", goldenCheckpoint("dinov2-tiny")];
const sd15 = ["--checkpoint", goldenCheckpoint("sd15-tiny"), "--size", "128"];

beforeAll(async () => {
  await writePicture(a, 1, { width: 280, height: 280 });
  await writePicture(b, 6, { width: 280, height: 280 });
  await writePicture(wide, 3, { width: 320, height: 160 });
});

interface PictureNumbers {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly area: readonly number[];
  readonly grid: { readonly rows: number; readonly columns: number };
  readonly channels: number;
  readonly mask: readonly number[] | null;
}

/** Draws a map and reads its numbers; the pictures of a kind have the fields of `Of`. */
async function mapsOf<Of, Whole = object>(...args: readonly string[]): Promise<Whole & { pictures: readonly (PictureNumbers & Of)[] }> {
  const run = await cli("maps", ...args, "--out", out, "--data", data, "--json");
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  expect(run.json()).toMatchObject({ out, data });
  expect((await sharp(out).metadata()).format).toBe("png");
  return JSON.parse(await readFile(data, "utf8")) as Whole & { pictures: readonly (PictureNumbers & Of)[] };
}

interface Place {
  readonly tile: number;
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

interface Measured {
  readonly values: readonly (number | null)[];
  readonly mean: number;
  readonly std: number;
  readonly best: Place & { readonly value: number };
}

describe("one tile against all", () => {
  test.each(tileMeasures)("%s of the starter's tokens", async (kind) => {
    const { at, pictures } = await mapsOf<Measured, { at: Place }>(a, b, "--kind", kind, "--at", "100,30");
    expect(at).toEqual({ tile: 2, row: 0, column: 2, x: 100, y: 20 });
    for (const { values, mean, best, grid, channels } of pictures) {
      expect(grid).toEqual({ rows: 7, columns: 7 });
      expect(channels).toBe(64);
      const numbers = values.map((value) => value ?? Number.NaN);
      expect(numbers).toHaveLength(49);
      expect(mean).toBeCloseTo(numbers.reduce((sum, value) => sum + value) / 49, 6);
      expect(best.value).toBe(Math.max(...numbers));
      expect(best).toMatchObject({ x: 40 * best.column + 20, y: 40 * best.row + 20 });
    }
    // The scale of dot products is that of the largest one, which need not be the tile's own.
    if (kind !== "dot-product") expect(pictures[0]?.values[2]).toBeCloseTo(kind === "rel-l2-norm" ? 0 : 1, 5);
  });

  test("equals the likeness that a heat map tells of the same point", async () => {
    const { pictures } = await mapsOf<Measured>(a, b, "--kind", "cosine", "--at", "100,200", "--metric", "starter-style");
    await cli("heatmap", a, b, "--at", "100,200", "--metric", "starter-style", "--out", out, "--data", data);
    const { at } = JSON.parse(await readFile(data, "utf8")) as { at: { similarityA: number[]; similarityB: number[] } };
    for (const [i, likeness] of [at.similarityA, at.similarityB].entries())
      expect(pictures[i]?.values.map((value, tile) => Math.abs((value ?? 2) - (likeness[tile] ?? 0)) < 2e-3)).not.toContain(false);
  });

  test("of a tap equals the cosine of the numbers that `features` writes", async () => {
    const file = join(scratch, "tapped.safetensors");
    await cli("features", a, ...dinov2, "--tap", "layer1.q", "--out", file);
    const { shape, data: values } = await (await openCheckpoint(file)).readTensor("layer1.q");
    const [heads = 0, tokens = 0, headDim = 0] = shape;
    const token = (tile: number): number[] =>
      Array.from({ length: heads }, (_, head) => [...values.subarray((head * tokens + 1 + tile) * headDim).subarray(0, headDim)]).flat();
    const cosine = (x: readonly number[], y: readonly number[]): number =>
      x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0) / Math.hypot(...x) / Math.hypot(...y);
    const { pictures, at } = await mapsOf<Measured, { at: Place }>(
      a,
      "--kind",
      "cosine",
      "--at",
      "140,140",
      ...dinov2,
      "--tap",
      "layer1.q",
    );
    expect(pictures[0]?.grid).toEqual({ rows: 7, columns: 7 });
    expect(at.tile).toBe(24);
    for (const tile of [0, 24, 48]) expect(pictures[0]?.values[tile]).toBeCloseTo(cosine(token(24), token(tile)), 5);
  });
});

test("colours are the pixels of the map, and mean the same in both pictures", async () => {
  const { pictures, ...whole } = await mapsOf<{ colours: readonly number[]; projection: readonly number[] }, { shares: readonly number[] }>(
    a,
    b,
    "--kind",
    "pca",
  );
  expect(whole.shares).toHaveLength(3);
  const { data: pixels, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number): number[] => [...pixels.subarray(info.channels * (y * info.width + x))].slice(0, 3);
  // Panels of 512 pixels lie 12 apart, the maps below the pictures; tile 0 of each is its top left.
  for (const [i, { colours, projection }] of pictures.entries()) {
    expect(pixel(20 + 524 * i, 544)).toEqual(colours.slice(0, 3));
    expect(projection).toHaveLength(3 * 49);
  }
  const lowest = pictures.flatMap(({ colours }) => colours.filter((_, at) => at % 3 === 0));
  expect([Math.min(...lowest), Math.max(...lowest)]).toEqual([0, 255]);
});

test("segments are the same on every run, and joint over the pictures", async () => {
  interface Segments {
    readonly segments: readonly { readonly segment: number; readonly tiles: number }[];
  }
  const first = await mapsOf<{ labels: readonly number[] }, Segments>(a, b, "--kind", "segments", "--segments", "3");
  expect(first.segments.reduce((sum, { tiles }) => sum + tiles, 0)).toBe(98);
  expect(first.segments.map(({ tiles }) => tiles)).toEqual(first.segments.map(({ tiles }) => tiles).toSorted((x, y) => y - x));
  const labels = first.pictures.flatMap((picture) => picture.labels);
  expect(labels.filter((label) => label === 0)).toHaveLength(first.segments[0]?.tiles ?? 0);
  expect(await mapsOf(a, b, "--kind", "segments", "--segments", "3")).toEqual(first);
});

test("norms name their anomalies, and the mask leaves them out of norms and of other maps", async () => {
  const corner = join(scratch, "corner.png");
  const bars = Array.from(
    { length: 8 },
    (_, bar) => `<rect x="${5 * bar}" width="2" height="40" fill="${bar % 2 === 0 ? "black" : "white"}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="280" height="280"><rect width="280" height="280" fill="#888"/>${bars.join("")}</svg>`;
  await sharp(Buffer.from(svg)).flatten().toFile(corner);
  const { pictures } = await mapsOf<{ values: readonly (number | null)[]; anomalies: readonly Place[] }>(corner, "--kind", "norms");
  const [shown] = pictures;
  const left = (shown?.anomalies ?? []).map(({ tile }) => tile);
  expect(left).toContain(0);
  expect(left).not.toContain(24);
  expect(shown).toMatchObject({ mask: null, channels: 64 });
  expect(shown?.values).not.toContain(null);
  const without = (values: readonly (number | null)[] = []): readonly number[] =>
    values.flatMap((value, tile) => (value === null ? [tile] : []));
  const masked = await mapsOf<Measured>(corner, "--kind", "norms", "--mask-anomalies");
  expect(masked.pictures[0]?.mask).toEqual(shown?.values.map((_, tile) => (left.includes(tile) ? 0 : 1)));
  expect(without(masked.pictures[0]?.values)).toEqual(left);
  const measured = await mapsOf<Measured>(corner, "--kind", "euclidean", "--at", "140,140", "--mask-anomalies");
  expect(without(measured.pictures[0]?.values)).toEqual(left);
});

describe("correspondence", () => {
  test("everywhere: a picture matches itself tile by tile", async () => {
    const { pictures, mutual } = await mapsOf<
      { match: readonly number[]; cosine: readonly number[]; mutual: readonly boolean[] },
      { mutual: number }
    >(a, a, "--kind", "correspondence");
    expect(mutual).toBe(49);
    expect(pictures[1]?.match).toEqual(Array.from({ length: 49 }, (_, tile) => tile));
    expect(pictures[0]?.cosine[7]).toBeCloseTo(1, 5);
  });

  test("of a point of a picture in itself", async () => {
    const found = await mapsOf<object, { points: readonly { b: { x: number; y: number; cosine: number } }[] }>(
      a,
      a,
      "--kind",
      "correspondence",
      "--at",
      "133,140",
    );
    expect(found.points).toEqual([{ a: { x: 133, y: 140 }, b: { x: 133, y: 140, cosine: expect.closeTo(1, 5) as number } }]);
  });

  test("of a point in squares, as another published way finds it", async () => {
    const { points } = await mapsOf<object, { points: readonly { b: { x: number; y: number } }[] }>(
      wide,
      wide,
      "--kind",
      "correspondence",
      "--at",
      "141,81",
      "--square",
      "80",
    );
    // 141 of 320 is pixel 35.25 of 80, which is 35; 81 of 160 is 40.5, which is 40.
    expect(points[0]?.b).toEqual({ x: 140, y: 80, cosine: expect.closeTo(1, 5) as number });
  });

  test("of keypoints, judged per image and per box, over several taps of a U-Net", async () => {
    const keypoints = join(scratch, "keypoints.json");
    const source = [
      [60, 70],
      [140, 140],
      [200, 90],
    ];
    await writeFile(keypoints, JSON.stringify({ source, target: [[60, 70], [140, 170], [200, 90]], box: [0, 0, 100, 90], alpha: 0.12 })); // prettier-ignore
    const { keypoints: judged, pictures } = await mapsOf<object, { keypoints: object }>(
      a,
      a,
      "--kind",
      "correspondence",
      "--keypoints",
      keypoints,
      "--tap",
      "us6,up_blocks.2",
      ...sd15,
    );
    expect(pictures[0]).toMatchObject({ grid: { rows: 16, columns: 16 } });
    expect(judged).toEqual({
      alpha: 0.12,
      distances: [0, 30, 0],
      perImage: { pck: 1, correct: [true, true, true] },
      perBox: { pck: 2 / 3, correct: [true, false, true] },
    });
  });
});

test("a model that sees the middle of a picture has its tiles there", async () => {
  const { pictures, at } = await mapsOf<Measured, { at: Place }>(
    wide,
    "--kind",
    "cosine",
    "--at",
    "91,11",
    "--metric",
    "dinov2-aas",
    ...dinov2,
  );
  expect(pictures[0]?.area).toEqual([90, 10, 140, 140]);
  expect(at).toEqual({ tile: 0, row: 0, column: 0, x: 100, y: 20 });
});

test("heat maps of such models lie there too", async () => {
  const clip = ["--metric", "clip-aas", "--checkpoint", goldenCheckpoint("clip-vit-tiny"), "--out", out];
  expect(await cli("heatmap", wide, wide, "--at", "81,80", ...clip)).toMatchObject({ exitCode: 0 });
  const { data: pixels, info } = await sharp(out).raw().toBuffer({ resolveWithObject: true });
  const pixel = (x: number, y: number): number[] => [...pixels.subarray(info.channels * (y * info.width + x))].slice(0, 3);
  // Left of the square in the middle the picture is bare: its ground colour, hsl(210, 40%, 80%), is unchanged there.
  expect(pixel(12 + 100, 12 + 500)).toEqual([184, 204, 224]);
  expect(pixel(12 + 500, 12 + 500)).not.toEqual([184, 204, 224]);
  expect(await cli("heatmap", wide, wide, "--at", "79,80", ...clip)).toMatchObject({ exitCode: 2 });
});

const mistakes: readonly (readonly [name: string, code: string, args: readonly string[]])[] = [
  ["a kind that does not exist", "usage/invalid", ["--kind", "aura"]],
  ["a measure without a tile", "usage/invalid", ["--kind", "cosine"]],
  ["a point outside the picture", "usage/invalid", ["--kind", "cosine", "--at", "280,0"]],
  ["a point outside what the model sees", "usage/invalid", ["--kind", "cosine", "--at", "2,2", ...dinov2, "--tap", "layer1.q"]],
  ["a point where none is used", "usage/invalid", ["--kind", "pca", "--at", "2,2"]],
  ["a correspondence of one picture", "usage/invalid", ["--kind", "correspondence"]],
  ["keypoints for another kind", "usage/invalid", ["--kind", "norms", "--keypoints", data]],
  ["keypoints that are none", "usage/invalid", [b, "--kind", "correspondence", "--keypoints", data]],
  ["keypoints of a file that is not there", "usage/invalid", [b, "--kind", "correspondence", "--keypoints", join(scratch, "none.json")]],
  ["keypoints that are no JSON", "usage/invalid", [b, "--kind", "correspondence", "--keypoints", a]],
  ["a model without a tap", "usage/invalid", [...dinov2]],
  ["a metric and a tap", "usage/invalid", ["--metric", "dinov2-aas", "--tap", "layer1.q", ...dinov2]],
  ["a metric without tokens", "usage/invalid", ["--metric", "dinov2-cls", ...dinov2]],
  ["a tap that is no map", "tap/unknown", ["--tap", "embedding", ...dinov2]],
  ["a tap whose tokens are words", "tap/unknown", ["--tap", "up_blocks.1.attentions.0.transformer_blocks.0.attn2.k", ...sd15]],
  ["a tap that does not exist", "tap/unknown", ["--tap", "layer99.q", ...dinov2]],
  ["squares without points", "usage/invalid", [b, "--kind", "correspondence", "--square", "80"]],
  ["one segment", "usage/invalid", ["--kind", "segments", "--segments", "1"]],
];

test.each(mistakes)("%s is refused in one sentence", async (_name, code, args) => {
  const command = ["maps", a, ...args, "--out", out];
  const told = await cli(...command);
  expect(told).toMatchObject({ exitCode: 2, out: "" });
  expect(told.err).toMatch(/^[^\n]+[.?!]\n([^\n]+\n)?$/);
  expect((await cli(...command, "--json")).json<ErrorDocument>().error.code).toBe(code);
});

test("a file that is no PNG is not written", async () => {
  expect(await cli("maps", a, "--out", join(scratch, "map.jpg"))).toMatchObject({ exitCode: 2 });
});
