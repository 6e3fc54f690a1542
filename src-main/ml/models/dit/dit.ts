/**
 * @file DiT, a diffusion transformer over patches of a latent, told a timestep and a class; emitted only as far as the taps need.
 * Source: facebookresearch/DiT `models.py` (`DiT`, `DiTBlock`, `TimestepEmbedder`); Peebles and Xie, "Scalable Diffusion Models with Transformers", 2023.
 * diffusers' class of the same name computes other timestep frequencies; its checkpoints hold Meta's weights, and Meta's frequencies are what they were trained with.
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph, GraphOptions } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { silu } from "../../nn/activations";
import { scaledDotProductAttention, splitHeads } from "../../nn/attention";
import { conv2d } from "../../nn/conv2d";
import { linear } from "../../nn/linear";
import { sinusoidalTimestepEmbedding } from "../../nn/timestep-embedding";
import type { WeightScope } from "../../weights/weight-scope";
import { collectTaps, type Emission } from "../stable-diffusion/tap-collector";
import type { DitConfig } from "./config";
import { positionTable } from "./position-table";
import { ditWeights, type DitBlockWeights, type DitWeights } from "./weights";

/** Width of the sinusoids of a timestep. */
const frequencyChannels = 256;
const layerNormEps = 1e-6;

export interface DitGraphOptions extends GraphOptions {
  /** Side of the square latent. */
  readonly latentSize: number;
  /**
   * `x_embedder` [1, T, C] (patches before their positions), `t_embedder` [1, C], `y_embedder` [R, C], `blocks.<n>` [R, T, C], and of its attention
   * `blocks.<n>.attn.input` (after the modulation), `.q`, `.k`, `.v`, `.sdpa` [R, heads, T, headDim].
   */
  readonly taps: readonly string[];
}

/**
 * Authors the DiT. Inputs `sample` [1, channels, latentSize, latentSize], `timestep` [1] and `class_labels` [R] (int64): one latent is shown once with each label.
 *
 * @throws tap/unknown, weights/missing-tensor, weights/shape-mismatch
 */
export function buildDit(weights: WeightScope, config: DitConfig, options: DitGraphOptions): Graph {
  const { latentSize, taps, ...graphOptions } = options;
  const g = new GraphBuilder(graphOptions);
  const inputs: DitInputs = {
    sample: g.input("sample", "float32", [1, config.inChannels, latentSize, latentSize]),
    timestep: g.input("timestep", "float32", [1]),
    labels: g.input("class_labels", "int64", ["R"]),
    positions: storedPositions(g, weights, config, latentSize / config.patchSize),
  };
  collectTaps(g, ditEmission(g, inputs, ditWeights(weights), config), taps);
  return g.build();
}

interface DitInputs {
  readonly sample: Value;
  readonly timestep: Value;
  readonly labels: Value;
  /** [1, T, C] or [T, C] */
  readonly positions: Value;
}

function* ditEmission(g: GraphBuilder, inputs: DitInputs, weights: DitWeights, config: DitConfig): Emission<Value> {
  const patches = patchTokens(g, inputs.sample, weights.patches, config);
  yield { name: "x_embedder", emit: () => patches };
  const time = timestepStates(g, inputs.timestep, weights, config);
  yield { name: "t_embedder", emit: () => time };
  const table = g.weight(weights.classes.get("weight", [config.numClasses + 1, config.hiddenSize]));
  const classes = g.gather(table, inputs.labels);
  yield { name: "y_embedder", emit: () => classes };
  const conditioning = silu(g, g.add(time, classes)); // [R, C]
  let h = g.add(patches, inputs.positions); // [1, T, C], and one row a label from the first modulation on
  for (let i = 0; i < config.depth; i++)
    h = yield* ditBlock(g, h, { path: `blocks.${i}`, conditioning, weights: weights.block(i), config });
  return h;
}

interface BlockParts {
  readonly path: string;
  readonly conditioning: Value;
  readonly weights: DitBlockWeights;
  readonly config: DitConfig;
}

