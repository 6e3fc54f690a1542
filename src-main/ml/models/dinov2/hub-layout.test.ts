/** @file The layout of torch.hub is the same model as the folder of transformers, and what its shapes cannot say is asked for. */
import { copyFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goldenContext, goldenPair } from "../../../../tests/support/golden-vision";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { scratchFolder } from "../../../../tests/support/scratch-folder";
import { dinov2Aas, dinov2Cls, dinov2Features } from "../../metrics/dinov2/dinov2-metrics";
import { tensor, type Tensor } from "../../tensor/tensor";
import { openCheckpoint } from "../../weights/checkpoint";
import { writeSafetensors } from "../../weights/safetensors";
import { dinoLayers, openDino } from "../dino/dino";
import { openModel } from "../model-folder";
import { dinov2Layers, openDinov2 } from "./dinov2";
import { hubConfig, hubWeights } from "./hub-layout";

const scratch = scratchFolder();

describe.each([
  { name: "dinov2-tiny", open: openDinov2, layersOf: dinov2Layers, eps: 1e-6 },
  { name: "dino-vits8-tiny", open: openDino, layersOf: dinoLayers, eps: 1e-12 },
])("$name", ({ name, open, layersOf, eps }) => {
  test("has the same configuration and the same numbers under the same names", async () => {
    const hub = await open(await openModel(goldenCheckpoint(`${name}/hub`)));
    const transformers = await open(await openModel(goldenCheckpoint(name)));
    expect(transformers.config).toEqual({ ...hub.config, layerNormEps: eps });
    for (const folder of [name, `${name}/hub`])
      expect(layersOf(await openModel(goldenCheckpoint(folder)))).toBe(hub.config.numHiddenLayers);
    const names = [...transformers.weights.tensors.keys()].filter((each) => !each.endsWith("mask_token"));
    expect([...hub.weights.tensors.keys()].sort()).toEqual(names.sort());
    for (const each of names) expect(await hub.weights.readTensor(each)).toEqual(await transformers.weights.readTensor(each));
  });
});

test("every metric of DINOv2 gives the same score in both layouts", async () => {
  const hub = join(scratch, "dinov2_vitb14_pretrain.safetensors");
  await symlink(join(goldenCheckpoint("dinov2-tiny/hub"), "dinov2_vitb14_pretrain.safetensors"), hub);
  await copyFile(join(goldenCheckpoint("dinov2-tiny/hub"), "hub.json"), join(scratch, "hub.json"));
  await copyFile(join(goldenCheckpoint("dinov2-tiny"), "preprocessor_config.json"), join(scratch, "preprocessor_config.json"));
  const context = await goldenContext("dinov2-tiny");
  const [a, b] = await goldenPair(["pp-figure-1.png", "pp-cold-1.png"]);
  for (const metric of [dinov2Aas, dinov2Cls, dinov2Features]) {
    const expected = await metric.comparePair(context, a, b, {});
    const { score, scores } = await metric.comparePair({ ...context, checkpoint: await openModel(hub) }, a, b, {});
    expect(score).toBeCloseTo(expected.score, 5);
    expect(scores).toEqual(expected.scores?.map((each) => expect.closeTo(each, 5) as number));
  }
});

/** A file with tensors of these shapes. */
async function hubOf(shapes: Readonly<Record<string, readonly number[]>>) {
  const file = join(scratch, "shapes.safetensors");
  const zeros = (shape: readonly number[]): Tensor => tensor(shape, new Float32Array(shape.reduce((product, size) => product * size, 1)));
  await writeSafetensors(file, new Map(Object.entries(shapes).map(([name, shape]) => [name, zeros(shape)])));
  return openCheckpoint(file);
}

const giant = {
  cls_token: [1, 1, 128],
  pos_embed: [1, 10, 128],
  register_tokens: [1, 4, 128],
  "patch_embed.proj.weight": [128, 3, 14, 14],
  "blocks.0.norm1.weight": [128],
  "blocks.0.attn.qkv.weight": [384, 128],
  "blocks.0.ls1.gamma": [128],
  "blocks.0.mlp.w12.weight": [48, 128],
  "blocks.0.mlp.w3.weight": [128, 24],
  "head.weight": [10, 128],
};

test("SwiGLU, registers and heads of 64 channels are read from the shapes; a head of classes is left out", async () => {
  const hub = await hubOf(giant);
  expect(hubConfig(hub, null)).toEqual({
    hiddenSize: 128,
    intermediateSize: 24,
    numHiddenLayers: 1,
    numAttentionHeads: 2,
    imageSize: 42,
    patchSize: 14,
    layerNormEps: 1e-6,
    qkvBias: false,
    useSwigluFfn: true,
    hasLayerScale: true,
    numRegisterTokens: 4,
  });
  expect([...hubWeights(hub).tensors.keys()].filter((name) => /mlp|head|register/.test(name)).sort()).toEqual([
    "embeddings.register_tokens",
    "encoder.layer.0.mlp.weights_in.weight",
    "encoder.layer.0.mlp.weights_out.weight",
  ]);
});

test.each([
  { what: "positions of no square", shapes: { ...giant, pos_embed: [1, 9, 128] }, json: null, sentence: /not those of a square/ },
  { what: "channels that no head of 64 fits", shapes: { ...giant, cls_token: [1, 1, 48] }, json: null, sentence: /48 channels/ },
  { what: "heads that do not divide the channels", shapes: giant, json: { num_heads: 3 }, sentence: /128 channels/ },
  { what: "heads that are no number", shapes: giant, json: { num_heads: "two" }, sentence: /hub\.json is not usable/ },
  { what: "no block", shapes: { ...giant, "blocks.0.norm1.weight": undefined }, json: null, sentence: /0 blocks/ },
])("$what", async ({ shapes, json, sentence }) => {
  const given = Object.fromEntries(Object.entries(shapes).flatMap(([name, shape]) => (shape === undefined ? [] : [[name, shape]])));
  const hub = await hubOf(given);
  expect(() => hubConfig(hub, json)).toThrow(
    expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringMatching(sentence) as string }) as Error,
  );
});

test("a stack that does not fall into three is named", async () => {
  const hub = await hubOf({ ...giant, "blocks.0.attn.qkv.weight": [383, 128] });
  const scope = hubWeights(hub).scope("encoder.layer.0.attention.attention.query");
  expect(() => scope.get("weight", [128, 128])).toThrow(
    expect.objectContaining({ code: "weights/shape-mismatch", message: expect.stringContaining("[127, 128]") as string }) as Error,
  );
});
