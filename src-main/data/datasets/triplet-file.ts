/**
 * @file Judgements as a file: CSV with the columns reference, a, b, choice (and prompt, group), or JSON with the same fields,
 * as a list or as the manifest of a benchmark.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { appError } from "#shared/domain/app-error";
import { misfit } from "#shared/lib/misfit";
import { formatCsv, parseCsv } from "./csv";
import { openFailure } from "./picture-folders";
import { type Triplet, tripletSchema } from "./triplet";

const manifestSchema = z.object({ layout: z.string().nullable().default(null), triplets: z.array(tripletSchema) });

/** Judgements, and the layout of the set they were taken from where the file says so. */
export interface TripletFile {
  readonly layout: string | null;
  readonly triplets: readonly Triplet[];
}

const requiredColumns = ["reference", "a", "b", "choice"] as const;
const formHint = "Give CSV with the columns reference,a,b,choice (choice is a or b), or a JSON list of objects with these fields.";

/** Reads the file at `path`. Paths inside stay as they are written. Throws dataset/malformed naming what is wrong, and where. */
export async function readTripletFile(path: string): Promise<TripletFile> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw appError("dataset/malformed", `The triplets file ${path} cannot be read: ${openFailure(cause)}.`, {
      hint: "Check the path.",
      cause,
    });
  });
  const file = parseTriplets(text, path);
  if (file.triplets.length === 0) throw appError("dataset/malformed", `${path} holds no triplets.`, { hint: formHint });
  return file;
}

/** Parses the text of a triplets file; `name` is what errors call it. Throws dataset/malformed. */
export function parseTriplets(text: string, name: string): TripletFile {
  return /^\s*[[{]/.test(text) ? parseJson(text, name) : { layout: null, triplets: parseRows(text, name) };
}

/** Writes judgements as `parseTriplets` reads them; a column that would be empty throughout is left out. */
export function formatTriplets(triplets: readonly Triplet[]): string {
  const optional = (["prompt", "group"] as const).filter((column) => triplets.some((triplet) => triplet[column] !== null));
  const columns = [...requiredColumns, ...optional];
  return formatCsv([columns, ...triplets.map((triplet) => columns.map((column) => triplet[column] ?? ""))]);
}

function parseJson(text: string, name: string): TripletFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw appError("dataset/malformed", `${name} is not JSON.`, { hint: formHint, cause });
  }
  const parsed = manifestSchema.safeParse(Array.isArray(value) ? { triplets: value } : value);
  if (!parsed.success) throw appError("dataset/malformed", `${name} cannot be used: ${misfit(parsed.error)}.`, { hint: formHint });
  return parsed.data;
}

function parseRows(text: string, name: string): readonly Triplet[] {
  const { columns, rows } = parseCsv(text);
  const missing = requiredColumns.filter((column) => !columns.includes(column));
  if (missing.length > 0) {
    const what = missing.length === 1 ? `no column ${missing[0]}` : `no columns ${missing.join(", ")}`;
    throw appError("dataset/malformed", `${name} has ${what}.`, { hint: formHint });
  }
  return rows.map(({ line, fields }) => {
    const optional = (column: string): string | null => fields.get(column)?.trim() || null;
    const parsed = tripletSchema.safeParse({
      ...Object.fromEntries(requiredColumns.map((column) => [column, fields.get(column)?.trim()])),
      prompt: optional("prompt"),
      group: optional("group"),
    });
    if (parsed.success) return parsed.data;
    throw appError("dataset/malformed", `Line ${line} of ${name} is no triplet: ${misfit(parsed.error)}.`, { hint: formHint });
  });
}
