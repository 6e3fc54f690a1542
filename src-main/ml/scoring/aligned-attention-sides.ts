/** @file The two sides of a run of Aligned Attention: what fits together, and features as the inputs of the graph in the form they are kept in. */
import { appError } from "#shared/domain/app-error";
import type { Allocate } from "../../platform/lent-memory";
import type { Tensor } from "../tensor/tensor";
import type { SideShape } from "./aligned-attention-graph";
import { attentionArrays, tokensOf, type AttentionArray, type AttentionFeatures } from "./attention-features";
import { countOf, formOf } from "./feature-array";
import type { QuantisedArray } from "./quantised-array";

/** What all features of one layer have in common. */
interface Layer {
  readonly heads: number;
  readonly headDim: number;
}

/** Sides of equal keys run in one session. */
export function sideKey(side: SideShape): string {
  return `${side.tokens},${side.keyTokens ?? "own"},${side.prefix},${side.dtype}`;
}

/** The shape of a side, after checking that the features are what the session expects and as long as they say. @throws scoring/incompatible-features */
export function checkedSide(features: AttentionFeatures, { heads, headDim }: Layer): SideShape {
  const { tokens, grid, keyTokens = null } = features;
  if (features.heads !== heads || features.headDim !== headDim) {
    throw appError(
      "scoring/incompatible-features",
      `Features of ${features.heads} heads with ${features.headDim} channels cannot be compared with ${heads} heads of ${headDim}.`,
      { hint: "Both pictures must be indexed with the same model and layer." },
    );
  }
  const dtype = formOf(features.query);
  const fits = attentionArrays.every((name) => {
    const array = features[name];
    return countOf(array) === heads * tokensOf(features, name) * headDim && formOf(array) === dtype;
  });
  if (!fits || grid.prefix >= tokens) {
    throw appError("scoring/incompatible-features", `Features of ${tokens} tokens are incomplete or mix precisions.`, {
      hint: "Index the picture again.",
    });
  }
  return { tokens, keyTokens, prefix: grid.prefix, dtype };
}

/** Targets that can run together, each once. @throws scoring/incompatible-features */
export function groupBySide(
  targets: readonly AttentionFeatures[],
  layer: Layer,
): Iterable<{ readonly side: SideShape; readonly members: AttentionFeatures[] }> {
  const groups = new Map<string, { readonly side: SideShape; readonly members: AttentionFeatures[] }>();
  for (const target of new Set(targets)) {
    const side = checkedSide(target, layer);
    const group = groups.get(sideKey(side)) ?? { side, members: [] };
    groups.set(sideKey(side), group);
    group.members.push(target);
  }
  return groups.values();
}

/** The inputs of one side of the graph, of pictures whose sides are equal; what cannot be passed on as it lies is copied into memory of `allocate`. */
export function sideFeeds(images: readonly AttentionFeatures[], side: "a" | "b", allocate: Allocate): Record<string, Tensor> {
  return Object.fromEntries(attentionArrays.flatMap((name) => arrayFeeds(images, { name, input: `${name}_${side}` }, allocate)));
}

/** One array of all pictures: [pictures, heads, tokens, headDim], in eight bits with its scales and means [pictures, heads, 1, headDim]. */
function arrayFeeds(
  images: readonly AttentionFeatures[],
  { name, input }: { readonly name: AttentionArray; readonly input: string },
  allocate: Allocate,
): readonly (readonly [string, Tensor])[] {
  const [first] = images as readonly [AttentionFeatures, ...AttentionFeatures[]];
  const shape = [images.length, first.heads, tokensOf(first, name), first.headDim];
  const arrays = images.map((image) => image[name]);
  const float32 = (of: readonly number[], parts: readonly Float32Array[]): Tensor => {
    return {
      dtype: "float32",
      shape: of,
      data: joined(parts, allocate, (at, length) => new Float32Array(at.buffer, at.byteOffset, length)),
    };
  };
  switch (formOf(first[name])) {
    case "float32":
      return [[input, float32(shape, arrays as Float32Array[])]];
    case "float16": {
      const data = joined(arrays as Uint16Array[], allocate, (at, length) => new Uint16Array(at.buffer, at.byteOffset, length));
      return [[input, { dtype: "float16", shape, data }]];
    }
    case "int8": {
      const quantised = arrays as QuantisedArray[];
      const values = joined(
        quantised.map((array) => array.values),
        allocate,
        (at, length) => new Int8Array(at.buffer, at.byteOffset, length),
      );
      const ofChannels = (what: "scale" | "mean") =>
        float32(
          [images.length, first.heads, 1, first.headDim],
          quantised.map((array) => array[what]),
        );
      return [
        [input, { dtype: "int8", shape, data: values }],
        [`scale_${input}`, ofChannels("scale")],
        [`mean_${input}`, ofChannels("mean")],
      ];
    }
  }
}

/** All parts behind one another. A single one is passed on as it is, but for memory that threads share: the runtime takes none. */
function joined<Numbers extends Float32Array | Uint16Array | Int8Array>(
  parts: readonly Numbers[],
  allocate: Allocate,
  over: (memory: Uint8Array, length: number) => Numbers,
): Numbers {
  const [first] = parts as readonly [Numbers, ...Numbers[]];
  if (parts.length === 1 && !(first.buffer instanceof SharedArrayBuffer)) return first;
  const whole = over(allocate(first.byteLength * parts.length), first.length * parts.length);
  parts.forEach((part, i) => whole.set(part, i * first.length));
  return whole;
}
