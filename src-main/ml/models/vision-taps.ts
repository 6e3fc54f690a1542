/** @file What a vision transformer is asked to give: attention at some layers, hidden states after some layers, the embedding of the picture. */
import { appError } from "#shared/domain/app-error";
import type { GraphBuilder } from "../graph/graph-builder";
import type { Value } from "../graph/value";
import { scaledDotProductAttention, splitHeads } from "../nn/attention";

export interface VisionTaps {
  /** Layers (from 0) whose query, key, value and attention output are wanted. */
  readonly attention: readonly number[];
  /** Layers (from 0) whose output hidden states are wanted. */
  readonly hiddenStates: readonly number[];
  /** The pooled embedding after the last layer; needs the whole network. */
  readonly embedding: boolean;
  /** Also `hidden0`, the tokens before the first layer, and with `embedding` what it is made of. For comparing a port, stage by stage. */
  readonly stages?: boolean;
}

/** Nothing tapped; spread over to ask for one thing. */
export const noTaps: VisionTaps = { attention: [], hiddenStates: [], embedding: false };

/**
 * The taps that give these outputs: `layer<n>.q`, `.k`, `.v`, `.sdpa`, `hidden<n>` (the tokens after n layers), `embedding`.
 *
 * @throws tap/unknown for any other name; layers that do not exist are refused by {@link visionDepth}
 */
export function visionTaps(names: readonly string[]): VisionTaps {
  const attention = new Set<number>();
  const hiddenStates = new Set<number>();
  for (const name of names) {
    const layer = /^layer(\d+)\.(?:q|k|v|sdpa)$/.exec(name)?.[1];
    const hidden = /^hidden(\d+)$/.exec(name)?.[1];
    if (layer !== undefined) attention.add(Number(layer));
    else if (hidden !== undefined) {
      if (Number(hidden) > 0) hiddenStates.add(Number(hidden) - 1);
    } else if (name !== "embedding") {
      throw appError("tap/unknown", `A vision transformer has no tap ${name}.`, {
        hint: "Taps: layer0.q, layer0.k, layer0.v, layer0.sdpa, hidden0, hidden1, ..., embedding.",
      });
    }
  }
  return {
    attention: [...attention],
    hiddenStates: [...hiddenStates],
    embedding: names.includes("embedding"),
    stages: names.includes("hidden0"),
  };
}

/** The outputs of the attention of a layer: query, key, value and what it gathers. */
export function layerAttentionTaps(layer: number): readonly [query: string, key: string, value: string, output: string] {
  return [`layer${layer}.q`, `layer${layer}.k`, `layer${layer}.v`, `layer${layer}.sdpa`];
}

/** Where in an encoder layer a graph of {@link VisionTaps} ends. */
export interface VisionDepth {
  /** Encoder layers that are emitted whole. */
  readonly wholeLayers: number;
  /** A further layer of which only query, key and value are emitted, or null. */
  readonly attentionOnly: number | null;
}

/**
 * How deep a network of `layers` encoder layers must be emitted.
 *
 * @throws tap/unknown when a layer does not exist
 */
export function visionDepth(taps: VisionTaps, layers: number): VisionDepth {
  const isAbsent = (layer: number): boolean => !Number.isInteger(layer) || layer < 0 || layer >= layers;
  const layer = taps.attention.find(isAbsent);
  if (layer !== undefined)
    throw appError("tap/unknown", `Layer ${layer} does not exist: the model has ${layers} layers.`, {
      hint: `Choose a layer from 0 to ${layers - 1}.`,
    });
  const hidden = taps.hiddenStates.find(isAbsent);
  if (hidden !== undefined)
    throw appError("tap/unknown", `hidden${hidden + 1} does not exist: the model has ${layers} layers.`, {
      hint: `hidden1 to hidden${layers} are the tokens after that many layers.`,
    });
  const wholeLayers = taps.embedding ? layers : Math.max(0, ...taps.hiddenStates.map((layer) => layer + 1));
  const deepest = Math.max(-1, ...taps.attention);
  if (deepest < wholeLayers) return { wholeLayers, attentionOnly: null };
  return { wholeLayers: deepest, attentionOnly: deepest };
}

/**
 * Declares `layer<n>.q`, `.k`, `.v` and `.sdpa` (the attention output before any projection), each [N, heads, tokens, headDim],
 * of `query`, `key` and `value` [N, tokens, channels].
 */
export function outputAttention(
  g: GraphBuilder,
  layer: number,
  attention: { readonly query: Value; readonly key: Value; readonly value: Value; readonly heads: number },
): void {
  const { query, key, value, heads } = attention;
  g.output(`layer${layer}.q`, splitHeads(g, query, heads));
  g.output(`layer${layer}.k`, splitHeads(g, key, heads));
  g.output(`layer${layer}.v`, splitHeads(g, value, heads));
  g.output(`layer${layer}.sdpa`, splitHeads(g, scaledDotProductAttention(g, query, key, value, { heads }), heads));
}
