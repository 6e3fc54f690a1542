/** @file Where the candidates lie: three columns of justified rows, and where a key leads among them. Pure. */
import {
  type JustifiedOptions,
  type JustifiedRow,
  justifiedRows,
  layoutAspect,
  rowOfItem,
  tileBoxes,
  verticalNeighbour,
} from "../../lib/justified-rows";

/** Pixels. */
export const captionHeight = 24;
const gap = 8;

/** One column; `count` tiles in rows. */
export interface ColumnLayout {
  readonly count: number;
  readonly rows: readonly JustifiedRow[];
  readonly options: JustifiedOptions;
}

/** Lays out a column of `count` tiles; about one tile in 90 pixels of its width. */
export function layoutColumn(count: number, aspectOf: (index: number) => number, width: number): ColumnLayout {
  const options = { count, aspectOf, width, targetHeight: Math.min(width, 96), gap, footer: captionHeight };
  return { count, rows: justifiedRows(options), options };
}

/** The boxes of a row. A picture wider or narrower than the layout allows lies whole in its box. */
export function boxesOf({ options }: ColumnLayout, row: JustifiedRow) {
  return tileBoxes(row, options);
}

/** Height of a row with its caption and the space below it. */
export function rowSize(row: JustifiedRow): number {
  return row.height + captionHeight + gap;
}

/** A tile: its column and its place in it. */
export interface TilePlace {
  readonly column: number;
  readonly index: number;
}

/**
 * Where a key leads from a tile; null when the key is no move. Up and down stay in the column and go by visual row; left and right go on through
 * the row and then into the next column that holds anything, to the row that lies beside it on screen.
 *
 * @param scrollTops how far each column is scrolled, in pixels
 */
export function movedPlace(
  columns: readonly ColumnLayout[],
  from: TilePlace,
  { key, scrollTops }: { readonly key: string; readonly scrollTops: readonly number[] },
): TilePlace | null {
  const here = columns[from.column];
  if (here === undefined) return null;
  switch (key) {
    case "ArrowUp":
    case "ArrowDown":
      return { ...from, index: verticalNeighbour(here.rows, here.options, { index: from.index, step: key === "ArrowUp" ? -1 : 1 }) };
    case "ArrowLeft":
    case "ArrowRight":
      return sideways(columns, from, { step: key === "ArrowLeft" ? -1 : 1, scrollTops });
    case "Home":
      return { column: columns.findIndex(({ count }) => count > 0), index: 0 };
    case "End": {
      const column = columns.findLastIndex(({ count }) => count > 0);
      return { column, index: (columns[column]?.count ?? 1) - 1 };
    }
    default:
      return null;
  }
}

/** Where a picture lies; null when it is in no column. */
export function placeOf<Id>(lists: readonly (readonly Id[])[], id: Id): TilePlace | null {
  const column = lists.findIndex((list) => list.includes(id));
  return column < 0 ? null : { column, index: lists[column]?.indexOf(id) ?? 0 };
}

function sideways(
  columns: readonly ColumnLayout[],
  from: TilePlace,
  { step, scrollTops }: { readonly step: -1 | 1; readonly scrollTops: readonly number[] },
): TilePlace {
  const here = columns[from.column];
  const row = here?.rows[rowOfItem(here.rows, from.index)];
  const next = from.index + step;
  if (row === undefined || (next >= row.start && next < row.end)) return { ...from, index: next };
  let column = from.column + step;
  while (columns[column]?.count === 0) column += step;
  const there = columns[column];
  if (there === undefined) {
    // At the outer edge the order goes on, as in a text.
    const isInside = next >= 0 && next < (here?.count ?? 0);
    return isInside ? { ...from, index: next } : from;
  }
  const y = row.top + row.height / 2 - (scrollTops[from.column] ?? 0) + (scrollTops[column] ?? 0);
  const distance = (other: JustifiedRow): number => Math.abs(other.top + other.height / 2 - y);
  const beside = there.rows.reduce((best, other) => (distance(other) < distance(best) ? other : best));
  return { column, index: step > 0 ? beside.start : beside.end - 1 };
}

/**
 * Where the keyboard goes when tiles leave for other columns: to the next one that stays, else to the one before, else to the next column's first.
 *
 * @param lists the ids of each column before they leave
 */
export function placeAfterLeaving<Id>(lists: readonly (readonly Id[])[], from: TilePlace, leaving: ReadonlySet<Id>): Id | null {
  const list = lists[from.column] ?? [];
  const stays = (id: Id): boolean => !leaving.has(id);
  const after = list.slice(from.index + 1).find(stays);
  const before = list.slice(0, from.index).findLast(stays);
  const elsewhere = [...lists.slice(from.column + 1), ...lists.slice(0, from.column)].find((other) => other.some(stays))?.find(stays);
  return after ?? before ?? elsewhere ?? null;
}

/** Width over height of a tile's picture, as it is laid out. */
export function tileAspect({ width, height }: { readonly width: number; readonly height: number }): number {
  return layoutAspect(width / height);
}
