/**
 * @file Stable Diffusion in one file, as ComfyUI and A1111 keep it: the layout of the code it was trained with.
 * Every tensor is read from where it lies. What the file leaves out is what was published with its generation of the model; a configuration
 * or a tokenizer that lies beside the file as in a diffusers folder has precedence.
 */
import { join } from "node:path";
import { resourcesPath } from "../../../platform/paths";
import type { Checkpoint } from "../../weights/checkpoint";
import { renameCheckpoint } from "../../weights/renamed-checkpoint";
import type { TokenizerFiles } from "../clip/tokenizer";
import { familyOf } from "../registry";
import { isFile, readJson, type OpenedParts, type Part } from "./opened-parts";
import { schedulerConfig, textConfig, unetConfig, vaeConfig } from "./original-settings";
import { originalTensors } from "./original-tensors";

/** Tokens of every published text encoder. */
const publishedTokens = 49_408;

/**
 * Opens the networks of a file in the original layout.
 *
 * @param root the folder the file lies in
 * @throws checkpoint/incomplete naming the networks that are not there, checkpoint/unsupported for a network that is not built here,
 *   weights/malformed when two tensors get one name, weights/shape-mismatch
 */
export async function openOriginalFile(file: Checkpoint, root: string): Promise<OpenedParts> {
  const { generation, texts, ...networks } = originalTensors(file);
  const parts = new Map<string, Part>();
  const beside = (name: string) => readJson(join(root, name, name === "scheduler" ? "scheduler_config.json" : "config.json"));
  const unet = renameCheckpoint(file, networks.unet);
  parts.set("unet", { checkpoint: unet, config: (await beside("unet")) ?? unetConfig(unet.tensors, generation) });
  const vae = renameCheckpoint(file, networks.vae);
  parts.set("vae", { checkpoint: vae, config: (await beside("vae")) ?? vaeConfig(vae.tensors, generation) });
  const tokenizers = new Map<string, TokenizerFiles>();
  for (const { part, isOpenClip, tensors } of texts) {
    const text = renameCheckpoint(file, tensors);
    parts.set(part, { checkpoint: text, config: (await beside(part)) ?? textConfig(text.tensors, isOpenClip) });
    const name = part.replace("text_encoder", "tokenizer");
    tokenizers.set(name, await tokenizerFiles(join(root, name), { text, isOpenClip }));
  }
  parts.set("scheduler", { checkpoint: null, config: (await beside("scheduler")) ?? schedulerConfig(file.tensors, generation) });
  const missing = [...missingConfigs(parts), ...(await missingTokenizers(tokenizers))];
  return { root, layout: "original", main: unet, family: familyOf(unet.tensors), parts, tokenizers, missing };
}

/** The published tokenizer where its tokens are those of the text encoder. The two codes fill short prompts up differently. */
async function tokenizerFiles(beside: string, tower: { readonly text: Checkpoint; readonly isOpenClip: boolean }): Promise<TokenizerFiles> {
  if (await isFile(join(beside, "vocab.json"))) return { folder: beside };
  const tokens = tower.text.tensors.get("text_model.embeddings.token_embedding.weight")?.shape[0];
  if (tokens !== publishedTokens) return { folder: beside };
  return { folder: join(resourcesPath(), "clip-tokenizer"), ...(tower.isOpenClip ? { padToken: "!" } : {}) };
}

function missingConfigs(parts: ReadonlyMap<string, Part>): readonly string[] {
  return [...parts].filter(([, part]) => part.config === null).map(([name]) => `${name}/config.json`);
}

async function missingTokenizers(tokenizers: ReadonlyMap<string, TokenizerFiles>): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, { folder }] of tokenizers) {
    for (const file of ["vocab.json", "merges.txt"]) if (!(await isFile(join(folder, file)))) missing.push(`${name}/${file}`);
  }
  return missing;
}
