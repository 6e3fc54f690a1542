/** @file What holds for every metric of the registry: a picture against itself, both orders, and the same call again. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeImage } from "#main/data/imaging/decode";
import type { CompareOptions, MetricContext } from "#main/ml/metrics/metric";
import { findMetric, metrics } from "#main/ml/metrics/registry";
import { openModel } from "#main/ml/models/model-folder";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { goldenContext } from "../support/golden-vision";
import { goldenCheckpoint, goldenImage } from "../support/goldens";

interface Setup {
  /** A golden checkpoint; left out is the model that ships with the program. */
  readonly checkpoint?: string;
  /** The IP-Adapter folder of a golden checkpoint, as published. */
  readonly adapter?: { readonly folder: string; readonly file: string };
  /** Companion weights, relative to the golden checkpoints. */
  readonly weights?: string;
  readonly options?: CompareOptions;
}

const small: CompareOptions = { size: 64 };

/** A model for every metric; a new row of the registry needs one here. */
const setups: Readonly<Record<string, Setup>> = {
  "starter-style": {},
  "starter-subject": {},
  "diffsim-s": { checkpoint: "sd15-tiny", options: small },
  "diffsim-c": {
    checkpoint: "sd15-tiny",
    adapter: { folder: "ip-adapter-plus-sd15-tiny", file: "ip-adapter-plus_sd15.safetensors" },
    options: small,
  },
  "diffsim-xl": { checkpoint: "sdxl-tiny", options: small },
  "diffsim-xl-c": {
    checkpoint: "sdxl-tiny",
    adapter: { folder: "sdxl-tiny-ip-adapter", file: "ip-adapter-plus_sdxl_vit-h.safetensors" },
    options: small,
  },
  "diffsim-dit": { checkpoint: "dit-tiny" },
  cleandift: { checkpoint: "sd15-tiny", weights: "cleandift-sd15-tiny/cleandift_sd15_unet.safetensors", options: small },
  "diffusion-features": { checkpoint: "sd15-tiny", options: small },
  "clip-aas": { checkpoint: "clip-vit-tiny" },
  "clip-i": { checkpoint: "clip-vit-tiny" },
  "clip-features": { checkpoint: "clip-vit-tiny" },
  "dinov2-aas": { checkpoint: "dinov2-tiny" },
  "dinov2-cls": { checkpoint: "dinov2-registers-tiny" },
  "dinov2-features": { checkpoint: "dinov2-tiny" },
  "dino-v1": { checkpoint: "dino-vits8-tiny" },
  "dino-v1-aas": { checkpoint: "dino-vits8-tiny" },
  "foreground-features": { checkpoint: "dinov2-tiny" },
  lpips: { checkpoint: "vgg16-tiny" },
  "vgg-gram": { checkpoint: "vgg19-tiny" },
  colour: {},
};

const starter = fileURLToPath(new URL("../../resources/starter", import.meta.url));

async function contextOf({ checkpoint, adapter, weights }: Setup): Promise<MetricContext> {
  const base = await goldenContext(checkpoint ?? "clip-vit-tiny");
  const models = adapter === undefined ? "" : join(goldenCheckpoint(adapter.folder), "models");
  return {
    ...base,
    checkpoint: checkpoint === undefined ? await openModel(starter) : base.checkpoint,
    companions: {
      ipAdapter: adapter === undefined ? null : await openCheckpoint(join(models, adapter.file)),
      imageEncoder: adapter === undefined ? null : await openModel(join(models, "image_encoder")),
      weights: weights === undefined ? null : await openCheckpoint(join(goldenCheckpoint("."), weights)),
    },
  };
}

test("every row of the registry is here", () => {
  expect(Object.keys(setups).sort()).toEqual(metrics.map(({ name }) => name).sort());
});

describe.each(Object.entries(setups))("%s, corrected", (name, setup) => {
  const images = Promise.all([decodeImage(goldenImage("pp-figure-1.png")), decodeImage(goldenImage("pp-cold-1.png"))]);
  const compare = async (a: 0 | 1, b: 0 | 1) => {
    const pair = await images;
    return findMetric(name).comparePair(await contextOf(setup), pair[a], pair[b], { ...setup.options, mode: "corrected" });
  };

  test("a picture against itself is as alike as can be, another one is not", async () => {
    const { score } = await compare(0, 0);
    const best = findMetric(name).direction === "similarity" ? 1 : 0;
    expect(Math.abs(score - best)).toBeLessThan(1e-4);
    expect(Math.abs((await compare(0, 1)).score - best)).toBeGreaterThan(1e-4);
  });

  test("both orders and every run give one number", async () => {
    const { score, directions } = await compare(0, 1);
    const other = await compare(1, 0);
    expect(other.score).toBeCloseTo(score, 5);
    if (directions.ab !== null && directions.ba !== null) {
      expect(other.directions.ab).toBeCloseTo(directions.ba, 5);
      expect(other.directions.ba).toBeCloseTo(directions.ab, 5);
    }
    expect((await compare(0, 1)).score).toBe(score);
  });
});
