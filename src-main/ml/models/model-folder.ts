/**
 * @file Opens a model a person points at: a diffusers or transformers folder, a folder of the Hugging Face cache, or one weight file.
 * Only headers and small JSON files are read; what the model is follows from its tensors.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { appError, toAppError } from "#shared/domain/app-error";
import type { ModelFamilyId, Precision } from "#shared/domain/feature-recipe";
import { openCheckpoint, type Checkpoint } from "../weights/checkpoint";
import type { WeightFile } from "../weights/weight-reference";
import { familyOf, pipelines, unsupportedKindOf, type ModelFamily, type PipelineParts } from "./registry";

export type ModelLayout = "diffusers" | "transformers" | "semblance";

/** A model with its headers read. A pipeline has named parts; a model of one part has the part `""`. */
export interface ModelFolder {
  readonly family: ModelFamilyId;
  /** The folder's name, or `organisation/name` for a model of the Hugging Face cache. */
  readonly name: string;
  /** Absolute path of the folder, or of the weight file when it was given by itself. */
  readonly path: string;
  readonly layout: ModelLayout;
  /** How the main weights are stored; arithmetic is float32 either way. */
  readonly precision: Precision;
  /** The weight files of all parts, as they were when their headers were read. */
  readonly weightFiles: readonly WeightFile[];
  /** Hex SHA-256 of the main weights: the U-Net of a pipeline, else the only weights. */
  readonly sha256: string;
  /** Files that are not there, relative to the folder, e.g. `tokenizer/vocab.json`. */
  readonly missing: readonly string[];
  /** The weights of a part: `"unet"`, `"vae"`, `"text_encoder"`, or `""` for the only one. Throws checkpoint/incomplete. */
  part(name?: string): Checkpoint;
  /** The parsed config.json of a part (scheduler_config.json of `"scheduler"`). Throws checkpoint/incomplete. */
  partConfig(name?: string): unknown;
  /** Absolute path of a part's folder, e.g. of `"tokenizer"`. */
  partPath(name?: string): string;
  /** A JSON file of the folder, or null when there is none. Throws checkpoint/incomplete when it is not JSON. */
  readJson(file: string): Promise<unknown>;
}

/** A part as found on disk; null where the file is missing. */
interface Part {
  readonly folder: string;
  readonly checkpoint: Checkpoint | null;
  readonly config: unknown;
}

interface OpenedParts {
  readonly root: string;
  readonly layout: ModelLayout;
  readonly main: Checkpoint;
  /** What the main weights are; null when no family knows them. */
  readonly family: ModelFamily | null;
  readonly parts: ReadonlyMap<string, Part>;
  readonly missing: readonly string[];
}

/**
 * Opens the model at `path` and hashes its main weights (once per version of the file).
 *
 * @throws checkpoint/not-found, checkpoint/refused (pickled weights), checkpoint/unsupported (not a model that is run here), checkpoint/incomplete, weights/malformed
 */
export async function openModel(path: string): Promise<ModelFolder> {
  const model = await recogniseModel(path);
  if (model !== null) return model;
  throw appError("checkpoint/unsupported", `${path} holds weights of no model that is known here.`, {
    hint: "Stable Diffusion (diffusers folders), CLIP and DINOv2 (transformers folders) are known.",
  });
}

/** The same for looking through folders: null for weights of a kind that is not known at all. Throws as {@link openModel}. */
export async function recogniseModel(path: string): Promise<ModelFolder | null> {
  const place = await locate(resolve(path));
  const opened = place.isPipeline ? await openPipeline(place.root) : await openSinglePart(place.root, place.weights);
  const { family } = opened;
  if (family === null) return refuseUnsupportedKind(opened.main);
  if (family.pipeline !== undefined && !place.isPipeline) {
    throw appError("checkpoint/incomplete", `${opened.main.path} is one network of a ${family.id} model without the others.`, {
      hint: `Choose the folder of the whole model, with ${[family.pipeline.main, ...family.pipeline.networks].join(", ")} and model_index.json.`,
    });
  }
  return {
    family: family.id,
    name: modelName(place.weights ?? place.root),
    path: place.weights ?? place.root,
    layout: family.id === "starter" ? "semblance" : opened.layout,
    precision: storedPrecision(opened.main),
    weightFiles: [...opened.parts.values()].flatMap((part) => part.checkpoint?.files ?? []),
    sha256: await opened.main.sha256(),
    missing: opened.missing,
    part: (name = "") => existing(opened, name).checkpoint,
    partConfig: (name = "") => existing(opened, name).config,
    partPath: (name = "") => join(opened.root, name),
    readJson: (file) => readJson(join(opened.root, file)),
  };
}

interface Place {
  readonly root: string;
  readonly isPipeline: boolean;
  /** The weight file when the person named a file rather than a folder. */
  readonly weights: string | null;
}

/** Where a model's files are, given its folder, its weight file, a part of its pipeline, or its folder in the Hugging Face cache. */
async function locate(path: string): Promise<Place> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `There is no model at ${path}.`, {
      cause,
      hint: "Give the folder of a diffusers or transformers model, or a .safetensors file.",
    });
  });
  const folder = stats.isDirectory() ? path : dirname(path);
  if (pipelines.some((pipeline) => networksOf(pipeline).includes(basename(folder))) && (await isPipeline(dirname(folder))))
    return { root: dirname(folder), isPipeline: true, weights: null };
  if (!stats.isDirectory()) return { root: folder, isPipeline: false, weights: path };
  const root = (await cachedSnapshot(folder)) ?? folder;
  return { root, isPipeline: await isPipeline(root), weights: null };
}

