import { BinaryReader } from "@bufbuild/protobuf/wire";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { largestDifference } from "../../../../tests/support/compare-tensors";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { randomNumbers } from "../../../../tests/support/random-numbers";
import { runGraph } from "../../../../tests/support/run-graph";
import type { Graph } from "../../graph/graph-core";
import type { AttentionForm } from "../../graph/opset";
import { tensor } from "../../tensor/tensor";
import { openModel, type ModelFolder } from "../model-folder";
import { parseUNet2DConditionConfig, type UNet2DConditionConfig } from "./config";
import { attentionTaps, imageAttentionTaps } from "./tap-collector";
import { imageAttentionInputs } from "./transformer";
import { buildUNet } from "./unet";
import { openCheckpoint } from "../../weights/checkpoint";

let model: ModelFolder;
let config: UNet2DConditionConfig;
beforeAll(async () => {
  model = await openModel(goldenCheckpoint("sd15-tiny"));
  config = parseUNet2DConditionConfig(model.partConfig("unet"));
});

function build(taps: readonly string[], size = { height: 8, width: 8 }): Graph {
  return buildUNet(model.part("unet").scope(), config, { ...size, textTokens: 77, taps });
}

const early = "down_blocks.0.attentions.1.transformer_blocks.0.attn1";
const late = "up_blocks.1.attentions.2.transformer_blocks.0.attn1";

describe("a U-Net is authored only up to its last tap", () => {
  test("an early tap costs a fraction of the weights and of the work", () => {
    const [cut, longer, whole] = [build(attentionTaps(early)), build(attentionTaps(late)), build(["conv_out"])];
    expect(cut.weightBytes).toBeLessThan(0.1 * whole.weightBytes);
    expect(longer.weightBytes).toBeLessThan(whole.weightBytes);
    const total = ({ conv, linear, attention }: Graph["flops"]) => conv + linear + attention;
    expect(total(cut.flops)).toBeLessThan(total(longer.flops));
    expect(total(longer.flops)).toBeLessThan(total(whole.flops));
  });

  test.each([
    ["fused", early, 173],
    ["decomposed", early, 209],
    ["fused", late, 896],
    ["decomposed", late, 1124],
  ] as const)("a value that nobody asks for costs no node: %s attention, %s", (attention, tap, nodes) => {
    const graph = buildUNet(model.part("unet").scope(), config, {
      height: 8,
      width: 8,
      textTokens: 77,
      taps: attentionTaps(tap),
      attention,
    });
    expect(nodeCount(graph)).toBe(nodes);
  });

  test("the query alone needs neither the key's nor the value's projection", () => {
    const [query, key] = [build([`${late}.q`]), build([`${late}.k`])];
    expect(query.outputs.map(({ name, shape }) => [name, shape])).toEqual([[`${late}.q`, ["N", 8, 4, 4]]]);
    expect(key.weightBytes - query.weightBytes).toBe(4 * 32 * 32);
  });

  test("the whole network reads every tensor of the file", async () => {
    const { tensors } = await openCheckpoint(join(goldenCheckpoint("sd15-tiny"), "unet"));
    const bytes = [...tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(build(["conv_out"]).weightBytes).toBe(bytes);
  });

  test("taps come in the order asked for, any number of them", () => {
    const graph = build([...attentionTaps(late), "conv_in", ...attentionTaps(early)]);
    expect(new Set(graph.outputs.map(({ name }) => name))).toEqual(new Set([...attentionTaps(late), "conv_in", ...attentionTaps(early)]));
  });
});

/** Nodes of the ONNX model: field 1 of the graph, which is field 7 of the model. */
function nodeCount(graph: Graph): number {
  const [body = new Uint8Array()] = messages(graph.bytes, 7);
  return messages(body, 1).length;
}

function messages(bytes: Uint8Array, wanted: number): readonly Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted) found.push(reader.bytes());
    else reader.skip(wireType);
  }
  return found;
}

test("every module of the network is a tap by its path", async () => {
  const { tensors } = await openCheckpoint(join(goldenCheckpoint("sd15-tiny"), "unet"));
  const modules = [...tensors.keys()].flatMap((tensor) => tensor.split(".").map((_, i, parts) => parts.slice(0, i).join(".")));
  const kinds =
    /(^|\.)(conv_in|conv_norm_out|conv_out|time_embedding|(down_blocks|up_blocks)\.\d+|mid_block|(resnets|attentions|transformer_blocks|downsamplers|upsamplers)\.\d+|conv2|proj_in|proj_out|attn[12]|ff|ff\.net\.0|transformer_blocks\.\d+\.norm[123])$/;
  const paths = [...new Set(modules)].filter((path) => kinds.test(path));
  expect(paths.length).toBeGreaterThan(200);
  expect(new Set(build(paths).outputs.map(({ name }) => name))).toEqual(new Set(paths));
});

