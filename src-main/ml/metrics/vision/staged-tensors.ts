/** @file Every stage of a comparison under the names the golden cases use, so that a port can be compared stage by stage. */
import { GraphBuilder } from "../../graph/graph-builder";
import { mergeHeads, scaledDotProductAttention } from "../../nn/attention";
import type { OutputProjection } from "../../scoring/aligned-attention-graph";
import type { AttentionFeatures } from "../../scoring/attention-features";
import { tensor, type Float32Tensor, type Tensor } from "../../tensor/tensor";
import type { MetricContext } from "../metric";
import { imageOutput, type VisionNetwork } from "./vision-network";

const sides = ["a", "b"] as const;

/** Keeps the outputs of a run on two pictures as `<name>_a` and `<name>_b`, and the constants of the network; attention is staged by itself. */
export function stageNetwork(tensors: Map<string, Tensor>, network: VisionNetwork, outputs: Readonly<Record<string, Tensor>>): void {
  for (const [name, constant] of network.stagedConstants) tensors.set(name, constant);
  for (const name of Object.keys(outputs)) {
    if (name.startsWith("layer")) continue;
    sides.forEach((side, index) => tensors.set(`${name}_${side}`, imageOutput(outputs, name, index)));
  }
}

interface StagedAttention {
  readonly layer: number;
  readonly pair: readonly [AttentionFeatures, AttentionFeatures];
  readonly projection: OutputProjection | null;
}

/** Keeps `layer<n>.q_a` ... `layer<n>.v_b` and the four compared attention outputs `layer<n>.attn_a_on_b` ... */
export async function stageAttention(
  tensors: Map<string, Tensor>,
  context: MetricContext,
  { layer, pair, projection }: StagedAttention,
): Promise<void> {
  const attended = await crossAttention(context, pair[0], projection);
  pair.forEach((features, index) => {
    const { heads, tokens, headDim } = features;
    for (const [letter, part] of [
      ["q", features.query],
      ["k", features.key],
      ["v", features.value],
    ] as const) {
      tensors.set(`layer${layer}.${letter}_${sides[index]}`, tensor([heads, tokens, headDim], part as Float32Array));
    }
  });
  for (const [i, from] of sides.entries()) {
    for (const [j, to] of sides.entries()) {
      tensors.set(`layer${layer}.attn_${from}_on_${to}`, await attended(pair[i] as AttentionFeatures, pair[j] as AttentionFeatures));
    }
  }
}

/** The attention output of one picture's queries on another's keys and values: [heads, tokens, headDim], or [tokens, channels] when projected. */
async function crossAttention(
  context: MetricContext,
  { heads, tokens, headDim }: AttentionFeatures,
  projection: OutputProjection | null,
): Promise<(from: AttentionFeatures, to: AttentionFeatures) => Promise<Float32Tensor>> {
  const g = new GraphBuilder();
  const channels = heads * headDim;
  const [query, key, value] = ["query", "key", "value"].map((name) => mergeHeads(g, g.input(name, "float32", [1, heads, tokens, headDim])));
  if (query === undefined || key === undefined || value === undefined) throw new Error("three inputs were declared");
  const merged = g.reshape(scaledDotProductAttention(g, query, key, value, { heads }), [tokens, channels]);
  if (projection === null) g.output("attended", g.transpose(g.reshape(merged, [tokens, heads, headDim]), [1, 0, 2]));
  else
    g.output(
      "attended",
      g.gemm(merged, g.constant([channels, channels], projection.weight.data), g.constant([channels], projection.bias.data)),
    );
  const session = await context.sessions.get(g.build(), context.runtime);
  const feed = (data: Float32Array) => tensor([1, heads, tokens, headDim], data);
  return async (from, to) => {
    const outputs = await session.run({
      query: feed(from.query as Float32Array),
      key: feed(to.key as Float32Array),
      value: feed(to.value as Float32Array),
    });
    return outputs["attended"] as Float32Tensor;
  };
}