async function isPipeline(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.includes("model_index.json") || pipelines.some((pipeline) => networksOf(pipeline).every((part) => names.includes(part)));
}

function networksOf({ main, networks }: PipelineParts): readonly string[] {
  return [main, ...networks];
}

/** The snapshot folder behind `models--org--name` of the Hugging Face cache: that of `refs/main`, else the only or last one. */
async function cachedSnapshot(folder: string): Promise<string | null> {
  if (!basename(folder).startsWith("models--")) return null;
  const snapshots = await readdir(join(folder, "snapshots")).catch(() => []);
  const main = await readFile(join(folder, "refs", "main"), "utf8").catch(() => "");
  const chosen = snapshots.find((snapshot) => snapshot === main.trim()) ?? snapshots.sort().at(-1);
  return chosen === undefined ? null : join(folder, "snapshots", chosen);
}

async function openPipeline(root: string): Promise<OpenedParts> {
  const { name: mainName, part: mainPart, checkpoint: main } = await openMainPart(root);
  const family = familyOf(main.tensors);
  const parts = new Map<string, Part>([[mainName, mainPart]]);
  for (const name of family?.pipeline?.networks ?? []) parts.set(name, await openPart(join(root, name)));
  const missing = [...parts].flatMap(([name, part]) => missingFiles(name, part));
  for (const file of family?.pipeline?.files ?? []) if (!(await isFile(join(root, file)))) missing.push(file);
  parts.set("scheduler", {
    folder: "scheduler",
    checkpoint: null,
    config: await readJson(join(root, "scheduler", "scheduler_config.json")),
  });
  return { root, layout: "diffusers", main, family, parts, missing };
}

/** The network that decides what a pipeline is. */
async function openMainPart(root: string): Promise<{ readonly name: string; readonly part: Part; readonly checkpoint: Checkpoint }> {
  const names = [...new Set(pipelines.map(({ main }) => main))];
  for (const name of names) {
    const part = await openPart(join(root, name));
    if (part.checkpoint !== null) return { name, part, checkpoint: part.checkpoint };
  }
  throw appError("checkpoint/incomplete", `${root} has no ${names.map((name) => weightsFile(name)).join(" or ")}.`, {
    hint: "Download the denoising network of the model as .safetensors.",
  });
}

function missingFiles(name: string, { checkpoint, config }: Part): readonly string[] {
  return [...(checkpoint === null ? [weightsFile(name)] : []), ...(config === null ? [`${name}/config.json`] : [])];
}

/** Where diffusers and transformers save the weights of a part. */
function weightsFile(part: string): string {
  return `${part}/${part.startsWith("text_encoder") ? "model" : "diffusion_pytorch_model"}.safetensors`;
}

async function openSinglePart(root: string, weights: string | null): Promise<OpenedParts> {
  const main = await openCheckpoint(weights ?? root);
  const config = await readJson(join(root, "config.json"));
  const parts = new Map<string, Part>([["", { folder: "", checkpoint: main, config }]]);
  const family = familyOf(main.tensors);
  const isMissing = config === null && (family?.needsConfig?.(main.tensors) ?? true);
  return { root, layout: "transformers", main, family, parts, missing: isMissing ? ["config.json"] : [] };
}

async function openPart(folder: string): Promise<Part> {
  const checkpoint = await openCheckpoint(folder).catch((error: unknown) => {
    if (toAppError(error).code === "checkpoint/not-found") return null;
    throw error;
  });
  return { folder, checkpoint, config: await readJson(join(folder, "config.json")) };
}

/** A part with what it must have to be used. */
function existing(opened: OpenedParts, name: string): { readonly checkpoint: Checkpoint; readonly config: unknown } {
  const part = opened.parts.get(name);
  const describe = (what: string) =>
    appError("checkpoint/incomplete", `${opened.root} has no ${what}${name === "" ? "" : ` of ${name}`}.`, {
      hint: `Missing: ${opened.missing.join(", ") || name}.`,
    });
  return {
    get checkpoint() {
      const checkpoint = part?.checkpoint ?? null;
      if (checkpoint === null) throw describe("weights");
      return checkpoint;
    },
    get config() {
      const config = part?.config ?? null;
      if (config === null) throw describe("configuration");
      return config;
    },
  };
}

/** Says what recognised weights are; null when they are not recognised either. */
function refuseUnsupportedKind(main: Checkpoint): null {
  const kind = unsupportedKindOf(main.tensors);
  if (kind === null) return null;
  throw appError("checkpoint/unsupported", `${main.path} ${kind.what}.`, { hint: kind.hint });
}

/** Half precision when most of the bytes are. */
function storedPrecision(checkpoint: Checkpoint): Precision {
  let half = 0;
  for (const entry of checkpoint.tensors.values())
    half += entry.dtype === "F16" || entry.dtype === "BF16" ? entry.byteLength : -entry.byteLength;
  return half > 0 ? "float16" : "float32";
}

/** `organisation/name` of the Hugging Face cache, else the folder's name; a weight file with a name of its own keeps that. */
function modelName(path: string): string {
  const cached = /(?:^|[\\/])models--([^\\/]+)/.exec(path)?.[1];
  if (cached !== undefined) return cached.replaceAll("--", "/");
  if (extname(path) !== ".safetensors") return basename(path);
  const name = basename(path, ".safetensors");
  return /^(model|diffusion_pytorch_model)\b/.test(name) ? basename(dirname(path)) : name;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw appError("checkpoint/incomplete", `${file} is not valid JSON.`, { cause, hint: "Download the file again." });
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
