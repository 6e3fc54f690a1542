/** @file Values of a generation, taken from whatever a generator wrote in their place. */
import type { Generation, Generator } from "#shared/domain/asset-metadata";
import { isRecord } from "./exact-json";

export type Lora = Generation["loras"][number];

/** Longer texts are no prompts; they stay in the raw texts. */
const maxTextLength = 200_000;

/** An account that says nothing yet. */
export function emptyGeneration(generator: Generator): Generation {
  return {
    generator,
    model: null,
    modelHash: null,
    loras: [],
    sampler: null,
    scheduler: null,
    steps: null,
    cfgScale: null,
    seed: null,
    prompt: null,
    negativePrompt: null,
  };
}

/** How many of the fields are known. */
export function knownFields(generation: Generation): number {
  const { generator: _, loras, ...fields } = generation;
  return Object.values(fields).filter((value) => value !== null).length + Number(loras.length > 0);
}

/** A text that says something; null for anything else. */
export function textValue(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" || text.length > maxTextLength ? null : text;
}

/** A finite number, also one that stands as text. */
export function numberValue(value: unknown): number | null {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

export function countValue(value: unknown): number | null {
  const number = numberValue(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** A seed as text, exactly as it was written; null for one that says "random". */
export function seedValue(value: unknown): string | null {
  const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : typeof value === "string" ? value.trim() : "";
  return /^\d{1,40}$/.test(text) ? text : null;
}

/** The name of a model as its file is called, without folder and ending. */
export function modelNameValue(value: unknown): string | null {
  const name = isRecord(value) ? (value["name"] ?? value["model_name"] ?? value["key"]) : value;
  const text = textValue(name);
  const file = text
    ?.split(/[\\/]/)
    .at(-1)
    ?.replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft|onnx)$/i, "");
  return file === undefined || file === "" || file === "None" ? null : file;
}

/** Adaptations each once; the first mention counts. */
export function distinctLoras(loras: readonly Lora[]): Lora[] {
  const known = new Map<string, Lora>();
  for (const lora of loras) if (!known.has(lora.name)) known.set(lora.name, lora);
  return [...known.values()];
}
