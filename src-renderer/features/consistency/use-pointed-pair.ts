/** @file The pair of the matrix that is read: what was pointed at, whatever its places in the order of the moment, else the selected candidate. */
import { useState } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { CheckRow } from "#shared/domain/check-split";
import type { MatrixCell } from "../../charts/matrix-window";
import type { MatrixPicture, PairMatrix } from "./pair-matrix";

/** The cell that is read, and how another is pointed at. */
export function usePointedPair(
  pairs: PairMatrix,
  rows: readonly CheckRow[],
  selected: AssetId | null,
): { readonly cell: MatrixCell; readonly point: (cell: MatrixCell) => void } {
  const [pointed, setPointed] = useState<PointedPair | null>(null);
  const point = ({ row, column }: MatrixCell): void => {
    const [a, b] = [pairs.pictures[row], pairs.pictures[column]];
    if (a !== undefined && b !== undefined) setPointed({ a: a.asset.id, b: b.asset.id, selected });
  };
  return { cell: pointedCell(pairs, pointed, selected) ?? usualCell(pairs, rows, selected), point };
}

/** With the candidate that was selected when it was pointed at. */
interface PointedPair {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly selected: AssetId | null;
}

/** Where the pair is; null when it is not there, and once another candidate was selected elsewhere. */
function pointedCell({ pictures }: PairMatrix, pointed: PointedPair | null, selected: AssetId | null): MatrixCell | null {
  if (pointed === null || (pointed.selected !== selected && pointed.a !== selected && pointed.b !== selected)) return null;
  const placeOf = (id: AssetId): number => pictures.findIndex(({ asset }) => asset.id === id);
  const [row, column] = [placeOf(pointed.a), placeOf(pointed.b)];
  return row === -1 || column === -1 ? null : { row, column };
}

/** Before anything is pointed at: the selected candidate, or the best one, with the reference it is nearest to. */
function usualCell({ pictures }: PairMatrix, rows: readonly CheckRow[], selected: AssetId | null): MatrixCell {
  const placeOf = (kind: MatrixPicture["kind"], index: number | undefined): number =>
    pictures.findIndex((picture) => picture.kind === kind && picture.index === index);
  const chosen = pictures.find(({ kind, asset }) => kind === "candidate" && asset.id === selected)?.index ?? rows[0]?.candidate;
  const nearest = rows.find(({ candidate }) => candidate === chosen)?.nearest ?? 0;
  return { row: Math.max(0, placeOf("candidate", chosen)), column: Math.max(0, placeOf("reference", nearest)) };
}
