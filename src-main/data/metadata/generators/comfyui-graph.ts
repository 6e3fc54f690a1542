/**
 * @file ComfyUI's graph of nodes, from either of the two forms that a picture carries: `prompt`, what was run, and `workflow`, what was drawn.
 * Source: ComfyUI, "prompt" of its API and "workflow" of its interface
 */
import { isRecord } from "./exact-json";

/** An input is a value, or a link: the id of another node. */
export interface GraphNode {
  readonly type: string;
  readonly values: ReadonlyMap<string, unknown>;
  readonly links: ReadonlyMap<string, string>;
}

export type Graph = ReadonlyMap<string, GraphNode>;

/** More nodes than any drawing has; the rest of a larger file is left out. */
const maxNodes = 20_000;
/** Nodes that were switched off when the picture was made, and nodes that only passed on what they were given. */
const neverRun = 2;
const bypassed = 4;

/** The graph that was run: `{ id: { class_type, inputs } }`, a link being `[id, output]`. */
export function graphOfPrompt(prompt: Readonly<Record<string, unknown>>): Graph {
  const graph = new Map<string, GraphNode>();
  for (const [id, node] of Object.entries(prompt).slice(0, maxNodes)) {
    if (!isRecord(node) || typeof node["class_type"] !== "string") continue;
    const inputs = isRecord(node["inputs"]) ? node["inputs"] : {};
    const values = new Map<string, unknown>();
    const links = new Map<string, string>();
    for (const [name, value] of Object.entries(inputs)) {
      if (isLink(value)) links.set(name, String(value[0]));
      else values.set(name, value);
    }
    graph.set(id, { type: node["class_type"], values, links });
  }
  return graph;
}

function isLink(value: unknown): value is readonly [string | number, number] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    (typeof value[0] === "string" || typeof value[0] === "number") &&
    typeof value[1] === "number"
  );
}

/** The graph that was drawn: nodes with lists of inputs, widgets without names, and links in a list of their own. */
export function graphOfWorkflow(workflow: Readonly<Record<string, unknown>>): Graph {
  const sources = new Map(listOf(workflow["links"]).map(linkOf));
  const graph = new Map<string, GraphNode>();
  for (const node of listOf(workflow["nodes"]).slice(0, maxNodes)) {
    if (!isRecord(node) || typeof node["type"] !== "string" || node["mode"] === neverRun) continue;
    const inputs = listOf(node["inputs"]).filter(isRecord);
    const links = new Map<string, string>();
    for (const { name, link } of inputs) {
      const source = sources.get(String(link));
      if (source !== undefined) links.set(String(name), source);
    }
    const values = node["mode"] === bypassed ? [] : namedWidgets(node["type"], inputs, node["widgets_values"]);
    graph.set(String(node["id"]), { type: node["type"], links, values: new Map([...values].filter(([name]) => !links.has(name))) });
  }
  return graph;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** `[id, from, output, to, input, type]`, or the same by name: which node a link comes from. */
function linkOf(link: unknown): [id: string, from: string] {
  if (isRecord(link)) return [String(link["id"]), String(link["origin_id"])];
  const [id, from] = listOf(link);
  return [String(id), String(from)];
}

/** Follows a seed's own widget: what becomes of it after the run. */
const afterSeed = "control_after_generate";

/** Widgets in the order in which old drawings list their values, which name none of them. */
const knownWidgets: Readonly<Record<string, readonly string[]>> = {
  KSampler: ["seed", afterSeed, "steps", "cfg", "sampler_name", "scheduler", "denoise"],
  KSamplerAdvanced: ["add_noise", "noise_seed", afterSeed, "steps", "cfg", "sampler_name", "scheduler"],
  SamplerCustom: ["add_noise", "noise_seed", afterSeed, "cfg"],
  RandomNoise: ["noise_seed", afterSeed],
  KSamplerSelect: ["sampler_name"],
  BasicScheduler: ["scheduler", "steps", "denoise"],
  CFGGuider: ["cfg"],
  FluxGuidance: ["guidance"],
  CheckpointLoaderSimple: ["ckpt_name"],
  CheckpointLoader: ["config_name", "ckpt_name"],
  UNETLoader: ["unet_name", "weight_dtype"],
  LoraLoader: ["lora_name", "strength_model", "strength_clip"],
  LoraLoaderModelOnly: ["lora_name", "strength_model"],
  CLIPTextEncode: ["text"],
  CLIPTextEncodeSDXL: ["width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"],
  CLIPTextEncodeFlux: ["clip_l", "t5xxl", "guidance"],
  PrimitiveNode: ["value", afterSeed],
};

function namedWidgets(type: string, inputs: readonly Readonly<Record<string, unknown>>[], values: unknown): ReadonlyMap<string, unknown> {
  if (isRecord(values)) return new Map(Object.entries(values));
  const named = inputs.filter((input) => isRecord(input["widget"])).map((input) => String(input["name"]));
  const names = knownWidgets[type] ?? named.flatMap((name) => (/^(noise_)?seed$/.test(name) ? [name, afterSeed] : [name]));
  const list = listOf(values);
  return new Map(names.slice(0, list.length).map((name, index) => [name, list[index]]));
}
