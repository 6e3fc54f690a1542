/** @file What a DiT's tensors tell, and how far it is emitted. */
import { describe, expect, test } from "vitest";
import { largestDifference } from "../../../../tests/support/compare-tensors";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { runGraph } from "../../../../tests/support/run-graph";
import { scopeOfShapes } from "../../../../tests/support/scope-of-shapes";
import { float32Output } from "../../tensor/float32-output";
import { tensor, type Tensor } from "../../tensor/tensor";
import { openCheckpoint } from "../../weights/checkpoint";
import { readDitConfig } from "./config";
import { buildDit } from "./dit";
import { positionTable } from "./position-table";
import { respacedTimesteps } from "./timestep-map";

const file = await openCheckpoint(goldenCheckpoint("dit-tiny"));
const json = { num_heads: 3 };
const config = readDitConfig(file.scope(), json);

function publishedShapes(hiddenSize: number): Readonly<Record<string, readonly number[]>> {
  return {
    pos_embed: [1, 256, hiddenSize],
    "x_embedder.proj.weight": [hiddenSize, 4, 2, 2],
    "y_embedder.embedding_table.weight": [1001, hiddenSize],
    "blocks.0.mlp.fc1.weight": [4 * hiddenSize, hiddenSize],
    "blocks.1.mlp.fc1.weight": [4 * hiddenSize, hiddenSize],
  };
}

describe("configuration", () => {
  test("sizes are those of the tensors", () => {
    const sizes = { inChannels: 4, patchSize: 2, hiddenSize: 36, depth: 4, numHeads: 3, mlpSize: 144, numClasses: 1000, inputSize: 16 };
    expect(config).toEqual(sizes);
  });

  test.each([
    ["DiT-S", 384, 6],
    ["DiT-B", 768, 12],
    ["DiT-L", 1024, 16],
    ["DiT-XL", 1152, 16],
  ])("%s is known by its width", (_name, hiddenSize, numHeads) => {
    expect(readDitConfig(scopeOfShapes(publishedShapes(hiddenSize)), null)).toMatchObject({
      hiddenSize,
      numHeads,
      depth: 2,
      inputSize: 32,
    });
  });

  test("a diffusers configuration tells heads and size", () => {
    const { pos_embed: _, ...shapes } = publishedShapes(96);
    expect(readDitConfig(scopeOfShapes(shapes), { num_attention_heads: 8, num_layers: 2, sample_size: 64 })).toMatchObject({
      numHeads: 8,
      inputSize: 64,
    });
  });

  test.each([
    [{ depth: 3 }, "3 layers"],
    [{ num_heads: 5 }, "5 heads"],
    [{ num_heads: "many" }, "num_heads"],
    [{ num_heads: 3, norm_type: "layer_norm" }, "norm_type"],
    [{}, "width 36"],
  ])("%j does not fit", (wrong, message) => {
    expect(() => readDitConfig(file.scope(), wrong)).toThrow(message);
  });

  test("an incomplete file names its tensor", () => {
    const { "x_embedder.proj.weight": _, ...shapes } = publishedShapes(384);
    expect(() => readDitConfig(scopeOfShapes(shapes), null)).toThrow("x_embedder.proj.weight");
  });
});

test("the table of positions is the one in the file", async () => {
  const stored = await file.readTensor("pos_embed");
  expect(largestDifference(tensor(stored.shape, positionTable(36, 8)), stored)).toBeLessThan(1e-7);
});

test("a respaced schedule goes from the first to the last timestep", () => {
  expect(respacedTimesteps(5)).toEqual([0, 250, 500, 749, 999]);
  expect(respacedTimesteps(1000)).toEqual(Array.from({ length: 1000 }, (_, t) => t));
});

describe("graph", () => {
  const feeds = (side: number, labels: readonly bigint[]): Record<string, Tensor> => ({
    sample: tensor(
      [1, 4, side, side],
      Float32Array.from({ length: 4 * side * side }, (_, i) => Math.sin(i)),
    ),
    timestep: tensor([1], Float32Array.of(101)),
    class_labels: { dtype: "int64", shape: [labels.length], data: BigInt64Array.from(labels) },
  });

  test("ends at the last tap, and reads nothing behind it", () => {
    const first = buildDit(file.scope(), config, { latentSize: 16, taps: ["blocks.0.attn.q"] });
    const last = buildDit(file.scope(), config, { latentSize: 16, taps: ["blocks.3.attn.q"] });
    expect(first.weightBytes).toBeLessThan(last.weightBytes);
    expect(first.outputs.map(({ name, shape }) => [name, shape])).toEqual([["blocks.0.attn.q", ["R", 3, 64, 12]]]);
  });

  test("both forms of attention agree, at a size the file has no positions for", async () => {
    const taps = ["blocks.3"];
    const run = (attention: "fused" | "decomposed") =>
      runGraph(buildDit(file.scope(), config, { latentSize: 12, taps, attention }), feeds(12, [1n, 1000n]));
    const [fused, decomposed] = [(await run("fused"))["blocks.3"], (await run("decomposed"))["blocks.3"]];
    expect(fused?.shape).toEqual([2, 36, 36]);
    expect(largestDifference(decomposed, fused as Tensor)).toBeLessThan(1e-5);
  });

  test("a row depends on its own label alone", async () => {
    const graph = buildDit(file.scope(), config, { latentSize: 16, taps: ["blocks.1"] });
    const [both, one] = [await runGraph(graph, feeds(16, [7n, 1000n])), await runGraph(graph, feeds(16, [1000n]))];
    const row = tensor([1, 64, 36], float32Output("blocks.1", both["blocks.1"]).data.slice(64 * 36));
    expect(largestDifference(one["blocks.1"], row)).toBeLessThan(1e-5);
  });
});
