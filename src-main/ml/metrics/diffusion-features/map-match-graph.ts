/**
 * @file Two feature maps compared place by place, one against N, as one graph: the cosine of the maps as they lie upon one another, and for every place the
 * most similar place of the other map.
 */
import { GraphBuilder, type Graph } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";

export interface MapMatchShape {
  readonly tokens: number;
  readonly channels: number;
  readonly dtype: "float32" | "float16";
}

/**
 * Authors the graph. Inputs `a` [1, T, C] and `b` [N, T, C].
 * Outputs `score` [N], `heat_a`, `heat_b` [N, T] the best cosines, `match_a`, `match_b` [N, T] int64 places; of the places as they lie upon one another `same`
 * [N, T] the cosine, `squared_a` [1, T] and `squared_b` [N, T] the squared lengths.
 */
export function buildMapMatch({ tokens, channels, dtype }: MapMatchShape): Graph {
  const g = new GraphBuilder();
  const a = g.cast(g.input("a", dtype, [1, tokens, channels]), "float32");
  const b = g.cast(g.input("b", dtype, ["N", tokens, channels]), "float32");
  const length = (x: Value) => g.maximum(g.sqrt(g.reduceSum(g.mul(x, x), [1, 2])), g.scalar(1e-12));
  g.output("score", g.div(g.reduceSum(g.mul(a, b), [1, 2]), g.mul(length(a), length(b))));
  const [ownDirections, otherDirections] = [directions(g, a), directions(g, b)];
  g.output("same", g.reduceSum(g.mul(ownDirections, otherDirections), [2]));
  g.output("squared_a", g.reduceSum(g.mul(a, a), [2]));
  g.output("squared_b", g.reduceSum(g.mul(b, b), [2]));
  const cosines = g.matmul(ownDirections, g.transpose(otherDirections, [0, 2, 1]), "attention"); // [N, T, T]
  g.output("heat_a", g.reduceMax(cosines, [2]));
  g.output("heat_b", g.reduceMax(cosines, [1]));
  g.output("match_a", g.argmax(cosines, 2));
  g.output("match_b", g.argmax(cosines, 1));
  return g.build();
}

/** Every place at length one; those that vanish stay. */
function directions(g: GraphBuilder, x: Value): Value {
  return g.div(x, g.maximum(g.sqrt(g.reduceSum(g.mul(x, x), [2], { keepDims: true })), g.scalar(1e-12)));
}
