/**
 * @file Opens a model a person points at: a diffusers or transformers folder, a folder of the Hugging Face cache, or one file of weights.
 * Only headers and small JSON files are read; what the model is follows from its tensors.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { ModelFamilyId, Precision } from "#shared/domain/feature-recipe";
import { openCheckpoint, type Checkpoint } from "../weights/checkpoint";
import type { WeightFile } from "../weights/weight-reference";
import type { TokenizerFiles } from "./clip/tokenizer";
import { isNetworkName, isPipeline, openBesideNetworks, openPipeline } from "./layouts/diffusers-folder";
import { readJson, type ModelLayout, type OpenedParts } from "./layouts/opened-parts";
import { openOriginalFile } from "./layouts/original-file";
import { isOriginalFile } from "./layouts/original-tensors";
import { familyOf } from "./registry";
import { unsupportedKindOf } from "./unsupported-kinds";

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
  /** Absolute path of a part's folder; that of the model when left out. */
  partPath(name?: string): string;
  /** Where the tokenizer of a text encoder is: `"tokenizer"`, `"tokenizer_2"`. */
  tokenizerFiles(name?: string): TokenizerFiles;
  /** A JSON file of the folder, or null when there is none. Throws checkpoint/incomplete when it is not JSON. */
  readJson(file: string): Promise<unknown>;
}

/**
 * Opens the model at `path` and hashes its main weights (once per version of the file).
 *
 * @throws checkpoint/not-found, checkpoint/refused (pickled weights), checkpoint/unsupported (not a model that is run here), checkpoint/incomplete, weights/malformed
 */
export async function openModel(path: string): Promise<ModelFolder> {
  return modelOf(await openPath(path));
}

/** The same for looking through folders: null for weights of no model, be they unknown or additions to one. Throws as {@link openModel}. */
export async function recogniseModel(path: string): Promise<ModelFolder | null> {
  const found = await openPath(path);
  const { family, main } = found.opened;
  return family === null && (unsupportedKindOf(main.tensors)?.isAddition ?? true) ? null : modelOf(found);
}

interface Found {
  readonly place: Place;
  readonly opened: OpenedParts;
}

async function openPath(path: string): Promise<Found> {
  const place = await locate(resolve(path));
  return { place, opened: place.isPipeline ? await openPipeline(place.root) : await openSingleFile(place.root, place.weights) };
}

async function modelOf({ place, opened }: Found): Promise<ModelFolder> {
  const { family } = opened;
  if (family === null) throw refusal(opened.main);
  if (family.pipeline !== undefined && !opened.parts.has(family.pipeline.main)) {
    throw appError("checkpoint/incomplete", `${opened.main.path} is one network of a ${family.id} model without the others.`, {
      hint: `Choose the folder of the whole model, with ${[family.pipeline.main, ...family.pipeline.networks].join(", ")} and model_index.json.`,
    });
  }
  const path = place.weights ?? place.root;
  return {
    family: family.id,
    name: modelName(path),
    path,
    layout: family.id === "starter" ? "semblance" : opened.layout,
    precision: storedPrecision(opened.main),
    weightFiles: weightFilesOf(opened),
    sha256: await opened.main.sha256(),
    missing: opened.missing,
    part: (name = "") => existing(opened, name).checkpoint,
    partConfig: (name = "") => existing(opened, name).config,
    partPath: (name = "") => join(opened.root, name),
    tokenizerFiles: (name = "tokenizer") => opened.tokenizers?.get(name) ?? { folder: join(opened.root, name) },
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
  if (isNetworkName(basename(folder)) && (await isPipeline(dirname(folder))))
    return { root: dirname(folder), isPipeline: true, weights: null };
  if (!stats.isDirectory()) return { root: folder, isPipeline: false, weights: path };
  const root = (await cachedSnapshot(folder)) ?? folder;
  return { root, isPipeline: await isPipeline(root), weights: null };
}

/** The snapshot folder behind `models--org--name` of the Hugging Face cache: that of `refs/main`, else the only or last one. */
async function cachedSnapshot(folder: string): Promise<string | null> {
  if (!basename(folder).startsWith("models--")) return null;
  const snapshots = await readdir(join(folder, "snapshots")).catch(() => []);
  const main = await readFile(join(folder, "refs", "main"), "utf8").catch(() => "");
  const chosen = snapshots.find((snapshot) => snapshot === main.trim()) ?? snapshots.sort().at(-1);
  return chosen === undefined ? null : join(folder, "snapshots", chosen);
}

async function openSingleFile(root: string, weights: string | null): Promise<OpenedParts> {
  const main = await openCheckpoint(weights ?? root);
  if (isOriginalFile(main.tensors)) return openOriginalFile(main, root);
  const family = familyOf(main.tensors);
  if (family?.pipeline?.isMainAFile === true) return openBesideNetworks(root, main, { family, pipeline: family.pipeline });
  const config = await readJson(join(root, "config.json"));
  const needsConfig = family?.needsConfig?.(main.tensors) ?? true;
  const parts = new Map([["", { checkpoint: main, config }]]);
  const missing = needsConfig && config === null ? ["config.json"] : [];
  return { root, layout: needsConfig ? "transformers" : "original", main, family, parts, missing };
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

/** Says what the weights are, as far as that is known. */
function refusal(main: Checkpoint): Error {
  const { what, hint } = unsupportedKindOf(main.tensors) ?? {
    what: "holds weights of no model that is known here",
    hint: "Stable Diffusion (a diffusers folder or one file), DiT, CLIP, DINO and VGG are known.",
  };
  return appError("checkpoint/unsupported", `${main.path} ${what}.`, { hint });
}

/** Each file once: parts of one file share it. */
function weightFilesOf({ parts }: OpenedParts): readonly WeightFile[] {
  const files = [...parts.values()].flatMap(({ checkpoint }) => checkpoint?.files ?? []);
  return [...new Map(files.map((file) => [file.path, file])).values()];
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
