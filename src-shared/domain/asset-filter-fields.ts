/** @file The fields a filter may ask for: what each is, and where it stands in what is known of a picture. */
import type { Annotation } from "./annotation";
import { flagSchema } from "./annotation";
import type { ImageFormat } from "./asset";
import { imageFormats } from "./asset";
import type { AssetMetadata, PaletteColour } from "./asset-metadata";
import { generatorSchema } from "./asset-metadata";

/** What a file says about itself in words and numbers. */
export type FileAccount = Pick<AssetMetadata, "generation" | "capture" | "description">;

/** What is known of a picture. Paths are absolute; times are milliseconds since 1970. */
export interface FilterSubject {
  readonly paths: readonly string[];
  readonly sizeBytes: number;
  /** Of the file that was changed last. */
  readonly modifiedMs: number;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly annotation: Annotation;
  /** null while the picture is not described. */
  readonly account: FileAccount | null;
  readonly palette: readonly PaletteColour[];
  readonly isMeasured: boolean;
  readonly isMissing: boolean;
}

/** A field of text may have several values, and a picture passes when one of them does. */
export type FilterField =
  | { readonly kind: "text" | "folder"; readonly read: (subject: FilterSubject) => readonly string[] }
  | { readonly kind: "choice"; readonly choices: readonly string[]; readonly read: (subject: FilterSubject) => string | null }
  | { readonly kind: "number" | "bytes" | "date"; readonly read: (subject: FilterSubject) => number | null }
  | { readonly kind: "colour"; readonly read: (subject: FilterSubject) => readonly PaletteColour[] };

const nothing: readonly never[] = [];
const maybe = (value: string | null | undefined): readonly string[] => (value === null || value === undefined ? nothing : [value]);
const lastSlash = (path: string): number => Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
const yesOrNo = (value: boolean): string => (value ? "yes" : "no");

type GenerationText = "model" | "sampler" | "scheduler" | "seed" | "prompt" | "negativePrompt";
const generated = (key: GenerationText) =>
  ({ kind: "text", read: ({ account }: FilterSubject) => maybe(account?.generation?.[key]) }) as const;
const generatedNumber = (key: "steps" | "cfgScale") =>
  ({
    kind: "number",
    read: ({ account }: FilterSubject) => account?.generation?.[key] ?? null,
  }) as const;
const captured = (key: "camera" | "lens") =>
  ({ kind: "text", read: ({ account }: FilterSubject) => maybe(account?.capture?.[key]) }) as const;
const capturedNumber = (key: "iso" | "fNumber" | "focalLengthMm" | "exposureSeconds") =>
  ({ kind: "number", read: ({ account }: FilterSubject) => account?.capture?.[key] ?? null }) as const;
const described = (key: "title" | "caption" | "creator" | "copyright") =>
  ({ kind: "text", read: ({ account }: FilterSubject) => maybe(account?.description?.[key]) }) as const;

function orientationOf({ width, height }: FilterSubject): string {
  if (width === height) return "square";
  return width > height ? "landscape" : "portrait";
}

/** Every field by the name it has in a filter. */
export const filterFields = {
  name: { kind: "text", read: ({ paths }) => paths.map((path) => path.slice(lastSlash(path) + 1)) },
  folder: { kind: "folder", read: ({ paths }) => paths.map((path) => path.slice(0, Math.max(lastSlash(path), 1))) },
  path: { kind: "text", read: ({ paths }) => paths },
  format: { kind: "choice", choices: imageFormats, read: ({ format }) => format },
  width: { kind: "number", read: ({ width }) => width },
  height: { kind: "number", read: ({ height }) => height },
  megapixels: { kind: "number", read: ({ width, height }) => (width * height) / 1e6 },
  aspect: { kind: "number", read: ({ width, height }) => width / height },
  orientation: { kind: "choice", choices: ["landscape", "portrait", "square"], read: orientationOf },
  size: { kind: "bytes", read: ({ sizeBytes }) => sizeBytes },
  modified: { kind: "date", read: ({ modifiedMs }) => modifiedMs },
  taken: { kind: "date", read: ({ account }) => account?.capture?.takenMs ?? null },
  date: { kind: "date", read: ({ account, modifiedMs }) => account?.capture?.takenMs ?? modifiedMs },
  tag: { kind: "text", read: ({ annotation }) => annotation.tags },
  rating: { kind: "number", read: ({ annotation }) => annotation.rating },
  flag: { kind: "choice", choices: flagSchema.options, read: ({ annotation }) => annotation.flag },
  colour: { kind: "colour", read: ({ palette }) => palette },
  keyword: { kind: "text", read: ({ account }) => account?.description?.keywords ?? nothing },
  title: described("title"),
  caption: described("caption"),
  creator: described("creator"),
  copyright: described("copyright"),
  camera: captured("camera"),
  lens: captured("lens"),
  iso: capturedNumber("iso"),
  aperture: capturedNumber("fNumber"),
  focal: capturedNumber("focalLengthMm"),
  exposure: capturedNumber("exposureSeconds"),
  generator: { kind: "choice", choices: generatorSchema.options, read: ({ account }) => account?.generation?.generator ?? null },
  model: generated("model"),
  lora: { kind: "text", read: ({ account }) => account?.generation?.loras.map(({ name }) => name) ?? nothing },
  sampler: generated("sampler"),
  scheduler: generated("scheduler"),
  seed: generated("seed"),
  steps: generatedNumber("steps"),
  cfg: generatedNumber("cfgScale"),
  prompt: generated("prompt"),
  negative: generated("negativePrompt"),
  measured: { kind: "choice", choices: ["yes", "no"], read: ({ isMeasured }) => yesOrNo(isMeasured) },
  missing: { kind: "choice", choices: ["yes", "no"], read: ({ isMissing }) => yesOrNo(isMissing) },
} as const satisfies Readonly<Record<string, FilterField>>;

export type FilterFieldName = keyof typeof filterFields;
export const filterFieldNames = Object.keys(filterFields) as readonly FilterFieldName[];

/** The field of that name, in any case; `color` is understood. */
export function filterFieldNamed(text: string): FilterFieldName | null {
  const name = text.toLowerCase();
  return filterFieldNames.find((known) => known === name) ?? (name === "color" ? "colour" : null);
}

/** The field itself, as what all of them are. */
export function filterField(name: FilterFieldName): FilterField {
  return filterFields[name];
}
