/** @file A small model of made-up weights, run on a device and on the CPU: does the device give the same scores, and how fast? */
import type { DeviceId, DeviceSelfTest } from "#shared/domain/device";
import { toAppError } from "#shared/domain/app-error";
import { GraphBuilder, type Graph } from "../graph/graph-builder";
import { type AttentionForm, attentionFormFor } from "../graph/opset";
import type { Value } from "../graph/value";
import { silu } from "../nn/activations";
import { scaledDotProductAttention, splitHeads } from "../nn/attention";
import { buildAlignedAttention } from "../scoring/aligned-attention-graph";
import { tensor, type Float32Tensor } from "../tensor/tensor";
import { findDeviceAgain } from "./execution-provider";
import { createSession, defaultThreads } from "./inference-session";

/** A score may differ this much between devices before one of them is called wrong. */
const parityLimit = 1e-3;
const imageSize = 64;
const channels = 64;
const heads = 4;
/** Enough tokens for a device's fast attention path, which is where errors were seen. */
const tokens = (imageSize / 2) ** 2;
/** Enough runs for a rate, but a device that takes seconds for one is not asked again. */
const timedRuns = 3;
const timedMs = 1000;
/** Small enough that the test's scores take several tiles, as those of a large picture do. */
const tileBytes = heads * tokens * tokens;

interface TrialResult {
  /** Score, mean squared error and heat map of the pair, one after the other. */
  readonly numbers: Float32Array;
  readonly imagesPerSecond: number;
}

/** Tests one device; never throws for a device that fails, its `message` says why. */
export async function selfTestDevice(id: DeviceId): Promise<DeviceSelfTest> {
  const device = await findDeviceAgain(id);
  if (!device.available) return { ok: false, imagesPerSecond: null, parity: null, message: device.detail };
  try {
    const expected = await runTrial("cpu", "decomposed");
    const found = await runTrial(id, attentionFormFor({ device: id, tileBytes }));
    const parity = expected.numbers.reduce((worst, x, i) => Math.max(worst, Math.abs(x - (found.numbers[i] ?? NaN))), 0);
    const ok = parity <= parityLimit; // also false for NaN
    return {
      ok,
      imagesPerSecond: found.imagesPerSecond,
      parity,
      message: ok ? null : `${device.name} computes other scores than the processor (largest difference ${parity.toPrecision(2)}).`,
    };
  } catch (error) {
    return { ok: false, imagesPerSecond: null, parity: null, message: toAppError(error).message };
  }
}

async function runTrial(device: DeviceId, attention: AttentionForm): Promise<TrialResult> {
  const options = { device, threads: defaultThreads() };
  const model = await createSession(buildTrialModel(attention), options);
  const side = { tokens, keyTokens: null, prefix: 0, dtype: "float32" as const };
  const scorer = await createSession(
    buildAlignedAttention({
      heads,
      headDim: channels / heads,
      scale: 1 / Math.sqrt(channels / heads),
      projection: null,
      hasMaps: true,
      a: side,
      b: side,
    }),
    options,
  );
  try {
    const [first = {}, second = {}] = [1, 2].map((seed) => ({ pixel_values: noise([1, 3, imageSize, imageSize], seed) }));
    // The first run makes the device's programs ready and is not timed.
    const features = [await model.run(first)];
    const start = performance.now();
    do features.push(await model.run(second));
    while (features.length <= timedRuns && performance.now() - start < timedMs);
    const imagesPerSecond = (1000 * (features.length - 1)) / (performance.now() - start);
    const feeds = features
      .slice(0, 2)
      .flatMap((outputs, i) => Object.entries(outputs).map(([name, value]) => [`${name}_${i === 0 ? "a" : "b"}`, value] as const));
    const scores = await scorer.run(Object.fromEntries(feeds));
    const numbers = ["ab", "ba", "mse_ab", "mse_ba", "heat_a", "heat_b"].flatMap((name) => Array.from(scores[name]?.data ?? [], Number));
    return { numbers: Float32Array.from(numbers), imagesPerSecond };
  } finally {
    await model.dispose();
    await scorer.dispose();
  }
}

/** Two convolutions with group normalisation and one self-attention: `pixel_values` to its query, key, value and output, split into heads. */
function buildTrialModel(attention: AttentionForm): Graph {
  const g = new GraphBuilder({ attention });
  const pixels = g.input("pixel_values", "float32", [1, 3, imageSize, imageSize]);
  let x = g.conv(pixels, weight(g, [channels, 3, 3, 3], 11), null, { stride: 2, padding: 1 });
  x = g.conv(silu(g, normalizeGroups(g, x)), weight(g, [channels, channels, 3, 3], 12), null, { padding: 1 });
  const hidden = g.reshape(g.transpose(normalizeGroups(g, x), [0, 2, 3, 1]), [tokens, channels]);
  const [query, key, value] = [13, 14, 15].map((seed) =>
    g.reshape(g.gemm(hidden, weight(g, [channels, channels], seed), null), [1, tokens, channels]),
  ) as [Value, Value, Value];
  const output = scaledDotProductAttention(g, query, key, value, { heads });
  for (const [name, tapped] of Object.entries({ query, key, value, output })) g.output(name, splitHeads(g, tapped, heads));
  return g.build();
}

function normalizeGroups(g: GraphBuilder, x: Value): Value {
  return g.reshape(g.instanceNormalization(g.reshape(x, [1, 8, -1]), 1e-5), x.shape);
}

/** Random weights that keep the variance of what passes through. */
function weight(g: GraphBuilder, shape: readonly number[], seed: number): Value {
  const { data } = noise(shape, seed);
  const fanIn = data.length / (shape[0] ?? 1);
  return g.constant(
    shape,
    data.map((x) => x * Math.sqrt(3 / fanIn)),
  );
}

/** Evenly spread numbers in [-1, 1), the same on every machine. */
function noise(shape: readonly number[], seed: number): Float32Tensor {
  let state = seed;
  const count = shape.reduce((product, size) => product * size, 1);
  return tensor(
    shape,
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 31 - 1;
    }),
  );
}
