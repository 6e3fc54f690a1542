/** @file Looks through folders for models: the usual places of other programs, or folders a person names. */
import { readdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, extname, join } from "node:path";
import { toAppError, type AppErrorShape } from "#shared/domain/app-error";
import { recogniseModel, type ModelFolder } from "./model-folder";

/** What a look through folders gave. `folders` counts those that were opened. */
export interface ModelScan {
  readonly models: readonly ModelFolder[];
  /** Weights that were recognised but cannot be used, and why. */
  readonly refused: readonly { readonly path: string; readonly error: AppErrorShape }[];
  readonly folders: number;
}

export interface ModelScanOptions {
  /** How many folders below a given one are entered. */
  readonly depth?: number;
  readonly signal?: AbortSignal;
}

const skippedNames = new Set(["node_modules", "venv", "site-packages", "__pycache__"]);
const weightExtensions = new Set([".safetensors", ".ckpt"]);
/** Smaller files are adapters and embeddings. */
const smallestModelBytes = 1 << 20;

/**
 * Finds the models in and below `directories`. Folders that cannot be read are passed over; a folder reached twice (by a link) is read once.
 * Every model found is opened and hashed. Throws only when `signal` is aborted.
 */
export async function scanForModels(directories: readonly string[], options: ModelScanOptions = {}): Promise<ModelScan> {
  const models = new Map<string, ModelFolder>();
  const refused = new Map<string, AppErrorShape>();
  const seen = new Set<string>();
  const queue = directories.map((path) => ({ path, depth: options.depth ?? 6 }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    options.signal?.throwIfAborted();
    const folder = await listFolder(next.path, seen);
    if (folder === null) continue;
    for (const path of folder.candidates) await openCandidate(path, { models, refused });
    const depth = next.depth - 1;
    if (depth >= 0) queue.push(...folder.subfolders.map((path) => ({ path, depth })));
  }
  return { models: [...models.values()], refused: [...refused].map(([path, error]) => ({ path, error })), folders: seen.size };
}

/** Where other programs keep models on this machine, as far as the folders exist. */
export async function usualModelFolders(
  machine: { readonly home?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<readonly string[]> {
  const { home = homedir(), env = process.env } = machine;
  const cache = env["HF_HUB_CACHE"] ?? join(env["HF_HOME"] ?? join(env["XDG_CACHE_HOME"] ?? join(home, ".cache"), "huggingface"), "hub");
  const programs = [
    "ComfyUI/models",
    "Documents/ComfyUI/models",
    "ComfyUI_windows_portable/ComfyUI/models",
    "stable-diffusion-webui/models",
    "stable-diffusion-webui-forge/models",
    "SD.Next/models",
    "Fooocus/models",
    "invokeai/models",
    "StabilityMatrix/Models",
    "AppData/Roaming/StabilityMatrix/Models",
    ".diffusionbee",
  ].map((path) => join(home, path));
  const found = await Promise.all([cache, ...programs].map(async (path) => ((await isFolder(path)) ? path : null)));
  return found.filter((path) => path !== null);
}

interface Found {
  readonly models: Map<string, ModelFolder>;
  readonly refused: Map<string, AppErrorShape>;
}

/** Opens one candidate; what is no model is passed over silently, what is one but unusable is remembered with the reason. */
async function openCandidate(path: string, found: Found): Promise<void> {
  try {
    const model = await recogniseModel(path);
    if (model !== null) found.models.set(model.path, model);
  } catch (error) {
    const { code, message, hint } = toAppError(error);
    if (code === "checkpoint/not-found") return;
    found.refused.set(path, { code, message, ...(hint === undefined ? {} : { hint }) });
  }
}

interface FolderListing {
  readonly candidates: readonly string[];
  readonly subfolders: readonly string[];
}

/** What of a folder may be a model, and which folders to enter. A model's own folder is not entered. Null when it was seen or cannot be read. */
async function listFolder(path: string, seen: Set<string>): Promise<FolderListing | null> {
  const real = await realpath(path).catch(() => null);
  if (real === null || seen.has(real)) return null;
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (entries === null) return null;
  seen.add(real);
  const names = entries.map((entry) => entry.name).sort();
  const weights = names.filter((name) => weightExtensions.has(extname(name).toLowerCase()));
  const isModel =
    names.includes("model_index.json") ||
    basename(path).startsWith("models--") ||
    (names.includes("config.json") && weights.some((name) => name.endsWith(".safetensors")));
  if (isModel) return { candidates: [path], subfolders: [] };
  const files = await Promise.all(weights.map((name) => largeFile(join(path, name))));
  const subfolders = names.filter((name) => !name.startsWith(".") && !skippedNames.has(name)).map((name) => join(path, name));
  const entered = await Promise.all(subfolders.map(async (folder) => ((await isFolder(folder)) ? folder : null)));
  return { candidates: files.filter((file) => file !== null), subfolders: entered.filter((folder) => folder !== null) };
}

async function largeFile(path: string): Promise<string | null> {
  const stats = await stat(path).catch(() => null);
  return stats !== null && stats.isFile() && stats.size >= smallestModelBytes ? path : null;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
