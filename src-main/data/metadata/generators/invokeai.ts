/**
 * @file What InvokeAI writes: a flat object since version 3, one with an `image` inside before, and a command line at first.
 * Source: InvokeAI, "ImageMetadata" of its versions 1 to 5
 */
import type { Generation } from "#shared/domain/asset-metadata";
import { isRecord, parseJsonObject } from "./exact-json";
import { readFlatFields } from "./flat-json";
import { countValue, emptyGeneration, numberValue, seedValue, textValue } from "./generation-values";

/** null when the texts are none of InvokeAI's. */
export function readInvokeAi(texts: ReadonlyMap<string, string>): Generation | null {
  const current = parseJsonObject(texts.get("invokeai_metadata"));
  if (current !== null) {
    const generation = readFlatFields(current, "invokeai");
    // It calls the sampler a scheduler and has no schedule.
    return { ...generation, sampler: generation.sampler ?? generation.scheduler, scheduler: null };
  }
  const earlier = parseJsonObject(texts.get("sd-metadata"));
  if (earlier !== null) {
    const image = isRecord(earlier["image"]) ? earlier["image"] : {};
    const generation = readFlatFields({ ...image, model_weights: earlier["model_weights"], model_hash: earlier["model_hash"] }, "invokeai");
    return { ...generation, ...splitPrompt(generation.prompt ?? "") };
  }
  const command = texts.get("Dream");
  return command === undefined ? null : readCommand(command);
}

/** `"prompt [negative]" -s 50 -S 42 -C 7.5 -A k_lms` */
function readCommand(command: string): Generation | null {
  const quoted = /^\s*"((?:[^"\\]|\\.){0,20000})"/.exec(command);
  const end = quoted === null ? command.search(/ -[A-Za-z]/) : quoted[0].length;
  const options = new Map(
    [...command.slice(Math.max(0, end)).matchAll(/(?:^|\s)-([A-Za-z])\s*([^\s-][^\s]*)/g)].map(([, name, value]) => [name, value]),
  );
  if (options.size === 0) return null;
  return {
    ...emptyGeneration("invokeai"),
    ...splitPrompt(quoted?.[1] ?? command.slice(0, Math.max(0, end))),
    steps: countValue(options.get("s")),
    seed: seedValue(options.get("S")),
    cfgScale: numberValue(options.get("C")),
    sampler: textValue(options.get("A")),
  };
}

/** What stands in square brackets was not wanted. */
function splitPrompt(text: string): Pick<Generation, "prompt" | "negativePrompt"> {
  const unwanted = [...text.matchAll(/\[([^[\]]*)\]/g)].map(([, words = ""]) => words.trim());
  return { prompt: textValue(text.replace(/\[[^[\]]*\]/g, " ").replace(/ {2,}/g, " ")), negativePrompt: textValue(unwanted.join(", ")) };
}
