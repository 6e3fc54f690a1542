import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { naiveAttention } from "../../../tests/support/naive-attention";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { runGraph } from "../../../tests/support/run-graph";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { GraphBuilder } from "../graph/graph-builder";
import type { AttentionForm } from "../graph/opset";
import type { Value } from "../graph/value";
import { float16ToFloat32, float32ToFloat16 } from "../tensor/half";
import { elementCount, tensor, type Tensor } from "../tensor/tensor";
import { openCheckpoint } from "../weights/checkpoint";
import { writeSafetensors } from "../weights/safetensors";
import type { WeightScope } from "../weights/weight-scope";
import { quickGelu, relu6, silu } from "./activations";
import { scaledDotProductAttention, splitHeads, mergeHeads } from "./attention";
import { conv2d } from "./conv2d";
import { geglu } from "./geglu";
import { groupNorm } from "./group-norm";
import { layerNorm } from "./layer-norm";
import { linear } from "./linear";
import { sinusoidalTimestepEmbedding, timestepEmbedding } from "./timestep-embedding";
import { sineAndCosine } from "./trigonometry";

const folder = scratchFolder();
let count = 0;

/** A checkpoint of random weights, stored as asked for, and the numbers a reader of it sees. */
async function randomCheckpoint(
  shapes: Readonly<Record<string, readonly number[]>>,
  dtype: "float32" | "float16" = "float32",
): Promise<{ weights: WeightScope; numbers: (name: string) => Float32Array }> {
  const tensors = new Map<string, Tensor>();
  const seen = new Map<string, Float32Array>();
  for (const [i, [name, shape]] of Object.entries(shapes).entries()) {
    const data = randomNumbers(elementCount(shape), 70 + i);
    const half = float32ToFloat16(data);
    tensors.set(name, dtype === "float32" ? tensor(shape, data) : { dtype, shape, data: half });
    seen.set(name, dtype === "float32" ? data : float16ToFloat32(half));
  }
  count += 1;
  const file = join(folder, `${count}.safetensors`);
  await writeSafetensors(file, tensors);
  return { weights: (await openCheckpoint(file)).scope(), numbers: (name) => seen.get(name) ?? new Float32Array() };
}

/** Runs a layer over random numbers of `shape` (a symbolic N is 2) and returns input and output. */
async function run(
  shape: readonly (number | string)[],
  author: (g: GraphBuilder, x: Value) => Value,
  attention: AttentionForm = "fused",
): Promise<{ x: Float32Array; y: Tensor }> {
  const g = new GraphBuilder({ attention });
  g.output("y", author(g, g.input("x", "float32", shape)));
  const sizes = shape.map((size) => (typeof size === "number" ? size : 2));
  const x = randomNumbers(elementCount(sizes), 5);
  const { y } = await runGraph(g.build(), { x: tensor(sizes, x) });
  if (y === undefined) throw new Error("No output");
  return { x, y };
}

function expectClose(actual: Tensor, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(actual.data).toHaveLength(expected.length);
  const scale = Math.max(1e-9, ...Array.from(expected, Math.abs));
  const largest = Array.from(expected).reduce((worst, value, i) => Math.max(worst, Math.abs(Number(actual.data[i]) - value)), 0);
  expect(largest / scale).toBeLessThan(tolerance);
}

function naiveLinear(x: ArrayLike<number>, weight: Float32Array, bias: Float32Array | null): Float64Array {
  const out = bias?.length ?? 0;
  const inner = weight.length / out;
  return Float64Array.from({ length: (x.length / inner) * out }, (_, at) => {
    const [row, column] = [Math.floor(at / out), at % out];
    let sum = bias?.[column] ?? 0;
    for (let i = 0; i < inner; i++) sum += (x[row * inner + i] as number) * (weight[column * inner + i] as number);
    return sum;
  });
}

