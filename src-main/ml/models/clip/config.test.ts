/** @file Defaults are those of transformers, whole models and towers alone are read alike, and what cannot be is named. */
import { expect, test } from "vitest";
import { parseClipVisionConfig } from "./config";

test("a saved file that leaves every default out is ViT-B/32", () => {
  expect(parseClipVisionConfig({ model_type: "clip_vision_model" })).toEqual({
    hiddenSize: 768,
    intermediateSize: 3072,
    numHiddenLayers: 12,
    numAttentionHeads: 12,
    numChannels: 3,
    imageSize: 224,
    patchSize: 32,
    hiddenAct: "quick_gelu",
    layerNormEps: 1e-5,
    projectionDim: 512,
  });
});

test("the projection of a whole model counts, not that of its vision part", () => {
  const tower = { hidden_size: 1280, num_attention_heads: 16, hidden_act: "gelu", projection_dim: 512 };
  expect(parseClipVisionConfig({ projection_dim: 1024, vision_config: tower })).toMatchObject({
    hiddenSize: 1280,
    hiddenAct: "gelu",
    projectionDim: 1024,
  });
  expect(parseClipVisionConfig({ vision_config: tower })).toMatchObject({ projectionDim: 512 });
});

test.each([
  { config: { hidden_size: 100 }, field: "hidden_size" },
  { config: { hidden_act: "relu" }, field: "hidden_act" },
  { config: { num_channels: 4 }, field: "num_channels" },
  { config: { patch_size: 0 }, field: "patch_size" },
  { config: { num_hidden_layers: 1e8 }, field: "num_hidden_layers" },
])("$field of $config is refused by name", ({ config, field }) => {
  expect(() => parseClipVisionConfig(config)).toThrowError(
    expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringContaining(`"${field}"`) }),
  );
});

test("what is no object is refused", () => {
  expect(() => parseClipVisionConfig(null)).toThrowError(
    expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringContaining("expected object, received null") }),
  );
});