test("an attention's map holds its rows: they sum to one, and with the values they give its output", async () => {
  const names = [`${late}.map`, ...attentionTaps(late)];
  const feeds = {
    sample: tensor([1, 4, 8, 8], randomNumbers(4 * 8 * 8, 1)),
    timestep: tensor([1], Float32Array.of(101)),
    encoder_hidden_states: tensor([1, 77, 32], randomNumbers(77 * 32, 2)),
  };
  const outputs = await runGraph(build(names), feeds);
  const [heads, tokens, headDim] = [8, 4, 4];
  const [map, value, output] = [`${late}.map`, `${late}.v`, `${late}.sdpa`].map((name) => outputs[name]?.data as Float32Array);
  expect(outputs[`${late}.map`]?.shape).toEqual([1, heads, tokens, tokens]);
  for (let head = 0; head < heads; head++) {
    for (let token = 0; token < tokens; token++) {
      const row = Array.from({ length: tokens }, (_, other) => Number(map?.[(head * tokens + token) * tokens + other]));
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
      const first = row.reduce((sum, weight, other) => sum + weight * Number(value?.[(head * tokens + other) * headDim]), 0);
      expect(first).toBeCloseTo(Number(output?.[(head * tokens + token) * headDim]), 5);
    }
  }
});

test("an image beside the text is asked for as two inputs for each attention before the last tap", () => {
  const graph = buildUNet(model.part("unet").scope(), config, {
    ...{ height: 8, width: 8, textTokens: 77, image: { tokens: 16, scale: 0.5 } },
    taps: imageAttentionTaps("down_blocks.0.attentions.1.transformer_blocks.0.attn2"),
  });
  const attentions = [0, 1].map((i) => `down_blocks.0.attentions.${i}.transformer_blocks.0.attn2`);
  const expected = attentions.flatMap((path) => imageAttentionInputs(path).map((name) => [name, ["N", 16, 16]]));
  expect(graph.inputs.slice(3).map(({ name, shape }) => [name, shape])).toEqual(expected);
});

test("latents that are no multiple of 8 come out at the size they went in", () => {
  expect(build(["conv_out"], { height: 25, width: 12 }).outputs[0]?.shape).toEqual(["N", 4, 25, 12]);
});

test("both forms of attention give the same numbers", async () => {
  const feeds = {
    sample: tensor([2, 4, 12, 12], randomNumbers(2 * 4 * 12 * 12, 1)),
    timestep: tensor([2], Float32Array.of(101, 700)),
    encoder_hidden_states: tensor([2, 77, 32], randomNumbers(2 * 77 * 32, 2)),
  };
  const run = (attention: AttentionForm) =>
    runGraph(
      buildUNet(model.part("unet").scope(), config, { height: 12, width: 12, textTokens: 77, taps: attentionTaps(late), attention }),
      feeds,
    );
  const [fused, decomposed] = [await run("fused"), await run("decomposed")];
  for (const [name, values] of Object.entries(fused)) expect(largestDifference(decomposed[name], values)).toBeLessThan(1e-5);
});

test("equal requests give equal graphs, other taps another identity", () => {
  expect(build([`${early}.q`]).id).toBe(build([`${early}.q`]).id);
  expect(build([`${early}.q`]).id).not.toBe(build([`${early}.k`]).id);
});

test("an unknown tap is named, with where the legal ones are", () => {
  const attempt = () => build(attentionTaps("up_blocks.0.attentions.0.transformer_blocks.0.attn1"));
  expect(attempt).toThrow('no tap "up_blocks.0.attentions.0.transformer_blocks.0.attn1"');
  const hint: unknown = expect.stringMatching(/^Attentions: down_blocks\.0\.\S+\.attn1 to up_blocks\.3\.\S+\.attn1, .*--list-taps/);
  expect(attempt).toThrow(expect.objectContaining({ code: "tap/unknown", hint }));
});

test("an attention that looks at the prompt alone takes keys of its width", () => {
  const crossing = { ...config, onlyCrossAttention: [true, false, false, false] };
  expect(() => buildUNet(model.part("unet").scope(), crossing, { height: 8, width: 8, textTokens: 77, taps: [`${early}.k`] })).toThrow(
    "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_k.weight is [16, 16], expected [16, 32].",
  );
});

test("a middle block without attention is one residual block", () => {
  const plain = { ...config, transformerLayers: { ...config.transformerLayers, mid: [] } };
  const taps = ["mid_block", "mid_block.resnets.0"];
  const { outputs } = buildUNet(model.part("unet").scope(), plain, { height: 8, width: 8, textTokens: 77, taps });
  expect(outputs.map(({ name }) => name)).toEqual(taps.toReversed());
});

test("a config that does not fit the weights names tensor and both shapes", () => {
  const wider = { ...config, blockOutChannels: [16, 24, 32, 64] };
  expect(() => buildUNet(model.part("unet").scope(), wider, { height: 8, width: 8, textTokens: 77, taps: ["conv_out"] })).toThrow(
    "down_blocks.3.resnets.0.conv1.weight is [32, 32, 3, 3], expected [64, 32, 3, 3].",
  );
});
