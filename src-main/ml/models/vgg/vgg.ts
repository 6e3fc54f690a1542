/**
 * @file VGG-16 and VGG-19 without batch normalisation, as far as their deepest wanted module.
 * Source: torchvision `models/vgg.py`; Simonyan and Zisserman 2014. Weights keep torchvision's names, `features.<index>.weight`.
 */
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";
import { conv2d } from "../../nn/conv2d";
import type { WeightScope } from "../../weights/weight-scope";
import type { TensorNames } from "../tensor-names";

/** Layers with weights, the classifier's three included. */
export type VggDepth = 16 | 19;

/** Convolutions of the five stages; each is followed by a ReLU, each stage by a pooling that halves both sides. */
const stages: Readonly<Record<VggDepth, readonly number[]>> = { 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] };

/** Which of the two a checkpoint of the family holds: only VGG-19 has a module 34 with weights. */
export function vggDepth(tensors: Pick<TensorNames, "has">): VggDepth {
  return tensors.has("features.34.weight") ? 19 : 16;
}

export interface VggOptions {
  readonly depth: VggDepth;
  /** Indices into `features` of the modules whose outputs are wanted. */
  readonly modules: readonly number[];
}

/**
 * Emits the modules on `pixels` [N, 3, H, W]; sides may be symbols. `weights` is the root of the checkpoint.
 *
 * @returns the wanted outputs by index, each [N, channels, H / 2^stage, W / 2^stage], rounded down at every pooling
 * @throws weights/missing-tensor, weights/shape-mismatch
 */
export function emitVgg(g: GraphBuilder, pixels: Value, weights: WeightScope, { depth, modules }: VggOptions): ReadonlyMap<number, Value> {
  const outputs = new Map<number, Value>();
  const last = Math.max(...modules);
  let x = pixels;
  for (const [index, kind] of moduleKinds(depth)
    .slice(0, last + 1)
    .entries()) {
    if (kind === "conv") x = conv2d(g, x, weights.scope(`features.${index}`), { kernelSize: 3, padding: 1 });
    else x = kind === "relu" ? g.relu(x) : g.maxPool(x, { kernel: 2, stride: 2 });
    if (modules.includes(index)) outputs.set(index, x);
  }
  return outputs;
}

function moduleKinds(depth: VggDepth): readonly ("conv" | "relu" | "pool")[] {
  return stages[depth].flatMap((convolutions) => [
    ...Array.from({ length: convolutions }, () => ["conv", "relu"] as const).flat(),
    "pool" as const,
  ]);
}
