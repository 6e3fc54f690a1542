/** @file Activation functions under the names of torch and transformers. */
import type { GraphBuilder } from "../graph/graph-builder";
import type { Value } from "../graph/value";

/** x * sigmoid(x). Written as two operators, which the runtime fuses. */
export function silu(g: GraphBuilder, x: Value): Value {
  return g.mul(x, g.sigmoid(x));
}

/** x * sigmoid(1.702 x), the GELU of OpenAI's CLIP. */
export function quickGelu(g: GraphBuilder, x: Value): Value {
  return g.mul(x, g.sigmoid(g.scale(x, 1.702)));
}

/** GELU by the error function, torch's default. */
export function gelu(g: GraphBuilder, x: Value): Value {
  return g.gelu(x, "exact");
}

/** max(0, min(6, x)). */
export function relu6(g: GraphBuilder, x: Value): Value {
  return g.clip(x, 0, 6);
}
