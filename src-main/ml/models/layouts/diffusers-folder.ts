/** @file A pipeline as diffusers saves it: a folder for each network, tokenizer and scheduler. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { appError, toAppError } from "#shared/domain/app-error";
import { openCheckpoint, type Checkpoint } from "../../weights/checkpoint";
import { familyOf, pipelines, type ModelFamily, type PipelineParts } from "../registry";
import { isFile, readJson, type OpenedParts, type Part } from "./opened-parts";
import { openOriginalFile } from "./original-file";
import { isOriginalFile } from "./original-tensors";

/** Whether a folder is that of a pipeline: it says so, or holds the networks of one. */
export async function isPipeline(folder: string): Promise<boolean> {
  const names = await readdir(folder);
  return names.includes("model_index.json") || pipelines.some((pipeline) => networksOf(pipeline).every((part) => names.includes(part)));
}

/** Whether a folder may be one of a pipeline's networks, going by its name. */
export function isNetworkName(folder: string): boolean {
  return pipelines.some((pipeline) => networksOf(pipeline).includes(folder));
}

/** Throws checkpoint/incomplete when the denoising network is missing; other missing files are listed. */
export async function openPipeline(root: string): Promise<OpenedParts> {
  const found = await openMainPart(root);
  if (found === null) return openFileBesideConfigs(root);
  const { name: mainName, part: mainPart, checkpoint: main } = found;
  const family = familyOf(main.tensors);
  const parts = new Map<string, Part>([[mainName, mainPart]]);
  for (const name of family?.pipeline?.networks ?? []) parts.set(name, await openPart(join(root, name)));
  const missing = [...parts].flatMap(([name, part]) => missingFiles(name, part));
  for (const file of family?.pipeline?.files ?? []) if (!(await isFile(join(root, file)))) missing.push(file);
  parts.set("scheduler", { checkpoint: null, config: await readJson(join(root, "scheduler", "scheduler_config.json")) });
  return { root, layout: "diffusers", main, family, parts, missing };
}

/** A pipeline whose main network is a file of its own, beside the folders of the others. */
export async function openBesideNetworks(
  root: string,
  main: Checkpoint,
  { family, pipeline }: { readonly family: ModelFamily; readonly pipeline: PipelineParts },
): Promise<OpenedParts> {
  const networks = await Promise.all(
    pipeline.networks.map(async (name): Promise<[string, Part]> => [name, await openPart(join(root, name))]),
  );
  const missing = networks.flatMap(([name, part]) => missingFiles(name, part));
  const parts = new Map<string, Part>([[pipeline.main, { checkpoint: main, config: null }], ...networks]);
  return { root, layout: "original", main, family, parts, missing };
}

function networksOf({ main, networks }: PipelineParts): readonly string[] {
  return [main, ...networks];
}

/** The network that decides what a pipeline is; null when its weights are not there. */
async function openMainPart(root: string): Promise<{ readonly name: string; readonly part: Part; readonly checkpoint: Checkpoint } | null> {
  for (const name of mainNames()) {
    const part = await openPart(join(root, name));
    if (part.checkpoint !== null) return { name, part, checkpoint: part.checkpoint };
  }
  return null;
}

/** A folder without networks of which the single file was downloaded, as programs do that want nothing else. */
async function openFileBesideConfigs(root: string): Promise<OpenedParts> {
  const file = await openIfThere(root);
  if (file !== null && isOriginalFile(file.tensors)) return openOriginalFile(file, root);
  throw appError("checkpoint/incomplete", `${root} has no ${mainNames().map(weightsFile).join(" or ")}.`, {
    hint: "Download the denoising network of the model as .safetensors, or choose its single file.",
  });
}

function mainNames(): readonly string[] {
  return [...new Set(pipelines.map(({ main }) => main))];
}

async function openPart(folder: string): Promise<Part> {
  return { checkpoint: await openIfThere(folder), config: await readJson(join(folder, "config.json")) };
}

async function openIfThere(folder: string): Promise<Checkpoint | null> {
  return openCheckpoint(folder).catch((error: unknown) => {
    if (toAppError(error).code === "checkpoint/not-found") return null;
    throw error;
  });
}

function missingFiles(name: string, { checkpoint, config }: Part): readonly string[] {
  return [...(checkpoint === null ? [weightsFile(name)] : []), ...(config === null ? [`${name}/config.json`] : [])];
}

/** Where diffusers and transformers save the weights of a part. */
function weightsFile(part: string): string {
  return `${part}/${part.startsWith("text_encoder") ? "model" : "diffusion_pytorch_model"}.safetensors`;
}
