/** @file Settings that stand side by side in one JSON object, under the names that several generators give them. */
import type { Generation, Generator } from "#shared/domain/asset-metadata";
import { isRecord } from "./exact-json";
import {
  countValue,
  distinctLoras,
  emptyGeneration,
  type Lora,
  modelNameValue,
  numberValue,
  seedValue,
  textValue,
} from "./generation-values";

type Fields = Readonly<Record<string, unknown>>;

/** Reads an object by the names of its fields, whatever their case and whether words are joined by spaces or underscores. */
export function readFlatFields(object: Fields, generator: Generator): Generation {
  const fields = new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase().replace(/[ _-]/g, ""), value]));
  const first = <Value>(read: (value: unknown) => Value | null, ...names: readonly string[]): Value | null => {
    for (const name of names) {
      const value = read(fields.get(name));
      if (value !== null) return value;
    }
    return null;
  };
  return {
    ...emptyGeneration(generator),
    model: first(modelNameValue, "basemodel", "model", "modelname", "modelweights", "checkpoint"),
    modelHash: first(textValue, "basemodelhash", "modelhash") ?? hashOf(fields.get("model")),
    loras: distinctLoras([...listedLoras(fields.get("loras")), ...numberedLoras(object)]),
    sampler: first(textValue, "sampler", "samplername"),
    scheduler: first(textValue, "scheduler", "scheduletype", "noiseschedule"),
    steps: first(countValue, "steps", "numinferencesteps"),
    cfgScale: first(numberValue, "cfgscale", "guidancescale", "cfg", "scale", "guidance"),
    seed: first(seedValue, "seed", "noiseseed"),
    prompt: first(promptValue, "positiveprompt", "prompt"),
    negativePrompt: first(promptValue, "negativeprompt", "uc"),
  };
}

function hashOf(model: unknown): string | null {
  return isRecord(model) ? textValue(model["hash"]) : null;
}

/** A text, or texts with weights. */
function promptValue(value: unknown): string | null {
  if (!Array.isArray(value)) return textValue(value);
  const texts = value.flatMap((part: unknown) => textValue(isRecord(part) ? part["prompt"] : part) ?? []);
  return textValue(texts.join(", "));
}

/** `[name, weight]`, or objects that name the model and its weight. */
function listedLoras(value: unknown): Lora[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown): Lora[] => {
    const [model, weight]: readonly unknown[] = Array.isArray(item)
      ? item
      : isRecord(item)
        ? [item["model"] ?? item["lora"] ?? item["name"] ?? item["model_name"], item["weight"]]
        : [item, null];
    const name = modelNameValue(model);
    return name === null ? [] : [{ name, weight: numberValue(weight) }];
  });
}

/** `"LoRA 1": "name : 0.5"`, as Fooocus wrote before it had a list. */
function numberedLoras(object: Fields): Lora[] {
  return Object.entries(object).flatMap(([key, value]): Lora[] => {
    const found =
      /^lora[ _]?(?:combined[ _]?)?\d+$/i.test(key) && typeof value === "string" ? /^(.*?)\s*:\s*(-?[\d.]+)$/.exec(value) : null;
    const name = modelNameValue(found?.[1]);
    return name === null ? [] : [{ name, weight: numberValue(found?.[2]) }];
  });
}
