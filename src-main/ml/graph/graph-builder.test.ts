import { describe, expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { runGraph } from "../../../tests/support/run-graph";
import { tensor } from "../tensor/tensor";
import { GraphBuilder } from "./graph-builder";
import { attentionTiles, headAttention } from "./head-attention";
import type { Value } from "./value";

const mismatch = expect.objectContaining({ code: "graph/shape-mismatch" }) as Error;

describe("every operator's declared shape is the shape the runtime gives", () => {
  /** x is [N, 4, 6, 8] with N = 2. */
  const operators: Readonly<Record<string, (g: GraphBuilder, x: Value) => Value>> = {
    arithmetic: (g, x) => g.pow(g.div(g.sub(g.mul(g.add(x, g.scalar(1)), x), x), g.scalar(2)), g.scalar(2)),
    extremes: (g, x) => g.minimum(g.maximum(x, g.scalar(0)), g.constant([8], new Float32Array(8))),
    unary: (g, x) => g.reciprocal(g.exp(g.neg(g.abs(g.tanh(g.sin(g.cos(g.erf(g.sigmoid(g.relu(g.floor(x))))))))))),
    roots: (g, x) => g.log(g.add(g.sqrt(g.abs(x)), g.scalar(1))),
    gelu: (g, x) => g.gelu(g.gelu(x), "tanh"),
    clip: (g, x) => g.clip(x, null, 6),
    broadcast: (g, x) => g.add(x, g.constant([4, 1, 1], new Float32Array(4))),
    matmul: (g, x) => g.matmul(x, g.constant([1, 1, 8, 3], new Float32Array(24))),
    gemm: (g, x) => g.gemm(g.reshape(x, [-1, 8]), g.constant([5, 8], new Float32Array(40)), g.constant([5], new Float32Array(5))),
    conv: (g, x) => g.conv(x, g.constant([5, 4, 3, 3], new Float32Array(180)), null, { stride: 2, padding: [0, 0, 1, 1] }),
    depthwise: (g, x) =>
      g.conv(x, g.constant([4, 1, 3, 2], new Float32Array(24)), null, { groups: 4, padding: 1, stride: [1, 2], dilation: 2 }),
    pools: (g, x) => g.averagePool(g.maxPool(x, { kernel: 3, stride: 2, padding: 1 }), { kernel: 2, stride: 1 }),
    softmax: (g, x) => g.softmax(x, 1),
    means: (g, x) => g.reduceMean(x, [2, -1]),
    sums: (g, x) => g.reduceSum(x, [1], { keepDims: true }),
    largest: (g, x) => g.reduceMax(x, [0, 3]),
    argmax: (g, x) => g.argmax(x, -2),
    norms: (g, x) =>
      g.layerNormalization(g.instanceNormalization(x, 1e-5), g.constant([8], new Float32Array(8)), { bias: null, eps: 1e-5 }),
    reshape: (g, x) => g.reshape(g.reshape(x, [-1, 8]), ["N", 4, 48]),
    transpose: (g, x) => g.transpose(x, [3, 0, 2, 1]),
    squeeze: (g, x) => g.squeeze(g.unsqueeze(x, [0, -1]), [0]),
    concat: (g, x) => g.concat([x, g.slice(x, { axis: 1, start: 1, end: -1 })], 1),
    split: (g, x) => g.split(x, [1, 3], 1)[1] as Value,
    slice: (g, x) => g.slice(x, { axis: -1, start: -3 }),
    gather: (g, x) => g.gather(x, g.constant([2, 2], BigInt64Array.of(0n, 3n, 1n, 1n)), 1),
    expand: (g, x) => g.expand(g.constant([1, 3], new Float32Array(3)), ["N", 5, 3], x),
    expandKnown: (g) => g.expand(g.constant([1, 3], new Float32Array(3)), [2, 3]),
    pad: (g, x) => g.pad(x, [0, 0, 1, 2, 0, 0, 3, 0], { mode: "reflect" }),
    resizeScales: (g, x) => g.resize(x, { scales: [1.5, 2] }, { mode: "nearest" }),
    resizeSizes: (g, x) => g.resize(x, { sizes: [3, 11] }, { mode: "cubic", antialias: true, excludeOutside: true }),
    cast: (g, x) => g.cast(x, "int32"),
    where: (g, x) => g.where(g.cast(x, "bool"), x, g.scalar(0)),
    attention: (g, x) => headAttention(g, { query: x, key: x, value: x }, { maxScoreBytes: 400 }),
  };
  test.each(Object.entries(operators))("%s", async (_name, operator) => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", ["N", 4, 6, 8]);
    const result = operator(g, x);
    g.output("y", result);
    const { y } = await runGraph(g.build(), { x: tensor([2, 4, 6, 8], randomNumbers(384, 1)) });
    expect(y?.shape).toEqual(
      result.shape.map((size) =>
        typeof size === "number" ? size : size.split("*").reduce((product, factor) => product * (factor === "N" ? 2 : Number(factor)), 1),
      ),
    );
    expect(y?.dtype).toBe(result.dtype);
  });
});

