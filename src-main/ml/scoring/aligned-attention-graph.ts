/**
 * @file The Aligned Attention Score of one query image against N targets, in both directions, as one graph.
 *
 *   aas(A, B) = cos( attn(Q_A, K_B, V_B), attn(Q_A, K_A, V_A) )     flattened over heads, tokens and channels
 *
 * The self terms are features and come in as inputs, so a pair costs two cross attentions. The same cosine kept per token is the heat map,
 * the strongest entry of a token's attention row its match.
 * Source: Song et al., "DiffSim", ICCV 2025, eq. 1-3.
 */
import { GraphBuilder, type Graph } from "../graph/graph-builder";
import { attentionTiles } from "../graph/head-attention";
import { countPerItem, type Dimension, type Value } from "../graph/value";
import type { Float32Tensor } from "../tensor/tensor";
import type { AttentionArray } from "./attention-features";
import type { FeatureArrayForm } from "./feature-array";

/** Applied to both attention outputs before they are compared: weight [out, heads * headDim], bias [out]. */
export interface OutputProjection {
  readonly weight: Float32Tensor;
  readonly bias: Float32Tensor;
}

/** The features of one side. */
export interface SideShape {
  readonly tokens: number;
  /** Tokens of key and value that have no place in the picture (an IP-Adapter's); `null` where they are the picture's own. */
  readonly keyTokens: number | null;
  /** Class and register tokens before the patches; never a match. */
  readonly prefix: number;
  readonly dtype: FeatureArrayForm;
}

export interface AlignedAttentionShape {
  readonly heads: number;
  readonly headDim: number;
  readonly scale: number;
  readonly projection: OutputProjection | null;
  /** Whether what belongs to single tokens is wanted; without it a pair takes a fifth less time. */
  readonly hasMaps: boolean;
  readonly a: SideShape;
  readonly b: SideShape;
}

/** The features of a side inside the graph, each [1 or N, heads, tokens, headDim] in float32. */
interface Side {
  readonly shape: SideShape;
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
  readonly output: Value;
}

/**
 * Authors the graph. Inputs `query_a`, `key_a`, `value_a`, `output_a` [1, H, T_A, D] and the same of b [N, H, T_B, D]; keys and values may have tokens of
 * their own. A side in eight bits has `scale_query_a`, `mean_query_a` [1, H, 1, D] and so on beside them.
 * Outputs `ab`, `ba` [N] cosines, and with maps `mse_ab`, `mse_ba` [N], `heat_a` [N, T_A], `heat_b` [N, T_B], `match_a`, `match_b` int64 token indices, and the squared
 * lengths behind the cosines: `crossed_a` [N, T_A], `own_a` [1, T_A], `crossed_b`, `own_b` [N, T_B].
 */
export function buildAlignedAttention(shape: AlignedAttentionShape): Graph {
  const g = new GraphBuilder();
  const a = inputSide(g, shape, "a");
  const b = inputSide(g, shape, "b");
  emitDirection(g, { from: a, to: b, names: { score: "ab", side: "a" } }, shape);
  emitDirection(g, { from: b, to: a, names: { score: "ba", side: "b" } }, shape);
  return g.build();
}

function inputSide(g: GraphBuilder, shape: AlignedAttentionShape, side: "a" | "b"): Side {
  const { tokens, dtype } = shape[side];
  const keyTokens = shape[side].keyTokens ?? tokens;
  const batch: Dimension = side === "a" ? 1 : "N";
  const input = (name: AttentionArray, length: number): Value => {
    const kept = g.input(`${name}_${side}`, dtype, [batch, shape.heads, length, shape.headDim]);
    const numbers = g.cast(kept, "float32");
    if (dtype !== "int8") return numbers;
    const ofChannel = (what: "scale" | "mean") => g.input(`${what}_${name}_${side}`, "float32", [batch, shape.heads, 1, shape.headDim]);
    return g.add(g.mul(numbers, ofChannel("scale")), ofChannel("mean"));
  };
  return {
    shape: shape[side],
    query: input("query", tokens),
    key: input("key", keyTokens),
    value: input("value", keyTokens),
    output: input("output", tokens),
  };
}

interface Direction {
  readonly from: Side;
  readonly to: Side;
  readonly names: { readonly score: string; readonly side: string };
}

