/** @file The cut-off splits a ranked list in memory; nothing is asked of the engine. */
import type { Match } from "#shared/domain/search";

export interface CutoffSplit {
  readonly above: readonly Match[];
  readonly below: readonly Match[];
}

/** Splits by score and keeps the order of both parts. Without a cut-off everything is above it. */
export function splitByCutoff(matches: readonly Match[], cutoff: number | null): CutoffSplit {
  if (cutoff === null) return { above: matches, below: [] };
  return { above: matches.filter(({ score }) => score >= cutoff), below: matches.filter(({ score }) => !(score >= cutoff)) };
}

/** Moves a cut-off by a step and keeps it a round number inside the scale. */
export function steppedCutoff(cutoff: number, step: number, range: { readonly min: number; readonly max: number }): number {
  const moved = Math.round((cutoff + step) * 1000) / 1000;
  return Math.min(range.max, Math.max(range.min, moved)) + 0;
}

/** Reads what was typed into the number field; null when it is no number. A decimal comma is understood. */
export function parseCutoff(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  const value = Number(trimmed);
  return trimmed === "" || !Number.isFinite(value) ? null : value;
}