/** Attention and feed-forward, each between a modulated norm and a gate, around a residual. */
function* ditBlock(g: GraphBuilder, x: Value, { path, conditioning, weights, config }: BlockParts): Emission<Value> {
  const { hiddenSize, mlpSize } = config;
  const modulation = linear(g, conditioning, weights.modulation, { outFeatures: 6 * hiddenSize });
  const [shiftA, scaleA, gateA, shiftM, scaleM, gateM] = g
    .split(modulation, Array<number>(6).fill(hiddenSize), 1)
    .map((part) => g.unsqueeze(part, [1])) as [Value, Value, Value, Value, Value, Value]; // each [R, 1, C]
  const attended = yield* ditAttention(g, modulated(g, x, { shift: shiftA, scale: scaleA }), { path: `${path}.attn`, weights, config });
  let h = g.add(x, g.mul(gateA, attended));
  const inner = g.gelu(linear(g, modulated(g, h, { shift: shiftM, scale: scaleM }), weights.fc1, { outFeatures: mlpSize }), "tanh");
  h = g.add(h, g.mul(gateM, linear(g, inner, weights.fc2, { outFeatures: hiddenSize })));
  yield { name: path, emit: () => h };
  return h;
}

function* ditAttention(
  g: GraphBuilder,
  x: Value,
  { path, weights, config }: Pick<BlockParts, "path" | "weights" | "config">,
): Emission<Value> {
  const { hiddenSize, numHeads: heads } = config;
  yield { name: `${path}.input`, emit: () => x };
  const [query, key, value] = projections(g, x, weights, hiddenSize);
  yield { name: `${path}.q`, emit: () => splitHeads(g, query, heads) };
  yield { name: `${path}.k`, emit: () => splitHeads(g, key, heads) };
  yield { name: `${path}.v`, emit: () => splitHeads(g, value, heads) };
  const attended = scaledDotProductAttention(g, query, key, value, { heads });
  yield { name: `${path}.sdpa`, emit: () => splitHeads(g, attended, heads) };
  return linear(g, attended, weights.out, { outFeatures: hiddenSize });
}

function projections(g: GraphBuilder, x: Value, weights: DitBlockWeights, hiddenSize: number): readonly [Value, Value, Value] {
  const each = (3 * hiddenSize) / weights.projections.length;
  const projected = weights.projections.map((scope) => linear(g, x, scope, { outFeatures: each }));
  const [together] = projected;
  const parts = projected.length === 1 && together !== undefined ? g.split(together, Array<number>(3).fill(hiddenSize), -1) : projected;
  return parts as [Value, Value, Value];
}

/** A norm without weights of its own, then `x * (1 + scale) + shift`. */
function modulated(g: GraphBuilder, x: Value, { shift, scale }: { readonly shift: Value; readonly scale: Value }): Value {
  const channels = Number(x.shape.at(-1));
  const ones = g.constant([channels], new Float32Array(channels).fill(1));
  const normed = g.layerNormalization(x, ones, { bias: null, eps: layerNormEps });
  return g.add(g.mul(normed, g.add(g.scalar(1), scale)), shift);
}

/** [1, channels, h, w] to tokens [1, T, C]. */
function patchTokens(g: GraphBuilder, sample: Value, weights: WeightScope, { hiddenSize, patchSize }: DitConfig): Value {
  const patches = conv2d(g, sample, weights, { outChannels: hiddenSize, kernelSize: patchSize, stride: patchSize });
  return g.transpose(g.reshape(patches, [1, hiddenSize, -1]), [0, 2, 1]);
}

function timestepStates(g: GraphBuilder, timestep: Value, { timestep: [first, second] }: DitWeights, { hiddenSize }: DitConfig): Value {
  const sinusoids = sinusoidalTimestepEmbedding(g, timestep, { channels: frequencyChannels, flipSinToCos: true, downscaleFreqShift: 0 });
  return linear(g, silu(g, linear(g, sinusoids, first, { outFeatures: hiddenSize })), second, { outFeatures: hiddenSize });
}

/** The table of the checkpoint where it fits the grid; it holds what is computed for other grids. */
function storedPositions(g: GraphBuilder, weights: WeightScope, { hiddenSize }: DitConfig, side: number): Value {
  const shape = [1, side * side, hiddenSize];
  const stored = weights.shapeOf("pos_embed");
  if (stored?.join() === shape.join()) return g.weight(weights.get("pos_embed", shape));
  return g.constant([side * side, hiddenSize], positionTable(hiddenSize, side));
}
