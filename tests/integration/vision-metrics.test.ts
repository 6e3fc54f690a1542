/** @file LPIPS, VGG Gram, DINO v1 and foreground features by the command line: the golden numbers, masks, equal pictures, a library, mistakes. */
import { copyFile, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { tensor, type Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { writeSafetensors } from "#main/ml/weights/safetensors";
import { cli, type ErrorDocument } from "../support/cli";
import { goldenCases, goldenCheckpoint, goldenImage, type GoldenCase } from "../support/goldens";
import { writePicture } from "../support/pictures";
import { scratchFolder } from "../support/scratch-folder";

const scratch = scratchFolder();
const warm = goldenImage("pp-warm-1.png");
const cold = goldenImage("pp-cold-1.png");

interface Line {
  readonly metric: string;
  readonly score: number;
  readonly scores?: readonly number[];
  readonly model: { readonly name: string };
  readonly recipe: { readonly tap: string };
}

/** A pair as a line of a pairs file, and the number that must come out. */
interface Expected {
  readonly id: string;
  readonly line: Readonly<Record<string, unknown>>;
  readonly score: number;
  readonly tolerance: number;
}

function expectedOf(family: string, lineOf: (golden: GoldenCase) => Readonly<Record<string, unknown>>): readonly Expected[] {
  return goldenCases(family).map((golden) => {
    const { score } = golden.outputs as { score: number };
    const { score: absolute, score_relative: relative = 0, score_absolute: least = 0 } = golden.tolerance;
    const [a = "", b = ""] = golden.images.map(goldenImage);
    return { id: golden.id, line: { a, b, ...lineOf(golden) }, score, tolerance: absolute ?? Math.max(relative * score, least) };
  });
}

const size = (golden: GoldenCase) => golden.parameters["image_size"];
const families = {
  "dino-v1": expectedOf("dino-v1", () => ({ metric: "dino-v1", checkpoint: goldenCheckpoint("dino-vits8-tiny/hub") })),
  lpips: expectedOf("lpips", (golden) => ({ metric: "lpips", checkpoint: goldenCheckpoint("vgg16-tiny"), size: size(golden) })),
  "vgg-gram": expectedOf("gram", (golden) => ({ metric: "vgg-gram", checkpoint: goldenCheckpoint("vgg19-tiny"), size: size(golden) })),
  "foreground-features": expectedOf("foreground", ({ images }) => {
    const [a = "", maskA = "", b = "", maskB = ""] = images.map(goldenImage);
    return { metric: "foreground-features", checkpoint: goldenCheckpoint("dinov2-tiny/hub"), a, b, maskA, maskB };
  }),
};

test("every golden pair, in one file of pairs", async () => {
  const all = Object.values(families).flat();
  const pairs = join(scratch, "pairs.jsonl");
  await writeFile(pairs, all.map(({ line }) => JSON.stringify(line)).join("\n"));
  const run = await cli("compare", "--pairs", pairs, "--json");
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  const wrong = run.jsonLines<Line>().flatMap(({ score }, index) => {
    const expected = all[index];
    return expected !== undefined && Math.abs(score - expected.score) <= expected.tolerance ? [] : [{ ...expected, got: score }];
  });
  expect(wrong).toEqual([]);
});

test.each(Object.entries(families))("%s: one pair with flags, its tensors kept", async (metric, cases) => {
  const chosen = cases.find(({ id }) => id.includes("figure1-cold1"));
  if (chosen === undefined) throw new Error("the case is missing");
  const { a, b, checkpoint, size: pixels, maskA, maskB } = chosen.line as Readonly<Record<string, string>>;
  const flags = [
    ...(pixels === undefined ? [] : ["--size", String(pixels)]),
    ...(maskA === undefined || maskB === undefined ? [] : ["--mask-a", maskA, "--mask-b", maskB]),
  ];
  const tensors = join(scratch, `${metric}.safetensors`);
  const where = ["--checkpoint", checkpoint ?? "", "--save-tensors", tensors, "--json"];
  const run = await cli("compare", a ?? "", b ?? "", "--metric", metric, ...where, ...flags);
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  expect(run.json<Line>()).toMatchObject({ metric, score: expect.closeTo(chosen.score, 3) as number });
  const kept = [...(await openCheckpoint(tensors)).tensors.keys()];
  const golden = goldenCases(chosen.id.split("/")[0] ?? "", chosen.id.split("/")[1]).find(({ id }) => id === chosen.id);
  expect(kept).toEqual(expect.arrayContaining(Object.keys(golden?.tensors ?? {})));
});

describe("equal pictures and either order", () => {
  const models = [
    { metric: "dino-v1", checkpoint: "dino-vits8-tiny/hub", same: 1 },
    { metric: "dino-v1", checkpoint: "dino-vits8-tiny", same: 1 },
    { metric: "dino-v1-aas", checkpoint: "dino-vits8-tiny/hub", same: 1 },
    { metric: "lpips", checkpoint: "vgg16-tiny", same: 0, size: 64 },
    { metric: "vgg-gram", checkpoint: "vgg19-tiny", same: 1, size: 64 },
    { metric: "foreground-features", checkpoint: "dinov2-tiny", same: 1 },
    { metric: "dinov2-cls", checkpoint: "dinov2-tiny/hub", same: 1 },
  ];
  test.each(models)("$metric of $checkpoint", async ({ metric, checkpoint, same, size }) => {
    const pairs = join(scratch, "orders.jsonl");
    const lines = [
      { a: warm, b: warm },
      { a: warm, b: cold },
      { a: cold, b: warm },
      { a: warm, b: cold },
    ];
    await writeFile(pairs, lines.map((line) => JSON.stringify(line)).join("\n"));
    const flags = [
      "--metric",
      metric,
      "--checkpoint",
      goldenCheckpoint(checkpoint),
      "--mode",
      "corrected",
      ...(size === undefined ? [] : ["--size", String(size)]),
    ];
    const run = await cli("compare", "--pairs", pairs, ...flags, "--json");
    expect(run).toMatchObject({ exitCode: 0, err: "" });
    const [equal, forth, back, again] = run.jsonLines<Line>().map(({ score }) => score);
    expect(equal).toBeCloseTo(same, 4);
    expect(back).toBeCloseTo(forth ?? Number.NaN, 5);
    expect(again).toBe(forth);
    expect(Math.abs((forth ?? same) - same)).toBeGreaterThan(1e-3);
  });
});

describe("masks", () => {
  const model = ["--metric", "foreground-features", "--checkpoint", goldenCheckpoint("dinov2-tiny/hub"), "--json"];
  const score = async (a: string, ...flags: readonly string[]): Promise<number> => {
    const run = await cli("compare", a, cold, ...model, ...flags);
    expect(run).toMatchObject({ exitCode: 0, err: "" });
    return run.json<Line>().score;
  };
  const cutOut = join(scratch, "cut-out.png");

  beforeAll(async () => {
    const alpha = await sharp(goldenImage("pp-mask-warm-1.png")).toColourspace("b-w").raw().toBuffer();
    await sharp(warm)
      .joinChannel(alpha, { raw: { width: 96, height: 96, channels: 1 } })
      .png()
      .toFile(cutOut);
  });

  test("what is opaque in a picture is its mask, where none is given", async () => {
    const masked = await score(warm, "--mask-a", goldenImage("pp-mask-warm-1.png"));
    expect(await score(cutOut)).toBe(masked);
    expect(await score(cutOut, "--mask-a", goldenImage("pp-mask-full.png"))).toBe(
      await score(warm, "--mask-a", goldenImage("pp-mask-full.png")),
    );
    expect(await score(warm)).not.toBe(masked);
  });

  test("a mask is cropped with its picture", async () => {
    const [left, top, width, height] = [10, 20, 50, 40];
    const [part, partOfMask] = [join(scratch, "part.png"), join(scratch, "part-mask.png")];
    await sharp(warm).extract({ left, top, width, height }).png().toFile(part);
    await sharp(goldenImage("pp-mask-warm-1.png")).extract({ left, top, width, height }).png().toFile(partOfMask);
    expect(await score(warm, "--mask-a", goldenImage("pp-mask-warm-1.png"), "--crop-a", [left, top, width, height].join(","))).toBe(
      await score(part, "--mask-a", partOfMask),
    );
  });

  test("a mask of another size, a missing one, and one for a metric without masks are told", async () => {
    const failed = async (...flags: readonly string[]) =>
      (await cli("compare", warm, cold, ...model, ...flags)).json<ErrorDocument>().error;
    expect(await failed("--mask-a", goldenImage("pp-mask-cold-1.png"))).toMatchObject({
      code: "usage/invalid",
      message: expect.stringContaining("has 112 x 80 pixels") as string,
    });
    expect(await failed("--mask-b", join(scratch, "nowhere.png"))).toMatchObject({ code: "image/unreadable" });
    const other = await cli("compare", warm, cold, "--metric", "starter-style", "--mask-a", goldenImage("pp-mask-full.png"), "--json");
    expect(other).toMatchObject({ exitCode: 2 });
    expect(other.json<ErrorDocument>().error.message).toBe("starter-style compares whole pictures and takes no mask.");
  });

  test("names of a pairs file are relative to it; both variants are told, and either can be asked for", async () => {
    await symlink(goldenImage("pp-mask-warm-1.png"), join(scratch, "mask.png"));
    await writeFile(join(scratch, "masks.jsonl"), JSON.stringify({ a: warm, b: cold, maskA: "mask.png" }));
    const [line] = (await cli("compare", "--pairs", join(scratch, "masks.jsonl"), ...model)).jsonLines<Line>();
    expect(line?.recipe.tap).toBe("crop-feat, crop-img");
    expect(line?.score).toBe(line?.scores?.[0]);
    const whole = await score(warm, "--mask-a", goldenImage("pp-mask-warm-1.png"), "--tap", "crop-img");
    expect(whole).toBeCloseTo(line?.scores?.[1] ?? Number.NaN, 6);
  });
});

test("a distance is called one, a similarity is not", async () => {
  const text = async (metric: string, checkpoint: string) =>
    (await cli("compare", warm, cold, "--metric", metric, "--checkpoint", goldenCheckpoint(checkpoint), "--size", "64")).out;
  expect(await text("lpips", "vgg16-tiny")).toMatch(
    /^0\.\d+\nlpips of vgg16-tiny, published mode, relu1_2 to relu5_3; a distance, smaller is more alike\n$/,
  );
  expect(await text("vgg-gram", "vgg19-tiny")).not.toContain("distance");
});

test.each(["dino-vits8-tiny/hub", "dino-vits8-tiny", "dinov2-tiny/hub"])("inner values of %s by their names", async (checkpoint) => {
  const out = join(scratch, "taps.safetensors");
  const run = await cli(
    "features",
    warm,
    "--checkpoint",
    goldenCheckpoint(checkpoint),
    "--tap",
    "layer1.q,hidden2,embedding",
    "--out",
    out,
    "--json",
  );
  expect(run).toMatchObject({ exitCode: 0, err: "" });
  const tokens = checkpoint.startsWith("dinov2") ? 1 + 16 * 16 : 1 + 28 * 28;
  expect(run.json<{ tensors: object }>().tensors).toEqual({ "layer1.q": [3, tokens, 16], hidden2: [tokens, 48], embedding: [48] });
});

test("a heat map of DINO's attention has a value for every patch", async () => {
  const flags = ["--metric", "dino-v1-aas", "--checkpoint", goldenCheckpoint("dino-vits8-tiny/hub"), "--out", join(scratch, "map.png")];
  const numbers = join(scratch, "map.json");
  expect(await cli("heatmap", warm, cold, ...flags, "--data", numbers, "--json")).toMatchObject({ exitCode: 0, err: "" });
  const { a, b } = JSON.parse(await readFile(numbers, "utf8")) as Record<"a" | "b", { grid: object; heat: readonly number[] }>;
  for (const side of [a, b]) {
    expect(side.grid).toEqual({ rows: 28, columns: 28 });
    expect(side.heat).toHaveLength(28 * 28);
  }
});

test("published VGG Gram takes a picture as it is stored, corrected as it is to be seen", async () => {
  const turned = join(scratch, "turned.jpg");
  const upright = join(scratch, "upright.png");
  await sharp(goldenImage("pp-stripes.png")).removeAlpha().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toFile(turned);
  await sharp(turned, { autoOrient: true }).png().toFile(upright);
  const score = async (mode: string) => {
    const flags = ["--metric", "vgg-gram", "--checkpoint", goldenCheckpoint("vgg19-tiny"), "--size", "40", "--mode", mode, "--json"];
    return (await cli("compare", turned, upright, ...flags)).json<Line>().score;
  };
  expect(await score("corrected")).toBeCloseTo(1, 6);
  expect(await score("published")).toBeLessThan(0.9999);
});

describe("a library", () => {
  const photos = join(scratch, "photos");
  const library = join(scratch, "library");
  beforeAll(async () => {
    await mkdir(photos, { recursive: true });
    for (let seed = 0; seed < 12; seed += 1) await writePicture(join(photos, `p${seed}.png`), seed, { width: 64 + seed, height: 80 });
    await cli("index", "add", photos, "--library", library);
  });

  test.each([
    { metric: "vgg-gram", checkpoint: "vgg19-tiny" },
    { metric: "dino-v1", checkpoint: "dino-vits8-tiny/hub" },
    { metric: "foreground-features", checkpoint: "dinov2-tiny/hub" },
  ])("$metric measures it, finds the picture's own copy first, and scores as compare does", async ({ metric, checkpoint }) => {
    await cli("models", "add", goldenCheckpoint(checkpoint), "--library", library);
    const run = await cli("index", "run", "--metric", metric, "--library", library, "--json");
    expect(run.json<{ recipes: object[] }>().recipes).toContainEqual(expect.objectContaining({ name: metric, done: 12, total: 12 }));
    const outside = join(scratch, "outside.webp");
    await sharp(join(photos, "p7.png")).webp({ lossless: true }).toFile(outside);
    const found = await cli("find", outside, "--metric", metric, "--top", "2", "--library", library, "--json");
    const [first, second] = found.json<{ results: { path: string; score: number }[] }>().results;
    expect(first).toMatchObject({ path: join(photos, "p7.png"), score: expect.closeTo(1, 3) as number });
    const flags = ["--metric", metric, "--checkpoint", goldenCheckpoint(checkpoint), "--mode", "corrected", "--json"];
    const compared = (await cli("compare", outside, second?.path ?? "", ...flags)).json<Line>();
    expect(second?.score).toBeCloseTo(compared.score, 3);
  });

  test("LPIPS keeps nothing of a picture, so it cannot measure one", async () => {
    const run = await cli("index", "run", "--metric", "lpips", "--library", library, "--json");
    expect(run.exitCode).not.toBe(0);
    expect(run.json<ErrorDocument>().error.message).toMatch(/^[^\n]+\.$/);
  });
});

/** A model whose weights were changed before they were saved again. */
async function damaged(checkpoint: string, file: string, change: (tensors: Map<string, Tensor>) => void): Promise<string> {
  const source = await openCheckpoint(join(goldenCheckpoint(checkpoint), file));
  const tensors = new Map<string, Tensor>();
  for (const name of source.tensors.keys()) tensors.set(name, await source.readTensor(name));
  change(tensors);
  const folder = await mkdtemp(join(scratch, "damaged-"));
  await writeSafetensors(join(folder, file), tensors);
  for (const beside of ["lpips.safetensors", "hub.json"])
    await copyFile(join(goldenCheckpoint(checkpoint), beside), join(folder, beside)).catch(() => undefined);
  return folder;
}

test.each([
  {
    what: "a layer that is missing",
    ...{ metric: "lpips", checkpoint: "vgg16-tiny", file: "vgg.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.delete("features.12.bias"),
    error: { code: "weights/missing-tensor", message: /no tensor features\.12\.bias/ },
  },
  {
    what: "a layer of another width",
    ...{ metric: "vgg-gram", checkpoint: "vgg19-tiny", file: "vgg.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.set("features.5.weight", tensor([12, 9, 3, 3], new Float32Array(972))),
    error: { code: "weights/shape-mismatch", message: /features\.5\.weight is \[12, 9, 3, 3\], expected \[12, 8, 3, 3\]/ },
  },
  {
    what: "weights that are no numbers",
    ...{ metric: "lpips", checkpoint: "vgg16-tiny", file: "vgg.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.set("features.0.bias", tensor([8], new Float32Array(8).fill(Number.NaN))),
    error: { code: "weights/not-finite", message: /not a number a score can be made of/ },
  },
  {
    what: "a projection that is no stack of three",
    ...{ metric: "dino-v1", checkpoint: "dino-vits8-tiny/hub", file: "dino_deitsmall8_pretrain.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.set("blocks.1.attn.qkv.weight", tensor([100, 48], new Float32Array(4800))),
    error: { code: "weights/shape-mismatch", message: /expected \[48, 48\]/ },
  },
  {
    what: "a transformer without class token",
    ...{ metric: "dino-v1", checkpoint: "dino-vits8-tiny/hub", file: "dino_deitsmall8_pretrain.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.delete("cls_token"),
    error: { code: "checkpoint/unsupported", message: /no model that is known/ },
  },
  {
    what: "positions of another width",
    ...{ metric: "foreground-features", checkpoint: "dinov2-tiny/hub", file: "dinov2_vitb14_pretrain.safetensors" },
    change: (tensors: Map<string, Tensor>) => tensors.set("pos_embed", tensor([1, 26, 40], new Float32Array(1040))),
    error: { code: "weights/shape-mismatch", message: /position_embeddings is \[1, 26, 40\], expected \[1, 26, 48\]/ },
  },
])("$what ends in a sentence", async ({ metric, checkpoint, file, change, error }) => {
  const folder = await damaged(checkpoint, file, change);
  const run = await cli("compare", warm, cold, "--metric", metric, "--checkpoint", folder, "--size", "64", "--json");
  expect(run.exitCode).toBe(3);
  expect(run.json<ErrorDocument>().error).toMatchObject({ ...error, message: expect.stringMatching(error.message) as string });
});

test("VGG of the other depth is refused with the one that is needed", async () => {
  const run = await cli("compare", warm, cold, "--metric", "lpips", "--checkpoint", goldenCheckpoint("vgg19-tiny"), "--json");
  expect(run.exitCode).toBe(3);
  expect(run.json<ErrorDocument>().error).toEqual({
    code: "checkpoint/unsupported",
    message: "vgg19-tiny cannot run lpips.",
    hint: "lpips needs torchvision's VGG-16.",
  });
});
