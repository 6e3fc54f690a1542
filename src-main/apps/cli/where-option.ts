/** @file `--where EXPR`: a filter on the command line, where folders are named as in any shell. */
import { isAbsolute, resolve } from "node:path";
import { Option } from "commander";
import { appError } from "#shared/domain/app-error";
import { type FieldCondition, mapConditions } from "#shared/domain/asset-filter";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import { printable } from "./output/table";

/** The option; its value is the text of a filter, or undefined. `limits` ends its description. */
export function whereOption(limits = "only the pictures that pass this filter"): Option {
  return new Option("--where <expr>", `${limits}, such as 'rating >= 4 and tag = ink'`).argParser(parseWhere);
}

/** Checks a filter, and makes its relative folders absolute. A variable that was not set must not mean everything. Throws usage/invalid. */
function parseWhere(text: string): string {
  const filter = parseFilter(text);
  if (filter === null) throw appError("usage/invalid", "--where is empty.", { hint: "Give a filter, or leave the option out." });
  return formatFilter(mapConditions(filter, withAbsoluteFolders));
}

function withAbsoluteFolders(condition: FieldCondition): FieldCondition {
  if (condition.field !== "folder" || condition.kind === "has") return condition;
  if (condition.kind === "in") return { ...condition, values: condition.values.map(absoluteFolder) };
  return condition.operator === "~" ? condition : { ...condition, value: absoluteFolder(condition.value) };
}

/** A folder that begins with a star lies anywhere. */
function absoluteFolder(folder: string): string {
  return folder.startsWith("*") || isAbsolute(folder) ? folder : resolve(folder);
}

/** The sentence for a filter that no picture passes; `pictures` is what was looked through. */
export function nothingPasses(where: string, pictures: string): string {
  const filter = parseFilter(where);
  const isFolder = filter?.kind === "compare" && filter.field === "folder" && filter.operator === "=";
  return isFolder
    ? `No ${pictures} of the library lies in ${printable(filter.value)}.`
    : `No ${pictures} of the library passes the filter ${printable(where)}.`;
}
