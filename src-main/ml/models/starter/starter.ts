/** @file The whole starter model as one graph: backbone, two heads, two token projections and the tokens' attention to themselves. */
import { appError } from "#shared/domain/app-error";
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { scaledDotProductAttention } from "../../nn/attention";
import type { WeightScope } from "../../weights/weight-scope";
import { starterBackbone } from "./backbone";
import { starterOutputs, type StarterConfig } from "./config";

/** Width of both heads, and of both token projections. */
const starterHeadSize = 96;
export const starterTokenSize = 64;

/** Channel statistics further than this many standard deviations from the training mean are cut off. */
const headInputLimit = 6;

/**
 * Authors the graph. Input `pixel_values` [N, 3, S, S]; outputs, for each of style and subject:
 * `<name>` [N, 96] the head, `tok_<name>` [N, tokens, 64] and `attn_<name>` [N, tokens, 64], the tokens' self-attention (query = key = value = tokens, one head).
 *
 * @throws weights/missing-tensor, weights/shape-mismatch, graph/unsupported-config
 */
export function buildStarter(weights: WeightScope, config: StarterConfig): Graph {
  const g = new GraphBuilder();
  const pixels = g.input("pixel_values", "float32", ["N", 3, config.imageSize, config.imageSize]);
  const taps = starterBackbone(g, pixels, weights, config);
  for (const name of starterOutputs) {
    const statistics = g.concat(
      config.heads[name].taps.map((tap) => channelStatistics(g, tapped(taps, tap))),
      1,
    ); // [N, 2 * sum of C]
    g.output(name, head(g, statistics, weights.scope("head").scope(name)));
    const tokens = projectTokens(g, tapped(taps, config.tokens[name].tap), weights.scope("token").scope(name)); // [N, rows * columns, 64]
    g.output(`tok_${name}`, tokens);
    g.output(`attn_${name}`, scaledDotProductAttention(g, tokens, tokens, tokens, { heads: 1 }));
  }
  return g.build();
}

function tapped(taps: ReadonlyMap<string, Value>, tap: string): Value {
  const value = taps.get(tap);
  if (value === undefined) throw appError("graph/unsupported-config", `starter config.json: "${tap}" is no tap of the backbone.`);
  return value;
}

/** Mean and unbiased standard deviation of each channel over all positions: [N, C, H, W] to [N, 2C]. */
function channelStatistics(g: GraphBuilder, x: Value): Value {
  const positions = Number(x.shape[2]) * Number(x.shape[3]);
  const mean = g.reduceMean(x, [2, 3], { keepDims: true });
  const deviation = g.sub(x, mean);
  const variance = g.scale(g.reduceSum(g.mul(deviation, deviation), [2, 3]), 1 / (positions - 1));
  return g.concat([g.squeeze(mean, [2, 3]), g.sqrt(variance)], 1);
}

/** Standardises, limits and projects channel statistics: [N, inputs] to [N, 96]. */
function head(g: GraphBuilder, statistics: Value, weights: WeightScope): Value {
  const inputs = Number(statistics.shape[1]);
  const standardized = g.clip(standardize(g, statistics, weights, inputs), -headInputLimit, headInputLimit);
  return g.gemm(standardized, g.weight(weights.get("weight", [starterHeadSize, inputs])), null);
}

/** A feature map [N, C, H, W] as projected tokens [N, H * W, 64], row by row. */
function projectTokens(g: GraphBuilder, x: Value, weights: WeightScope): Value {
  const [batch, channels, rows, columns] = x.shape as readonly [string, number, number, number];
  const tokens = g.transpose(g.reshape(x, [batch, channels, rows * columns]), [0, 2, 1]);
  const standardized = standardize(g, tokens, weights, channels);
  const projection = g.transpose(g.weight(weights.get("weight", [starterTokenSize, channels])), [1, 0]);
  return g.matmul(standardized, projection);
}

function standardize(g: GraphBuilder, x: Value, weights: WeightScope, size: number): Value {
  return g.div(g.sub(x, g.weight(weights.get("mean", [size]))), g.weight(weights.get("std", [size])));
}
