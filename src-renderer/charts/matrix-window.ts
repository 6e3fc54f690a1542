/** @file Which part of a large matrix is shown, and which cell lies where. In cells; shares count from the top left. Pure. */

/** A cell by its row and column. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}

/** The square of `size` by `size` cells that is shown. */
export interface MatrixWindow {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** A place in the box, 0..1 each way. */
export interface Share {
  readonly x: number;
  readonly y: number;
}

/** The closest look: no fewer cells than these. */
const fewestCells = 8;

export function wholeWindow(count: number): MatrixWindow {
  return { left: 0, top: 0, size: count };
}

/** The cell under a place of the box. */
export function cellAt({ left, top, size }: MatrixWindow, count: number, at: Share): MatrixCell {
  return { row: withinMatrix(Math.floor(top + at.y * size), count), column: withinMatrix(Math.floor(left + at.x * size), count) };
}

/** Looks closer by `factor` (or from further away, below 1); what lies at `at` stays there. */
export function zoomed(
  { left, top, size }: MatrixWindow,
  count: number,
  { factor, at }: { readonly factor: number; readonly at: Share },
): MatrixWindow {
  const next = Math.min(count, Math.max(Math.min(count, fewestCells), size / factor));
  return kept({ left: left + at.x * (size - next), top: top + at.y * (size - next), size: next }, count);
}

/** Moves what is shown by a share of the box: the picture follows the hand. */
export function panned({ left, top, size }: MatrixWindow, count: number, by: Share): MatrixWindow {
  return kept({ left: left - by.x * size, top: top - by.y * size, size }, count);
}

/** Puts a place of the whole matrix into the middle. */
export function centredOn({ size }: MatrixWindow, count: number, at: Share): MatrixWindow {
  return kept({ left: at.x * count - size / 2, top: at.y * count - size / 2, size }, count);
}

/** Moves as little as is needed for a cell to be seen whole. */
export function showing({ left, top, size }: MatrixWindow, count: number, { row, column }: MatrixCell): MatrixWindow {
  const reach = (start: number, cell: number): number => Math.max(Math.min(start, cell), cell + 1 - size);
  return kept({ left: reach(left, column), top: reach(top, row), size }, count);
}

/** Where a key leads from a cell; null when it leads nowhere. */
export function movedCell({ row, column }: MatrixCell, count: number, key: string): MatrixCell | null {
  const last = count - 1;
  switch (key) {
    case "ArrowLeft":
      return { row, column: Math.max(0, column - 1) };
    case "ArrowRight":
      return { row, column: Math.min(last, column + 1) };
    case "ArrowUp":
      return { row: Math.max(0, row - 1), column };
    case "ArrowDown":
      return { row: Math.min(last, row + 1), column };
    case "Home":
      return { row, column: 0 };
    case "End":
      return { row, column: last };
    default:
      return null;
  }
}

function kept({ left, top, size }: MatrixWindow, count: number): MatrixWindow {
  const inside = (start: number): number => Math.min(count - size, Math.max(0, start));
  return { left: inside(left), top: inside(top), size };
}

function withinMatrix(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}
