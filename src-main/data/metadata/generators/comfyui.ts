/**
 * @file What ComfyUI writes: the whole graph, and no word about which node made the picture. So the sampler nearest to the output is sought, and
 * from it each value along the links that can carry it. Nodes are known by their inputs more than by their names: there are thousands of kinds.
 */
import type { Generation } from "#shared/domain/asset-metadata";
import { type Graph, type GraphNode, graphOfPrompt, graphOfWorkflow } from "./comfyui-graph";
import { isRecord, parseJsonObject } from "./exact-json";
import {
  countValue,
  distinctLoras,
  emptyGeneration,
  knownFields,
  type Lora,
  modelNameValue,
  numberValue,
  seedValue,
  textValue,
} from "./generation-values";

/** Inputs that lead to another pass or to another kind of thing than the value that is sought. */
const sidetracks = /latent|samples|image|pixels|mask|vae|control_net|upscale/i;
const conditioning = /^(positive|negative|conditioning|text|prompt)/i;

/** null when the texts are none of ComfyUI's, or their graph has no sampler. */
export function readComfyUi(texts: ReadonlyMap<string, string>): Generation | null {
  const prompt = parseJsonObject(texts.get("prompt"));
  const workflow = parseJsonObject(texts.get("workflow"));
  if (prompt === null && workflow === null) return null;
  const accounts = [prompt === null ? null : graphOfPrompt(prompt), workflow === null ? null : graphOfWorkflow(workflow)].flatMap(
    (graph) => (graph === null ? [] : [readGraph(graph)]),
  );
  // What was run comes before what was drawn, unless it could not be read.
  return accounts.find((account) => knownFields(account) > 0) ?? accounts[0] ?? null;
}

function readGraph(graph: Graph): Generation {
  const sampler = findSampler(graph);
  if (sampler === null) return emptyGeneration("comfyui");
  const seek = (names: readonly string[], passes: (input: string) => boolean): unknown => nearest(graph, sampler, { names, passes });
  const settings = (...names: readonly string[]): unknown => seek(names, (input) => !sidetracks.test(input) && !conditioning.test(input));
  const models = modelPath(graph, sampler);
  return {
    ...emptyGeneration("comfyui"),
    model: models.model,
    loras: models.loras,
    sampler: textValue(settings("sampler_name", "sampler")),
    scheduler: textValue(settings("scheduler", "scheduler_name")),
    steps: countValue(settings("steps")),
    // A guider without one leaves it to the conditioning, as Flux does.
    cfgScale: numberValue(settings("cfg", "cfg_scale")) ?? numberValue(seek(["guidance"], (input) => !sidetracks.test(input))),
    seed: seedValue(settings("seed", "noise_seed")),
    prompt: promptOf(graph, sampler, "positive"),
    negativePrompt: promptOf(graph, sampler, "negative"),
  };
}

function inputNames(node: GraphNode): ReadonlySet<string> {
  return new Set([...node.values.keys(), ...node.links.keys()]);
}

/** A node that takes noise away: it is told how to sample and what to make. */
function isSampler(node: GraphNode): boolean {
  const inputs = inputNames(node);
  const isToldHow = inputs.has("sampler_name") || inputs.has("sampler");
  return isToldHow && ["positive", "guider", "latent_image", "basic_pipe", "pipe"].some((name) => inputs.has(name));
}

/** The sampler with the fewest links to an output: to one that saves before one that shows, before any node that nobody takes from. */
function findSampler(graph: Graph): GraphNode | null {
  const taken = new Set([...graph.values()].flatMap((node) => [...node.links.values()]));
  const ends = [...graph].filter(([id]) => !taken.has(id));
  const ofKind = (kind: RegExp) => ends.filter(([, node]) => kind.test(node.type));
  for (const outputs of [ofKind(/save|output/i), ofKind(/preview|show|display/i), ends, [...graph]]) {
    const starts = outputs.map(([id]) => id);
    for (const node of walk(graph, starts, () => true)) if (isSampler(node)) return node;
  }
  return null;
}

/** Nodes upstream of `starts`, nearest first, each once: a graph that goes in circles ends all the same. */
function* walk(graph: Graph, starts: readonly string[], passes: (input: string, node: GraphNode) => boolean): Generator<GraphNode> {
  const seen = new Set(starts);
  // The set grows while it is gone through, in the order of its growth.
  for (const id of seen) {
    const node = graph.get(id);
    if (node === undefined) continue;
    yield node;
    for (const [input, source] of node.links) if (passes(input, node)) seen.add(source);
  }
}

interface Sought {
  readonly names: readonly string[];
  readonly passes: (input: string) => boolean;
}

/** The value of the nearest input with one of the names; a link in its place leads to the node that computes it. */
function nearest(graph: Graph, from: GraphNode, { names, passes }: Sought): unknown {
  for (const node of walkFrom(graph, from, passes)) {
    for (const name of names) {
      const link = node.links.get(name);
      const value = node.values.get(name) ?? (link === undefined ? undefined : plainValue(graph, link, names));
      if (typeof value === "string" || typeof value === "number") return value;
    }
  }
  return null;
}

