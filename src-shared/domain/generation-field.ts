/** @file What pictures can be grouped by: values of how they were generated. */
import type { Generation } from "./asset-metadata";

/** In the order in which they are offered. Epochs stand in the names of LoRAs and models. */
export const generationFieldKinds = ["lora-weight", "epoch", "steps", "cfg", "sampler", "model", "seed"] as const;
export type GenerationFieldKind = (typeof generationFieldKinds)[number];

/** `of` is the LoRA or the model that is meant, by its name without an epoch; null for what a picture has one of. */
export interface GenerationField {
  readonly kind: GenerationFieldKind;
  readonly of: string | null;
}

/** `number` is null where values have a name and no order. */
export interface FieldValue {
  readonly text: string;
  readonly number: number | null;
}

/** A field as one word, for lists and addresses. */
export function fieldKey({ kind, of }: GenerationField): string {
  return of === null ? kind : `${kind} ${of}`;
}

/** What a picture has in a field; null where it says nothing of it. */
export function fieldValue(generation: Generation | null, { kind, of }: GenerationField): FieldValue | null {
  if (generation === null) return null;
  switch (kind) {
    case "lora-weight":
      return numberValue(generation.loras.find(({ name }) => epochName(name).stem === of)?.weight ?? null);
    case "epoch":
      return numberValue(namesOf(generation).find(({ stem, epoch }) => stem === of && epoch !== null)?.epoch ?? null);
    case "steps":
      return numberValue(generation.steps);
    case "cfg":
      return numberValue(generation.cfgScale);
    case "sampler":
      return textValue(generation.sampler);
    case "model":
      return textValue(generation.model);
    case "seed":
      return textValue(generation.seed);
  }
}

/**
 * The fields by which these pictures can be told apart: with two different numbers at least, or with two names of which one was used twice.
 * Seeds that all differ group nothing.
 */
export function generationFields(generations: readonly (Generation | null)[]): readonly GenerationField[] {
  return generationFieldKinds
    .flatMap((kind) => namesFor(kind, generations).map((of) => ({ kind, of })))
    .filter((field) => {
      const values = generations.flatMap((generation) => fieldValue(generation, field) ?? []);
      const different = new Set(values.map(({ text }) => text)).size;
      return different >= 2 && (values[0]?.number !== null || different < values.length);
    });
}

/** What a field of this kind may be of. */
function namesFor(kind: GenerationFieldKind, generations: readonly (Generation | null)[]): readonly (string | null)[] {
  if (kind !== "lora-weight" && kind !== "epoch") return [null];
  const named = generations.flatMap((generation) => {
    if (generation === null) return [];
    return kind === "epoch" ? namesOf(generation) : generation.loras.map(({ name }) => epochName(name));
  });
  return [...new Set(named.map(({ stem }) => stem))].sort();
}

interface EpochName {
  readonly stem: string;
  readonly epoch: number | null;
}

function namesOf({ loras, model }: Generation): readonly EpochName[] {
  return [...loras.map(({ name }) => epochName(name)), ...(model === null ? [] : [epochName(model)])];
}

/** Six digits at the end as kohya's scripts write them, or a number after "epoch", "ep" or "e". */
const epochAtEnd = /[-_ .](?:(?:epoch|ep|e)[-_ ]?(\d{1,4})|(\d{6}))$/i;

/** A name in its parts: `mira-000008` and `mira_e12.safetensors` are epochs 8 and 12 of `mira`. */
export function epochName(name: string): EpochName {
  const bare = name.replace(/^.*[\\/]/, "").replace(/\.(?:safetensors|ckpt|pt|bin)$/i, "");
  const found = epochAtEnd.exec(bare);
  if (found === null || found.index === 0) return { stem: bare, epoch: null };
  return { stem: bare.slice(0, found.index), epoch: Number(found[1] ?? found[2]) };
}

/** Numbers are read from texts and written by programs: what differs beyond four digits is the same value. */
function numberValue(value: number | null): FieldValue | null {
  if (value === null) return null;
  const number = Number(value.toFixed(4));
  return { text: String(number), number };
}

function textValue(text: string | null): FieldValue | null {
  return text === null ? null : { text, number: null };
}
