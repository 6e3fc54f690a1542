/** @file What every layout is brought to: the networks and configurations of a model under the names of a diffusers folder. */
import { readFile, stat } from "node:fs/promises";
import { appError } from "#shared/domain/app-error";
import type { Checkpoint } from "../../weights/checkpoint";
import type { TokenizerFiles } from "../clip/tokenizer";
import type { ModelFamily } from "../registry";

export type ModelLayout = "diffusers" | "transformers" | "original" | "semblance";

/** A part as found; null where the file is missing. */
export interface Part {
  readonly checkpoint: Checkpoint | null;
  readonly config: unknown;
}

export interface OpenedParts {
  /** The folder all files lie in or below. */
  readonly root: string;
  readonly layout: ModelLayout;
  readonly main: Checkpoint;
  /** What the main weights are; null when no family knows them. */
  readonly family: ModelFamily | null;
  readonly parts: ReadonlyMap<string, Part>;
  /** Tokenizers that are not a folder of that name in `root`. */
  readonly tokenizers?: ReadonlyMap<string, TokenizerFiles>;
  /** Files that are not there, relative to `root`. */
  readonly missing: readonly string[];
}

/** A JSON file, or null when there is none. Throws checkpoint/incomplete when it is not JSON. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw appError("checkpoint/incomplete", `${file} is not valid JSON.`, { cause, hint: "Download the file again." });
  }
}

export async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
