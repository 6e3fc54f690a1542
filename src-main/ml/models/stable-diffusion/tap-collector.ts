/** @file How a network tells which of its inner values are wanted, and how its author stops as soon as it has them all. */
import { appError } from "#shared/domain/app-error";
import type { GraphBuilder } from "../../graph/graph-builder";
import type { Value } from "../../graph/value";

/**
 * A value of the network that may be tapped, named by the module path in the checkpoint: `down_blocks.0` is what the module returns, and an attention has
 * `….attn1.q`, `.k`, `.v` (split in heads, [B, heads, T, headDim]), `.map` (its rows after the softmax, [B, heads, T, S]) and `.sdpa` (what the attention
 * gives before `to_out`, split in heads). With an image beside the text, `….attn2.k_ip`, `.v_ip` and `.sdpa_ip` are the same of the image, unweighted.
 * `emit` adds the nodes that only the tap needs.
 */
export interface TapPoint {
  readonly name: string;
  readonly emit: () => Value;
}

/** The tap of a value that is there anyway. */
export function tap(name: string, value: Value): TapPoint {
  return { name, emit: () => value };
}

/**
 * The emission of a module in execution order: it pauses at every value that may be tapped and finally gives the module's result.
 * Whoever drives it simply stops pulling when the last wanted value is there; what would come after is never authored, and none of its weights is looked up.
 */
export type Emission<Result> = Generator<TapPoint, Result, void>;

/**
 * Drives an emission until every name of `wanted` is an output of the graph.
 *
 * @throws tap/unknown listing what exists, when the network ends before all were found
 */
export function collectTaps(g: GraphBuilder, emission: Emission<Value>, wanted: readonly string[]): void {
  const missing = new Set(wanted);
  const passed: string[] = [];
  while (missing.size > 0) {
    const step = emission.next();
    if (step.done === true) throw unknownTap([...missing], passed);
    passed.push(step.value.name);
    if (missing.delete(step.value.name)) g.output(step.value.name, step.value.emit());
  }
}

/** What a tap gives: its name, and its shape without the batch axis. */
export interface TapFacts {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Drives an emission to its end and tells what was passed. */
export function passedTaps(emission: Emission<Value>): readonly TapFacts[] {
  const taps: TapFacts[] = [];
  for (const { name, emit } of emission) taps.push({ name, shape: emit().shape.slice(1).map(Number) });
  return taps;
}

/** The values of one attention: query, key, value and attention output, in this order. */
export function attentionTaps(path: string): readonly [query: string, key: string, value: string, output: string] {
  return [`${path}.q`, `${path}.k`, `${path}.v`, `${path}.sdpa`];
}

/** The values of an attention to an image: query, and the image's key, value and attention output, in this order. */
export function imageAttentionTaps(path: string): readonly [query: string, key: string, value: string, output: string] {
  return [`${path}.q`, `${path}.k_ip`, `${path}.v_ip`, `${path}.sdpa_ip`];
}

function unknownTap(missing: readonly string[], passed: readonly string[]): Error {
  const withoutPart = (name: string) => name.replace(/\.(q|k|v|map|sdpa|[kv]_ip|sdpa_ip)$/, "");
  const attentions = passed.filter((name) => name.endsWith(".attn1"));
  const blocks = passed.filter((name) => /^(down_blocks\.\d+|mid_block|up_blocks\.\d+|[^.]+)$/.test(name));
  return appError("tap/unknown", `This U-Net has no tap "${missing.map(withoutPart)[0] ?? ""}".`, {
    hint: `Attentions: ${attentions[0]} to ${attentions.at(-1)}, and beside each the attention to the text, attn2. Blocks: ${blocks.join(", ")}; and every module inside. \`semblance features --list-taps --checkpoint MODEL\` lists them all.`,
  });
}