const erf = (x: number) => {
  // Series of Abramowitz and Stegun 7.1.5; converges for the small numbers used here.
  let [sum, term] = [0, x];
  for (let n = 0; n < 80; n++) {
    sum += term / (2 * n + 1);
    term *= (-x * x) / (n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
};

describe.each(["float32", "float16"] as const)("weights stored as %s", (dtype) => {
  test("linear, over any number of leading axes", async () => {
    const { weights, numbers } = await randomCheckpoint({ "fc.weight": [5, 6], "fc.bias": [5] }, dtype);
    for (const shape of [
      ["N", 6],
      ["N", 3, 6],
      [2, 3, 2, 6],
    ] as const) {
      const { x, y } = await run(shape, (g, input) => linear(g, input, weights.scope("fc"), { outFeatures: 5 }));
      expectClose(y, naiveLinear(x, numbers("fc.weight"), numbers("fc.bias")));
    }
  });

  test("groupNorm", async () => {
    const { weights, numbers } = await randomCheckpoint({ weight: [6], bias: [6] }, dtype);
    const { x, y } = await run(["N", 6, 4, 5], (g, input) => groupNorm(g, input, weights, { numGroups: 3, eps: 1e-3 }));
    const size = 2 * 20; // channels of a group times positions
    const expected = Float64Array.from(x, (value, i) => {
      const group = x.subarray(Math.floor(i / size) * size, (Math.floor(i / size) + 1) * size);
      const mean = group.reduce((sum, v) => sum + v, 0) / size;
      const variance = group.reduce((sum, v) => sum + (v - mean) ** 2, 0) / size;
      const channel = Math.floor(i / 20) % 6;
      return ((value - mean) / Math.sqrt(variance + 1e-3)) * (numbers("weight")[channel] as number) + (numbers("bias")[channel] as number);
    });
    expectClose(y, expected);
  });

  test("layerNorm", async () => {
    const { weights, numbers } = await randomCheckpoint({ weight: [7], bias: [7] }, dtype);
    const { x, y } = await run(["N", 3, 7], (g, input) => layerNorm(g, input, weights, { eps: 1e-5 }));
    const expected = Float64Array.from(x, (value, i) => {
      const token = x.subarray(i - (i % 7), i - (i % 7) + 7);
      const mean = token.reduce((sum, v) => sum + v, 0) / 7;
      const variance = token.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 7;
      return ((value - mean) / Math.sqrt(variance + 1e-5)) * (numbers("weight")[i % 7] as number) + (numbers("bias")[i % 7] as number);
    });
    expectClose(y, expected);
  });

  test("conv2d, strided, with one-sided padding", async () => {
    const { weights, numbers } = await randomCheckpoint({ weight: [4, 3, 3, 3], bias: [4] }, dtype);
    const { x, y } = await run(["N", 3, 6, 5], (g, input) => conv2d(g, input, weights, { stride: 2, padding: [0, 0, 1, 1] }));
    expect(y.shape).toEqual([2, 4, 3, 2]);
    const pixel = (image: number, channel: number, row: number, column: number) =>
      row < 6 && column < 5 ? (x[((image * 3 + channel) * 6 + row) * 5 + column] as number) : 0;
    const expected = Float64Array.from({ length: 2 * 4 * 3 * 2 }, (_, at) => {
      const [image, out, row, column] = [Math.floor(at / 24), Math.floor(at / 6) % 4, Math.floor(at / 2) % 3, at % 2];
      let sum = numbers("bias")[out] as number;
      for (let i = 0; i < 27; i++) {
        const [channel, dy, dx] = [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3];
        sum += pixel(image, channel, 2 * row + dy, 2 * column + dx) * (numbers("weight")[out * 27 + i] as number);
      }
      return sum;
    });
    expectClose(y, expected);
  });

  test("geglu", async () => {
    const { weights, numbers } = await randomCheckpoint({ "proj.weight": [16, 2], "proj.bias": [16] }, dtype);
    const { x, y } = await run(["N", 3, 2], (g, input) => geglu(g, input, weights));
    const projected = naiveLinear(x, numbers("proj.weight"), numbers("proj.bias"));
    const gated = Float64Array.from({ length: 6 * 8 }, (_, at) => {
      const start = Math.floor(at / 8) * 16 + (at % 8);
      const gate = projected[start + 8] as number;
      return (projected[start] as number) * 0.5 * gate * (1 + erf(gate / Math.SQRT2));
    });
    expectClose(y, gated);
  });
});

describe.each(["fused", "decomposed"] as const)("attention, %s", (form) => {
  test.each([undefined, 0.3])("scale %s", async (scale) => {
    const [heads, tokens, headDim] = [3, 7, 4];
    const width = heads * headDim;
    const { x, y } = await run(
      ["N", tokens, 3 * width],
      (g, input) => {
        const [query, key, value] = g.split(input, [width, width, width], -1) as readonly [Value, Value, Value];
        const shorter = (part: Value) => g.slice(part, { axis: 1, start: 0, end: 5 });
        return scaledDotProductAttention(g, query, shorter(key), shorter(value), { heads, ...(scale === undefined ? {} : { scale }) });
      },
      form,
    );
    const part = (image: number, which: number, length: number) =>
      Float64Array.from({ length: heads * length * headDim }, (_, at) => {
        const [head, token, i] = [Math.floor(at / headDim / length), Math.floor(at / headDim) % length, at % headDim];
        return x[(image * tokens + token) * 3 * width + which * width + head * headDim + i] as number;
      });
    const expected = [0, 1].flatMap((image) => {
      const { output } = naiveAttention(part(image, 0, tokens), part(image, 1, 5), part(image, 2, 5), {
        heads,
        tokens,
        keys: 5,
        headDim,
        ...(scale === undefined ? {} : { scale }),
      });
      return Array.from(
        { length: tokens * width },
        (_, at) => output[(Math.floor((at % width) / headDim) * tokens + Math.floor(at / width)) * headDim + (at % headDim)] as number,
      );
    });
    expectClose(y, expected);
  });

  test("a mask hides what it is minus infinity for", async () => {
    const mask = Float32Array.from({ length: 16 }, (_, i) => (i % 4 <= Math.floor(i / 4) ? 0 : -Infinity));
    const { x, y } = await run(
      [1, 4, 6],
      (g, input) => scaledDotProductAttention(g, input, input, input, { heads: 2, mask: g.constant([4, 4], mask) }),
      form,
    );
    expectClose({ ...y, data: (y.data as Float32Array).slice(0, 6) } as Tensor, x.slice(0, 6)); // the first token sees itself alone
  });
});

test("heads are split and merged again", async () => {
  const { x, y } = await run(["N", 3, 8], (g, input) => mergeHeads(g, splitHeads(g, input, 4)));
  expectClose(y, x, 1e-9);
});

test("activations", async () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const formulas = [
    [silu, (x: number) => x * sigmoid(x)],
    [quickGelu, (x: number) => x * sigmoid(1.702 * x)],
    [
      (g: GraphBuilder, x: Value) => g.gelu(x, "tanh"),
      (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    ],
    [relu6, (x: number) => Math.min(6, Math.max(0, x))],
  ] as const;
  for (const [emit, formula] of formulas) {
    const { x, y } = await run([2, 50], (g, input) => emit(g, g.scale(input, 3)));
    expectClose(
      y,
      Array.from(x, (value) => formula(3 * value)),
    );
  }
});

test("sine and cosine hold over hundreds of turns", async () => {
  const angles = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) * 0.5);
  const g = new GraphBuilder();
  const { sine, cosine } = sineAndCosine(g, g.input("x", "float32", [4001]));
  g.output("sine", sine);
  g.output("cosine", cosine);
  const results = await runGraph(g.build(), { x: tensor([4001], angles) });
  expectClose(results["sine"] as Tensor, Array.from(angles, Math.sin), 1e-6);
  expectClose(results["cosine"] as Tensor, Array.from(angles, Math.cos), 1e-6);
});

