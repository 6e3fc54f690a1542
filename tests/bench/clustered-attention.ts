/**
 * @file Aligned Attention over clusters of tokens instead of tokens: what a stage between candidates and exact scores would compute.
 *
 * The queries of each head become centres with the mean of the attention outputs of their members; keys become centres with the mean of the values, and a
 * bias of log n in the softmax, so that a centre weighs what its members did. The cosine counts each query centre as often as it has members.
 */
import { GraphBuilder, type Graph } from "#main/ml/graph/graph-builder";
import { attentionTiles } from "#main/ml/graph/head-attention";
import type { Value } from "#main/ml/graph/value";
import { kMeans, nearestCentres } from "#main/ml/retrieval/k-means";
import { createSession, defaultThreads } from "#main/ml/runtime/inference-session";
import type { AttentionFeatures } from "#main/ml/scoring/attention-features";
import { partOfHeads, widened } from "#main/ml/scoring/feature-array";
import { tensor, type Float32Tensor, type Tensor } from "#main/ml/tensor/tensor";

/** Tokens are few for so many centres: they settle soon. */
const rounds = 3;

/** Features of a picture by centres: [1, heads, clusters, headDim], and how many tokens each centre stands for: [1, heads, clusters, 1]. */
export interface ClusteredFeatures {
  readonly heads: number;
  readonly clusters: number;
  readonly headDim: number;
  readonly tensors: Readonly<Record<"query" | "output" | "queries" | "key" | "value" | "keys", Float32Tensor>>;
}

/** Clusters queries (with their outputs) and keys (with their values) of every head. */
export function clustered(features: AttentionFeatures, clusters: number): ClusteredFeatures {
  const { heads, headDim } = features;
  const size = clusters * headDim;
  const arrays = {
    query: new Float32Array(heads * size),
    output: new Float32Array(heads * size),
    queries: new Float32Array(heads * clusters),
    key: new Float32Array(heads * size),
    value: new Float32Array(heads * size),
    keys: new Float32Array(heads * clusters),
  };
  for (let head = 0; head < heads; head += 1) {
    for (const [by, along, counts] of [
      ["query", "output", "queries"],
      ["key", "value", "keys"],
    ] as const) {
      const rows = widened(partOfHeads(features[by], head, heads));
      const found = kMeans(rows, { channels: headDim, count: clusters, seed: head + 1, rounds });
      const labels = nearestCentres(rows, found);
      arrays[by].set(found.data, head * size);
      const ofHead = arrays[counts].subarray(head * clusters, (head + 1) * clusters);
      labels.forEach((label) => (ofHead[label] = (ofHead[label] as number) + 1));
      addMeans(arrays[along].subarray(head * size, (head + 1) * size), widened(partOfHeads(features[along], head, heads)), {
        labels,
        counts: ofHead,
      });
    }
  }
  const shaped = (data: Float32Array) => tensor([1, heads, clusters, data.length / (heads * clusters)], data);
  const { query, output, queries, key, value, keys } = arrays;
  return {
    heads,
    clusters,
    headDim,
    tensors: {
      query: shaped(query),
      output: shaped(output),
      queries: shaped(queries),
      key: shaped(key),
      value: shaped(value),
      keys: shaped(keys),
    },
  };
}

/** The mean of the rows of each label. */
function addMeans(
  means: Float32Array,
  rows: Float32Array,
  { labels, counts }: { readonly labels: Int32Array; readonly counts: Float32Array },
): void {
  const channels = rows.length / labels.length;
  labels.forEach((label, row) => {
    for (let i = 0; i < channels; i += 1) {
      const at = label * channels + i;
      means[at] = (means[at] as number) + (rows[row * channels + i] as number) / (counts[label] as number);
    }
  });
}

/** Scores pairs of clustered features of one shape. */
export async function createClusteredScorer(shape: ClusteredFeatures) {
  const session = await createSession(buildClustered(shape), { device: "cpu", threads: defaultThreads() });
  return {
    /** The mean of both directions. */
    async score(a: ClusteredFeatures, b: ClusteredFeatures): Promise<number> {
      const side = ({ tensors }: ClusteredFeatures, name: string) =>
        Object.entries(tensors).map(([array, value]): [string, Tensor] => [`${array}_${name}`, value]);
      const outputs = await session.run(Object.fromEntries([...side(a, "a"), ...side(b, "b")]));
      return (Number(outputs["ab"]?.data[0]) + Number(outputs["ba"]?.data[0])) / 2;
    },
    dispose: () => session.dispose(),
  };
}

type Side = Readonly<Record<keyof ClusteredFeatures["tensors"], Value>>;

function buildClustered({ heads, clusters, headDim }: ClusteredFeatures): Graph {
  const g = new GraphBuilder();
  const side = (name: string): Side => {
    const centres = (array: string) => g.input(`${array}_${name}`, "float32", [1, heads, clusters, headDim]);
    const counts = (array: string) => g.input(`${array}_${name}`, "float32", [1, heads, clusters, 1]);
    return {
      query: centres("query"),
      output: centres("output"),
      queries: counts("queries"),
      key: centres("key"),
      value: centres("value"),
      keys: counts("keys"),
    };
  };
  const [a, b] = [side("a"), side("b")];
  g.output("ab", direction(g, a, b));
  g.output("ba", direction(g, b, a));
  return g.build();
}

function direction(g: GraphBuilder, from: Side, to: Side): Value {
  // A centre without members, of a picture with fewer different tokens than centres, weighs nothing.
  const bias = g.transpose(g.log(g.maximum(to.keys, g.scalar(1e-30))), [0, 1, 3, 2]);
  const tiles = attentionTiles(g, { query: from.query, key: to.key, value: to.value }, { mask: bias });
  const crossed = g.concat(
    tiles.map(({ output }) => output),
    2,
  );
  const total = (x: Value, y: Value) => g.reduceSum(g.mul(g.mul(x, y), from.queries), [1, 2, 3]);
  return g.div(total(crossed, from.output), g.sqrt(g.mul(total(crossed, crossed), total(from.output, from.output))));
}
