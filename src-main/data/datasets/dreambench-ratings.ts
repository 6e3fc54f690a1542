/** @file Human ratings of DreamBench++, and which folder of samples they belong to. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { misfit } from "#shared/lib/misfit";
import { isNotFound } from "../../platform/disk-error";
import { datasetError } from "./picture-folders";

const ratingsSchema = z.record(z.string(), z.number());

/** Ratings by `<collection>-<index of the prompt>`, of two groups of people. */
export interface Ratings {
  readonly first: ReadonlyMap<string, number>;
  readonly second: ReadonlyMap<string, number>;
}

/**
 * Methods of the published protocol: names their folders begin with, then names of their ratings. The published script looks for parts of names,
 * so that pictures of dreambooth_lora_sdxl are judged by the ratings of dreambooth_sd.
 */
const methods = [
  { folders: ["blip_diffusion"], ratings: ["blip_diffusion"] },
  { folders: ["dreambooth_sd", "dreambooth"], ratings: ["dreambooth_sd"] },
  { folders: ["ip_adapter_plus_sdxl", "ip_adapter_plus_vit_h_sdxl"], ratings: ["ip_adapter_plus_vit_h_sdxl", "ip_adapter_plus_sdxl"] },
  { folders: ["ip_adapter_sdxl", "ip_adapter_vit_g_sdxl"], ratings: ["ip_adapter_vit_g_sdxl", "ip_adapter_sdxl"] },
  { folders: ["textual_inversion_sd", "textual_inversion"], ratings: ["textual_inversion_sd", "textual_inversion"] },
] as const;

/** What may follow the name of a method: settings such as `_gs7_5_step100_seed42`. */
const settings = /^(?:_(?:gs|scale|step|seed|lr|bs|torch)[\d_].*)?$/;

/** Names of the ratings of a folder of samples, likeliest first; null for a folder of another method. */
export function ratingNamesOf(folder: string): readonly string[] | null {
  const name = folder.toLowerCase().replaceAll("-", "_");
  const method = methods.find(({ folders }) => folders.some((start) => name.startsWith(start) && settings.test(name.slice(start.length))));
  return method?.ratings ?? null;
}

/** Reads the first of `names` that both groups rated; null when there is none. Throws dataset/malformed for a damaged file. */
export async function readRatings(folder: string, names: readonly string[]): Promise<Ratings | null> {
  for (const name of names) {
    const first = await readGroup(join(folder, "group1", `${name}-cp.json`));
    const second = await readGroup(join(folder, "group2", `${name}-cp.json`));
    if (first !== null && second !== null) return { first, second };
  }
  return null;
}

async function readGroup(path: string): Promise<ReadonlyMap<string, number> | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isNotFound(error)) return null;
    throw datasetError(`${path} cannot be read.`, "Check the permissions of the dataset.", error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw datasetError(`${path} is not JSON.`, "Unpack the ratings again.", error);
  }
  const parsed = ratingsSchema.safeParse(value);
  if (!parsed.success) throw datasetError(`${path} holds no ratings: ${misfit(parsed.error)}.`, "Unpack the ratings again.");
  return new Map(Object.entries(parsed.data));
}