test("timestep embedding: sinusoids, then two layers around a SiLU", async () => {
  const { weights, numbers } = await randomCheckpoint({
    "linear_1.weight": [8, 6],
    "linear_1.bias": [8],
    "linear_2.weight": [8, 8],
    "linear_2.bias": [8],
  });
  const g = new GraphBuilder();
  const timestep = g.input("timestep", "float32", ["N"]);
  const sinusoids = sinusoidalTimestepEmbedding(g, timestep, { channels: 6, flipSinToCos: true, downscaleFreqShift: 0 });
  g.output("sinusoids", sinusoids);
  g.output("embedding", timestepEmbedding(g, sinusoids, weights));
  const results = await runGraph(g.build(), { timestep: tensor([2], Float32Array.of(1, 981)) });
  const waves = [1, 981].flatMap((t) => [Math.cos, Math.sin].flatMap((wave) => [0, 1, 2].map((i) => wave(t * 10_000 ** (-i / 3)))));
  expectClose(results["sinusoids"] as Tensor, waves, 1e-4);
  const hidden = naiveLinear(waves, numbers("linear_1.weight"), numbers("linear_1.bias")).map((x) => x / (1 + Math.exp(-x)));
  expectClose(results["embedding"] as Tensor, naiveLinear(hidden, numbers("linear_2.weight"), numbers("linear_2.bias")), 1e-4);
});

test("a layer that does not fit its weights names the weight", async () => {
  const { weights } = await randomCheckpoint({ "fc.weight": [5, 6], "fc.bias": [5], "norm.weight": [6], "norm.bias": [6] });
  const g = new GraphBuilder();
  const x = g.input("x", "float32", ["N", 4, 7]);
  expect(() => linear(g, x, weights.scope("fc"))).toThrow("fc.weight is [5, 6], expected [5, 7].");
  expect(() => layerNorm(g, x, weights.scope("norm"), { eps: 1 })).toThrow("norm.weight is [6], expected [7].");
  expect(() => groupNorm(g, g.unsqueeze(x, [3]), weights.scope("norm"), { numGroups: 3, eps: 1 })).toThrow(
    expect.objectContaining({ code: "graph/shape-mismatch" }),
  );
  expect(() => conv2d(g, g.unsqueeze(x, [3]), weights.scope("absent"))).toThrow(
    expect.objectContaining({ code: "weights/missing-tensor" }),
  );
});