test("a few operators compute what their name says", async () => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [2, 3]);
  g.output("slice", g.slice(x, { axis: 1, start: 1, end: -1 }));
  g.output("argmax", g.argmax(x, 1));
  g.output("expand", g.expand(g.reduceMean(x, [1], { keepDims: true }), [2, 2]));
  g.output("nearest", g.resize(x, { scales: [2] }, { mode: "nearest" }));
  const results = await runGraph(g.build(), { x: tensor([2, 3], Float32Array.of(1, 2, 3, 9, 8, 7)) });
  const numbers = (name: string) => Array.from(results[name]?.data ?? [], Number);
  expect([numbers("slice"), numbers("argmax"), numbers("expand"), numbers("nearest")]).toEqual([
    [2, 8],
    [2, 0],
    [2, 2, 8, 8],
    [1, 1, 2, 2, 3, 3, 9, 9, 8, 8, 7, 7],
  ]);
});

test("attention in tiles is the attention in one piece", async () => {
  const numbers = tensor([1, 2, 9, 4], randomNumbers(72, 3));
  const run = async (maxScoreBytes: number) => {
    const g = new GraphBuilder();
    const x = g.input("x", "float32", [1, 2, 9, 4]);
    const mask = g.constant([9, 9], randomNumbers(81, 4));
    const tiles = attentionTiles(g, { query: x, key: x, value: x }, { maxScoreBytes, mask });
    g.output(
      "y",
      g.concat(
        tiles.map((tile) => tile.output),
        2,
      ),
    );
    return { tiles: tiles.length, y: (await runGraph(g.build(), { x: numbers }))["y"]?.data };
  };
  const [whole, cut] = [await run(1e9), await run(160)];
  expect([whole.tiles, cut.tiles]).toEqual([1, 5]);
  whole.y?.forEach((value, i) => expect(cut.y?.[i]).toBeCloseTo(Number(value), 6));
});

test("operands that do not fit are refused where they are written", () => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", ["N", 4, 6, 8]);
  const small = g.constant([3], new Float32Array(3));
  const wrong: readonly (() => unknown)[] = [
    () => g.add(x, small),
    () => g.add(x, g.integers(1)),
    () => g.matmul(x, small),
    () => g.matmul(x, x),
    () => g.gemm(x, small, null),
    () => g.conv(x, g.constant([5, 3, 1, 1], new Float32Array(15)), null),
    () => g.conv(x, g.constant([5, 4, 7, 1], new Float32Array(140)), null),
    () => g.concat([x, small], 1),
    () => g.concat([], 1),
    () => g.reshape(x, [4, 48]),
    () => g.reshape(x, ["M", 192]),
    () => g.reshape(x, [-1, -1, 8]),
    () => g.reshape(x, [-1, 7]),
    () => g.transpose(x, [0, 1, 2]),
    () => g.transpose(x, [0, 1, 2, 2]),
    () => g.split(x, [1, 2], 1),
    () => g.slice(x, { axis: 0, start: 0, end: 1 }),
    () => g.slice(x, { axis: 1, start: 3, end: 3 }),
    () => g.squeeze(x, [1]),
    () => g.softmax(x, 4),
    () => g.gather(x, small),
    () => g.expand(small, ["N", 3]),
    () => g.pad(x, [1, 1]),
    () => g.layerNormalization(x, small, { bias: null, eps: 1 }),
    () => g.instanceNormalization(small, 1),
    () => g.constant([2], new Float32Array(3)),
  ];
  const accepted = wrong.filter((author) => {
    try {
      author();
      return true;
    } catch (error) {
      expect(error).toEqual(mismatch);
      return false;
    }
  });
  expect(accepted.map(String)).toEqual([]);
});

test("a convolution and a pooling take pictures of any size: open sides stay open, and differ where the sizes do", async () => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [1, 4, "H", "W"]);
  const kept = g.conv(x, g.constant([5, 4, 3, 3], randomNumbers(180, 5)), null, { padding: 1 });
  const halved = g.maxPool(kept, { kernel: 2, stride: 2 });
  expect(kept.shape).toEqual([1, 5, "H", "W"]);
  expect(() => g.add(kept, halved)).toThrow(mismatch);
  g.output("y", g.reshape(halved, [5, -1]));
  const graph = g.build();
  for (const [height, width] of [
    [6, 9],
    [11, 4],
  ] as const) {
    const { y } = await runGraph(graph, { x: tensor([1, 4, height, width], randomNumbers(4 * height * width, 6)) });
    expect(y?.shape).toEqual([5, Math.floor(height / 2) * Math.floor(width / 2)]);
  }
});

test("the id of a graph follows from what it computes", () => {
  const author = (factor: number) => {
    const g = new GraphBuilder();
    g.output("y", g.scale(g.input("x", "float32", ["N"]), factor));
    return g.build();
  };
  expect(author(2).id).toBe(author(2).id);
  expect(author(2).id).not.toBe(author(3).id);
});

test("costs are counted per item of the batch", () => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", ["N", 10, 8]);
  g.gemm(g.reshape(x, [-1, 8]), g.constant([5, 8], new Float32Array(40)), null);
  g.conv(g.unsqueeze(x, [1]), g.constant([2, 1, 3, 3], new Float32Array(18)), null);
  headAttention(g, { query: g.unsqueeze(x, [1]), key: g.unsqueeze(x, [1]), value: g.unsqueeze(x, [1]) });
  expect(g.build().flops).toEqual({ linear: 2 * 10 * 5 * 8, conv: 2 * 2 * 8 * 6 * 9, attention: 4 * 10 * 10 * 8 });
});

test("an output name is given once", () => {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [1]);
  g.output("y", x);
  expect(() => g.output("y", x)).toThrow(mismatch);
});
