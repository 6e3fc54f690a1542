/** @file How the groups of the facets and their values are called. */
import type { TFunction } from "i18next";
import { generatorSchema } from "#shared/domain/asset-metadata";
import type { FacetId } from "#shared/domain/facet";
import { formatMonth } from "./format";

const groupKeys = {
  flag: "library.facets.flag",
  rating: "library.facets.rating",
  tag: "library.facets.tag",
  colour: "library.facets.colour",
  model: "library.facets.model",
  lora: "library.facets.lora",
  generator: "library.facets.generator",
  sampler: "library.facets.sampler",
  format: "library.facets.format",
  camera: "library.facets.camera",
  keyword: "library.facets.keyword",
  orientation: "library.facets.orientation",
  month: "library.facets.month",
  measured: "library.facets.measured",
  missing: "library.facets.missing",
} as const satisfies Record<FacetId, string>;

/** What programs call themselves. */
const generatorNames: Readonly<Record<string, string>> = {
  [generatorSchema.enum.a1111]: "A1111",
  [generatorSchema.enum.comfyui]: "ComfyUI",
  [generatorSchema.enum.invokeai]: "InvokeAI",
  [generatorSchema.enum.fooocus]: "Fooocus",
};

const valueKeys = {
  "flag picked": "library.facets.picked",
  "flag rejected": "library.facets.rejected",
  "measured no": "library.facets.notMeasured",
  "measured yes": "library.facets.isMeasured",
  "missing yes": "library.facets.isMissing",
  "missing no": "library.facets.isThere",
  "generator unknown": "library.facets.otherGenerator",
  "orientation landscape": "library.facets.landscape",
  "orientation portrait": "library.facets.portrait",
  "orientation square": "library.facets.square",
} as const;

/** The title of a group. */
export function facetTitle(t: TFunction, id: FacetId): string {
  return t(groupKeys[id]);
}

/** A value as a person reads it; names that people or programs gave stay as they are. */
export function facetLabel(t: TFunction, id: FacetId, value: string): string {
  const key = `${id} ${value}`;
  if (Object.hasOwn(valueKeys, key)) return t(valueKeys[key as keyof typeof valueKeys]);
  if (id === "rating") return t("library.facets.stars", { count: Number(value) });
  if (id === "month") return formatMonth(value);
  if (id === "generator") return generatorNames[value] ?? value;
  return id === "format" ? value.toUpperCase() : value;
}
