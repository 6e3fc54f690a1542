/** @file Justified rows: pictures of one height a row that fill the width, as a contact sheet lays them. */

/** Items `start` to `end` (exclusive) share the height; `top` is the distance from the first row. Pixels. */
export interface JustifiedRow {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly height: number;
  /** False for a last row that is too short to be stretched over the whole width. */
  readonly isFilled: boolean;
}

export interface JustifiedOptions {
  readonly count: number;
  /** Width over height of item `index`. */
  readonly aspectOf: (index: number) => number;
  readonly width: number;
  readonly targetHeight: number;
  readonly gap: number;
  /** Height below each row, e.g. for captions. */
  readonly footer?: number;
}

/** A panorama counts as at most this wide, and a scroll as at most this narrow; the tile then shows it whole on grey. */
const extremeAspect = 4;

/** The aspect the layout uses. */
export function layoutAspect(aspect: number): number {
  return Math.min(extremeAspect, Math.max(1 / extremeAspect, aspect));
}

/**
 * Lays out `count` items. Each row breaks where its height comes nearest to the target, and never grows past 1.5 times it.
 * One pass over the items, so that 100,000 take a few milliseconds.
 */
export function justifiedRows(options: JustifiedOptions): readonly JustifiedRow[] {
  const { count, aspectOf, width, targetHeight, gap, footer = 0 } = options;
  const rows: JustifiedRow[] = [];
  if (width <= 0) return rows;
  let start = 0;
  let sum = 0;
  let top = 0;
  const close = (end: number, height: number, isFilled: boolean): void => {
    rows.push({ start, end, top, height, isFilled });
    top += height + footer + gap;
    start = end;
    sum = 0;
  };
  for (let index = 0; index < count; index++) {
    const aspect = layoutAspect(aspectOf(index));
    const fullHeight = (width - gap * (index - start)) / (sum + aspect);
    if (fullHeight > targetHeight) {
      sum += aspect;
      continue;
    }
    const heightWithout = start === index ? Infinity : (width - gap * (index - start - 1)) / sum;
    const takesIt = heightWithout > targetHeight * 1.5 || heightWithout / targetHeight > targetHeight / fullHeight;
    if (takesIt) {
      close(index + 1, fullHeight, true);
    } else {
      close(index, heightWithout, true);
      sum = aspect;
      if ((width - 0) / sum <= targetHeight) close(index + 1, width / sum, true);
    }
  }
  if (start < count) {
    const filling = (width - gap * (count - start - 1)) / sum;
    close(count, Math.min(filling, targetHeight * 1.15), filling <= targetHeight * 1.15);
  }
  return rows;
}

/** Height of all rows with the gaps between them. */
export function rowsHeight(rows: readonly JustifiedRow[], footer = 0): number {
  const last = rows.at(-1);
  return last ? last.top + last.height + footer : 0;
}

/** Which row holds item `index`; -1 when none does. */
export function rowOfItem(rows: readonly JustifiedRow[], index: number): number {
  return lastWhere(rows, (row) => row.start <= index);
}

/** Which row lies at `y` pixels from the top. */
export function rowAt(rows: readonly JustifiedRow[], y: number): number {
  return Math.max(
    0,
    lastWhere(rows, (row) => row.top <= y),
  );
}

function lastWhere(rows: readonly JustifiedRow[], holds: (row: JustifiedRow) => boolean): number {
  let low = 0;
  let high = rows.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && holds(row)) {
      found = middle;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

export interface TileBox {
  readonly index: number;
  readonly left: number;
  readonly width: number;
}

/** The boxes of one row from left to right; rounding never leaves a seam at the right edge. */
export function tileBoxes(row: JustifiedRow, options: Pick<JustifiedOptions, "aspectOf" | "gap" | "width">): readonly TileBox[] {
  const boxes: TileBox[] = [];
  let left = 0;
  for (let index = row.start; index < row.end; index++) {
    const exact = layoutAspect(options.aspectOf(index)) * row.height;
    const isLast = row.isFilled && index === row.end - 1;
    const width = isLast ? options.width - left : exact;
    boxes.push({ index, left, width });
    left += width + options.gap;
  }
  return boxes;
}

/** The item that lies above (`step` -1) or below (1) of item `index`: in the next row, nearest to its centre. */
export function verticalNeighbour(
  rows: readonly JustifiedRow[],
  options: Pick<JustifiedOptions, "aspectOf" | "gap" | "width">,
  move: { readonly index: number; readonly step: -1 | 1 },
): number {
  const here = rowOfItem(rows, move.index);
  const row = rows[here];
  const next = rows[here + move.step];
  if (!row || !next) return move.index;
  const box = tileBoxes(row, options).find(({ index }) => index === move.index);
  const centre = box ? box.left + box.width / 2 : 0;
  const distance = (candidate: TileBox): number => Math.abs(candidate.left + candidate.width / 2 - centre);
  return tileBoxes(next, options).reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best)).index;
}
