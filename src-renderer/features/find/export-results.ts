/** @file Results as a table for other programs. What is written is what is on screen, with the recipe that produced it. */
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";

export const exportColumns = [
  "rank",
  "score",
  "rarity",
  "above_cutoff",
  "name",
  "path",
  "asset_id",
  "width",
  "height",
  "vote_starter",
  "vote_diffsim",
  "vote_clip",
  "vote_dino",
  "against_score",
  "adjusted",
] as const;

export interface ResultsToExport {
  readonly query: SearchQuery;
  readonly event: SearchEvent;
  readonly matches: readonly Match[];
  readonly cutoff: number | null;
}

/** RFC 4180 with a header row and CRLF. Absent numbers are empty fields, never 0. */
export function resultsToCsv({ matches, cutoff }: ResultsToExport): string {
  const rows = matches.map((match) => rowOf(match, cutoff).map(csvField).join(","));
  return `${[exportColumns.join(","), ...rows].join("\r\n")}\r\n`;
}

function rowOf(
  { rank, score, rarity, asset, path, votes, againstScore, adjusted }: Match,
  cutoff: number | null,
): readonly (string | number | boolean | null)[] {
  const isAbove = cutoff === null ? null : score >= cutoff;
  return [
    rank,
    score,
    rarity,
    isAbove,
    asset.name,
    path,
    asset.id,
    asset.width,
    asset.height,
    votes.starter,
    votes.diffsim,
    votes.clip,
    votes.dino,
    againstScore,
    adjusted,
  ];
}

/** Quotes where the format needs it; a leading =, +, - or @ in a name gets an apostrophe, so that no spreadsheet runs a file name as a formula. */
function csvField(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same as JSON, with the question and the recipe. */
export function resultsToJson({ query, event, matches, cutoff }: ResultsToExport): string {
  const { stage, measured, total, recipeId } = event;
  return `${JSON.stringify({ query, recipeId, stage, measured, total, cutoff, matches }, null, 2)}\n`;
}
