/**
 * @file Gram matrix of VGG-19's conv5_1, which channels fire together, wherever they do.
 * Source: Gatys et al., "Image Style Transfer Using Convolutional Neural Networks", CVPR 2016; metrics/vgg_gram.py of the published DiffSim code (quirks G1-G4).
 */
import { GraphBuilder } from "../../graph/graph-builder";
import type { Graph } from "../../graph/graph-core";
import { knownSize, type Value } from "../../graph/value";
import { emitVgg } from "../../models/vgg/vgg";
import type { WeightScope } from "../../weights/weight-scope";

/** conv5_1 of VGG-19, taken before its ReLU. */
const conv5 = 28;

/**
 * Authors the graph. Input `pixel_values` [1, 3, H, W] of any size. Outputs `gram` [C, C], the sum over all places, not divided by anything;
 * with `keepStages` also `features` [1, C, h, w].
 *
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function buildGram(weights: WeightScope, { keepStages }: { readonly keepStages: boolean }): Graph {
  const g = new GraphBuilder();
  // Pictures keep their shape, so the sides stay open: one session serves all of them.
  const pixels = g.input("pixel_values", "float32", [1, 3, "H", "W"]);
  const features = emitVgg(g, pixels, weights, { depth: 19, modules: [conv5] }).get(conv5) as Value;
  const places = g.reshape(features, [knownSize(features, 1) ?? 0, -1]); // [C, h * w]
  g.output("gram", g.matmul(places, g.transpose(places, [1, 0])));
  if (keepStages) g.output("features", features);
  return g.build();
}