/** The queries of one image look at the keys of the other; what they gather is compared with what they gather at home. */
function emitDirection(g: GraphBuilder, { from, to, names }: Direction, shape: AlignedAttentionShape): void {
  const tiles = attentionTiles(g, { query: from.query, key: to.key, value: to.value }, { scale: shape.scale });
  const crossed = g.concat(
    tiles.map((tile) => tile.output),
    2,
  );
  const compared = { crossed: project(g, crossed, shape.projection), own: project(g, from.output, shape.projection) };
  emitComparison(g, compared, { ...names, hasMaps: shape.hasMaps });
  if (!shape.hasMaps) return;
  const match =
    to.shape.keyTokens === null
      ? g.concat(
          tiles.map((tile) => bestPatch(g, tile.probabilities, to.shape.prefix)),
          1,
        )
      : bestCounterpart(g, crossed, to); // [N, T]
  g.output(`match_${names.side}`, to.shape.prefix === 0 ? match : g.add(match, g.integers(to.shape.prefix)));
}

/** Index, among the patches, of the strongest entry of each head-averaged attention row: [N, H, tile, S] to [N, tile]. */
function bestPatch(g: GraphBuilder, probabilities: Value, prefix: number): Value {
  const patches = g.slice(g.reduceMean(probabilities, [1]), { axis: 2, start: prefix });
  return g.argmax(patches, -1);
}

/**
 * Where keys have no place in the picture: index, among the patches, of the one that gathers at home what is most like what each token gathered there.
 * `crossed` [N, H, T, D] to [N, T].
 */
function bestCounterpart(g: GraphBuilder, crossed: Value, to: Side): Value {
  const patches = mergedHeads(g, g.slice(to.output, { axis: 2, start: to.shape.prefix })); // [N, patches, H * D]
  const length = g.maximum(g.sqrt(g.reduceSum(g.mul(patches, patches), [-1], { keepDims: true })), g.scalar(1e-12));
  const directions = g.transpose(g.div(patches, length), [0, 2, 1]);
  return g.argmax(g.matmul(mergedHeads(g, crossed), directions, "attention"), -1);
}

/** Emits the cosine of two values [N or 1, heads, T, D] or, projected, [N or 1, T, C], and with maps their mean squared error and the cosine per token. */
function emitComparison(
  g: GraphBuilder,
  { crossed, own }: { readonly crossed: Value; readonly own: Value },
  wanted: Direction["names"] & Pick<AlignedAttentionShape, "hasMaps">,
): void {
  const perToken = (x: Value) => {
    const channelsSummed = g.reduceSum(x, [-1]);
    return channelsSummed.shape.length === 3 ? g.reduceSum(channelsSummed, [1]) : channelsSummed; // [N, T]
  };
  const dot = perToken(g.mul(crossed, own));
  const crossedSquared = perToken(g.mul(crossed, crossed));
  const ownSquared = perToken(g.mul(own, own));
  const total = (x: Value) => g.reduceSum(x, [1]);
  g.output(wanted.score, cosine(g, total(dot), total(crossedSquared), total(ownSquared)));
  if (!wanted.hasMaps) return;
  g.output(`heat_${wanted.side}`, cosine(g, dot, crossedSquared, ownSquared));
  g.output(`crossed_${wanted.side}`, crossedSquared);
  g.output(`own_${wanted.side}`, ownSquared);
  const difference = g.sub(crossed, own);
  g.output(`mse_${wanted.score}`, g.scale(total(perToken(g.mul(difference, difference))), 1 / countPerItem(crossed.shape)));
}

/** dot / (|x| |y|), 0 where a vector vanishes. */
function cosine(g: GraphBuilder, dot: Value, ...squaredNorms: readonly Value[]): Value {
  const smallest = g.scalar(1e-12);
  const norms = squaredNorms.map((squared) => g.maximum(g.sqrt(squared), smallest));
  return norms.reduce((quotient, norm) => g.div(quotient, norm), dot);
}

/** Heads side by side: [N, H, T, D] to [N, T, H * D]. */
function mergedHeads(g: GraphBuilder, x: Value): Value {
  const [batch = 1, heads = 1, tokens = 1, headDim = 1] = x.shape;
  return g.reshape(g.transpose(x, [0, 2, 1, 3]), [batch, tokens, Number(heads) * Number(headDim)]);
}

/** Merged heads through the output projection: [N, H, T, D] to [N, T, C]; untouched without one. */
function project(g: GraphBuilder, x: Value, projection: OutputProjection | null): Value {
  if (projection === null) return x;
  const [batch = 1, , tokens = 1] = x.shape;
  const [channels = 0, inFeatures = 0] = projection.weight.shape;
  const merged = g.reshape(mergedHeads(g, x), [-1, inFeatures]);
  const weight = g.constant([channels, inFeatures], projection.weight.data);
  const bias = g.constant([channels], projection.bias.data);
  return g.reshape(g.gemm(merged, weight, bias), [batch, tokens, channels]);
}
