/**
 * @file The distance of two pictures in VGG-16 features: unit length over the channels, squared difference, learned weight per channel.
 * Source: Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR 2018; package lpips 0.1.4, version 0.1, net "vgg".
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import type { Value } from "../../graph/value";
import { emitVgg } from "../../models/vgg/vgg";
import type { WeightScope } from "../../weights/weight-scope";

/** relu1_2, relu2_2, relu3_3, relu4_3 and relu5_3 as modules of VGG-16. */
export const lpipsModules = [3, 8, 15, 22, 29] as const;

/** What the package subtracts and divides by, on pictures in [-1, 1]. */
const shift = [-0.03, -0.088, -0.188];
const scale = [0.458, 0.448, 0.45];
/** Added to the length of a feature vector before it divides. */
const lengthEpsilon = 1e-10;

export interface LpipsGraphOptions {
  readonly size: number;
  /** The learned weights of each of the five stages, one a channel. */
  readonly linear: readonly Float32Array[];
  /** Also give the features `feat<k>` [2, C, h, w] and the map `map` [size, size] of where the pictures differ. */
  readonly keepStages: boolean;
}

/**
 * Authors the graph. Input `pixels` [2, 3, size, size] in [-1, 1], the two pictures. Outputs `distance<k>` [1] of the five stages, whose sum is the score.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildLpips(weights: WeightScope, { size, linear, keepStages }: LpipsGraphOptions): Graph {
  const g = new GraphBuilder();
  const pixels = g.input("pixels", "float32", [2, 3, size, size]);
  const channel = (values: readonly number[]) => g.constant([3, 1, 1], Float32Array.from(values));
  const features = emitVgg(g, g.div(g.sub(pixels, channel(shift)), channel(scale)), weights, { depth: 16, modules: lpipsModules });
  const maps: Value[] = [];
  for (const [stage, module] of lpipsModules.entries()) {
    const feature = features.get(module) as Value;
    const difference = weightedDifference(g, feature, linear[stage] as Float32Array); // [1, 1, h, w]
    g.output(`distance${stage}`, g.reduceMean(difference, [1, 2, 3]));
    if (keepStages) g.output(`feat${stage}`, feature);
    maps.push(difference);
  }
  if (keepStages) g.output("map", g.reshape(summedMaps(g, maps, size), [size, size]));
  return g.build();
}

/** [2, C, h, w] to [1, 1, h, w]: the squared difference of the unit vectors at each place, weighted per channel and summed. */
function weightedDifference(g: GraphBuilder, feature: Value, weights: Float32Array): Value {
  const length = g.sqrt(g.reduceSum(g.mul(feature, feature), [1], { keepDims: true }));
  const directions = g.div(feature, g.add(length, g.scalar(lengthEpsilon)));
  const [a, b] = g.split(directions, [1, 1], 0) as readonly [Value, Value];
  const difference = g.sub(a, b);
  return g.conv(g.mul(difference, difference), g.constant([1, weights.length, 1, 1], weights), null);
}

/** Every stage enlarged to the picture and added up, as the package does with `spatial=True`. */
function summedMaps(g: GraphBuilder, maps: readonly Value[], size: number): Value {
  return maps.map((map) => g.resize(map, { sizes: [size, size] }, { mode: "linear" })).reduce((sum, map) => g.add(sum, map));
}
