/** @file Defaults, registers and the width of SwiGLU. */
import { expect, test } from "vitest";
import { parseDinov2Config } from "./config";

test("defaults are those of transformers", () => {
  expect(parseDinov2Config({})).toEqual({
    hiddenSize: 768,
    intermediateSize: 3072,
    numHiddenLayers: 12,
    numAttentionHeads: 12,
    imageSize: 224,
    patchSize: 16,
    layerNormEps: 1e-6,
    qkvBias: true,
    useSwigluFfn: false,
    hasLayerScale: true,
    numRegisterTokens: 0,
  });
});

test("registers belong to their own model type", () => {
  expect(parseDinov2Config({ model_type: "dinov2_with_registers" }).numRegisterTokens).toBe(4);
  expect(parseDinov2Config({ model_type: "dinov2", num_register_tokens: 4 }).numRegisterTokens).toBe(0);
});

test.each([
  { hidden_size: 1536, mlp_ratio: 4, use_swiglu_ffn: true, expected: 4096 },
  { hidden_size: 48, mlp_ratio: 2, use_swiglu_ffn: true, expected: 64 },
  { hidden_size: 384, mlp_ratio: 4, use_swiglu_ffn: false, expected: 1536 },
])("feed-forward width of $hidden_size x $mlp_ratio (SwiGLU $use_swiglu_ffn) is $expected", ({ expected, ...config }) => {
  expect(parseDinov2Config({ ...config, num_attention_heads: 6 }).intermediateSize).toBe(expected);
});

test("another activation is refused by name", () => {
  expect(() => parseDinov2Config({ hidden_act: "relu" })).toThrowError(
    expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringContaining('"hidden_act"') }),
  );
});

test("heads of unequal width are refused by name", () => {
  expect(() => parseDinov2Config({ hidden_size: 50, num_attention_heads: 3 })).toThrowError(
    expect.objectContaining({ code: "graph/unsupported-config", message: expect.stringContaining("no multiple of num_attention_heads") }),
  );
});
