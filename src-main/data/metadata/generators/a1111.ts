/**
 * @file The text that AUTOMATIC1111's web UI writes, and Forge, SD.Next, Fooocus and many savers after it: the prompt, "Negative prompt:" with
 * its own lines, and a last line of `Key: value` pairs.
 * Source: stable-diffusion-webui, "infotext"
 */
import type { Generation, Generator } from "#shared/domain/asset-metadata";
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

const negativeStart = "Negative prompt:";
/** Parts of old sampler names that are schedules. */
const scheduleSuffix = / (Karras|Exponential|Polyexponential|SGM Uniform|Simple|Beta)$/i;

export type Settings = ReadonlyMap<string, string>;

/** Reads the text; null when it has no line of settings. */
export function parseInfotext(text: string, generator: Generator = "a1111"): Generation | null {
  const lines = text.replaceAll("\r\n", "\n").trim().split("\n");
  const start = lines.findLastIndex(isSettingsLine);
  if (start < 0) return null;
  const settings = parseSettings(lines.slice(start).join("\n"));
  const negativeAt = lines.slice(0, start).findIndex((line) => line.trimStart().startsWith(negativeStart));
  const promptEnd = negativeAt < 0 ? start : negativeAt;
  const prompt = lines.slice(0, promptEnd).join("\n");
  const negative = negativeAt < 0 ? "" : lines.slice(negativeAt, start).join("\n").trimStart().slice(negativeStart.length);
  const sampler = textValue(settings.get("Sampler"));
  const suffix = settings.has("Schedule type") ? null : (scheduleSuffix.exec(sampler ?? "")?.[1] ?? null);
  return {
    ...emptyGeneration(generator),
    model: modelNameValue(settings.get("Model")),
    modelHash: textValue(settings.get("Model hash")),
    loras: lorasOf(prompt, settings),
    sampler: suffix === null ? sampler : (sampler?.slice(0, -suffix.length).trim() ?? null),
    scheduler: textValue(settings.get("Schedule type")) ?? suffix,
    steps: countValue(settings.get("Steps")),
    cfgScale: numberValue(settings.get("CFG scale")),
    seed: seedValue(settings.get("Seed")),
    prompt: textValue(prompt),
    negativePrompt: textValue(negative),
  };
}

/** Most begin with the steps; some savers put them elsewhere among the others. */
function isSettingsLine(line: string): boolean {
  return /^\s*Steps:\s*\d/.test(line) || (/(?:^|, )Steps:\s*\d/.test(line) && /(?:^|, )(?:Sampler|Seed|CFG scale):/.test(line));
}

/** `Key: value` pairs between commas. A value in quotes, brackets or braces may hold commas itself. Of equal keys the first counts. */
export function parseSettings(text: string): Settings {
  const settings = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const colon = text.indexOf(":", at);
    if (colon < 0) break;
    // A value with commas and no quotes leaves its tail before the next key.
    const key = text.slice(at, colon).split(/[,\n]/).at(-1)?.trim() ?? "";
    let start = colon + 1;
    while (text[start] === " ") start += 1;
    const end = endOfValue(text, start);
    if (key !== "" && !settings.has(key)) settings.set(key, unquoted(text.slice(start, end).trim()));
    at = end + 1;
  }
  return settings;
}

/** The place of the comma or line end after the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let isQuoted = false;
  const isWrapped = /["[{]/.test(text[start] ?? "");
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === "\\") at += 1;
    else if (isWrapped && character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (isWrapped && (character === "[" || character === "{")) depth += 1;
    else if (isWrapped && (character === "]" || character === "}")) depth -= 1;
    else if (depth <= 0 && (character === "," || character === "\n")) return at;
  }
  return text.length;
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.replace(/^"|"$/g, "");
  }
}

/** Those called in the prompt with their weights, then those of which only a hash or a weight is written beside it. */
function lorasOf(prompt: string, settings: Settings): Lora[] {
  const called = [...prompt.matchAll(/<(?:lora|lyco|locon):([^<>:]{1,300})(?::([^<>]{0,100}))?>/gi)].map(([, name = "", weights = ""]) => ({
    name: modelNameValue(name) ?? name,
    // `0.8`, `0.8:0.6` with the text encoder's second, or `te=0.6:unet=0.8`.
    weight: numberValue(/unet=([\d.-]+)/.exec(weights)?.[1] ?? weights.split(":")[0]),
  }));
  const weights = new Map(pairsOf(settings.get("Lora weights")));
  const hashed = pairsOf(settings.get("Lora hashes")).map(([name]) => ({ name, weight: numberValue(weights.get(name)) }));
  const weighted = [...weights].map(([name, weight]) => ({ name, weight: numberValue(weight) }));
  return distinctLoras([...called, ...hashed, ...weighted].filter(({ name }) => name !== ""));
}

function pairsOf(text: string | undefined): [name: string, value: string][] {
  return (text ?? "").split(",").flatMap((pair) => {
    const colon = pair.lastIndexOf(":");
    const name = modelNameValue(pair.slice(0, colon));
    return colon < 1 || name === null ? [] : [[name, pair.slice(colon + 1).trim()] as [string, string]];
  });
}