function* walkFrom(graph: Graph, from: GraphNode, passes: (input: string, node: GraphNode) => boolean): Generator<GraphNode> {
  yield from;
  const starts = [...from.links].flatMap(([input, source]) => (passes(input, from) ? [source] : []));
  yield* walk(graph, starts, passes);
}

/** What nodes of one value call it. */
const plainNames = ["value", "Value", "seed", "noise_seed", "int", "number", "float", "text", "string", "sampler_name"];

/** What a node of one value gives: a primitive, a seed, a constant. */
function plainValue(graph: Graph, start: string, names: readonly string[]): unknown {
  for (const node of walk(graph, [start], (input) => !sidetracks.test(input))) {
    for (const name of [...names, ...plainNames]) {
      const value = node.values.get(name);
      if (typeof value === "string" || typeof value === "number") return value;
    }
  }
  return null;
}

const modelInputs = ["ckpt_name", "unet_name", "model_name", "base_ckpt_name", "gguf_name", "checkpoint"];

/** The checkpoint at the end of the model's links, and the adaptations on the way, in the order in which they were applied. */
function modelPath(graph: Graph, sampler: GraphNode): { readonly model: string | null; readonly loras: Lora[] } {
  const loras: Lora[] = [];
  let model: string | null = null;
  for (const node of walkFrom(graph, sampler, (input) => !sidetracks.test(input) && !conditioning.test(input))) {
    loras.unshift(...lorasOf(node));
    // A loader of upscalers has a `model_name` too, but no link of this kind leads to it.
    for (const name of modelInputs) model ??= modelNameValue(node.values.get(name));
  }
  return { model, loras: distinctLoras(loras) };
}

/** `lora_name` with `strength_model`; stacks number them, and some hold objects that can be switched off. */
function lorasOf(node: GraphNode): Lora[] {
  return [...node.values].flatMap(([input, value]): Lora[] => {
    if (isRecord(value) && typeof value["lora"] === "string") return value["on"] === false ? [] : lora(value["lora"], value["strength"]);
    const found = /^lora_name(?:_(\d+))?$/.exec(input);
    if (found === null || node.values.get(`switch_${found[1]}`) === "Off") return [];
    const suffix = found[1] === undefined ? "" : `_${found[1]}`;
    const strength = [`strength_model${suffix}`, `model_weight${suffix}`, `model_str${suffix}`, `lora_wt${suffix}`, "lora_model_strength"];
    return lora(
      value,
      strength.map((name) => node.values.get(name)).find((weight) => weight !== undefined),
    );
  });
}

function lora(name: unknown, weight: unknown): Lora[] {
  const known = modelNameValue(name);
  return known === null ? [] : [{ name: known, weight: numberValue(weight) }];
}

const textInput = /^(text|string|prompt|value|wildcard|populated|clip_l|t5xxl)/i;
/** Settings of nodes that join or pick texts. */
const noPrompt = /delimiter|separator|mode|format|weight_interpretation|token_normalization/i;

/** All texts on the way of the positive or negative conditioning, each once. */
function promptOf(graph: Graph, sampler: GraphNode, role: "positive" | "negative"): string | null {
  const other = role === "positive" ? "negative" : "positive";
  const passes = (input: string, node: GraphNode): boolean => {
    if (sidetracks.test(input) || input === other || input === "clip" || input === "model") return false;
    // A guider with one conditioning has nothing it is led away from.
    if (role === "negative" && input === "conditioning" && node.links.has("model")) return false;
    // A node with both roles passes each on; one that empties its conditioning passes nothing.
    return !/zeroout/i.test(node.type) && (input === role || !node.links.has(role));
  };
  const fromSampler = (input: string): boolean =>
    input === role || /guider|pipe/.test(input) || (role === "positive" && input === "conditioning");
  const texts = new Set<string>();
  const starts = [...sampler.links].flatMap(([input, source]) => (fromSampler(input) ? [source] : []));
  for (const node of [sampler, ...walk(graph, starts, passes)]) for (const text of textsOf(node, role)) texts.add(text);
  return textValue([...texts].join("\n"));
}

function textsOf(node: GraphNode, role: "positive" | "negative"): readonly string[] {
  const own = textValue(node.values.get(role));
  if (own !== null) return [own];
  if (node.values.has("positive") || node.values.has("negative") || isSampler(node)) return [];
  const populated = textValue(node.values.get("populated_text"));
  if (populated !== null) return [populated];
  return [...node.values].flatMap(([input, value]) => {
    const text = typeof value === "string" && textInput.test(input) && !noPrompt.test(input) ? textValue(value) : null;
    return text === null ? [] : [text];
  });
}
