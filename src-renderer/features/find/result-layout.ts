/** @file Where the results lie: justified rows above the cut-off, a rule, and justified rows below it. */
import { type JustifiedRow, type TileBox, justifiedRows, tileBoxes } from "../../lib/justified-rows";

export const resultGap = 10;
export const captionHeight = 26;
const ruleHeight = 36;

/** A band of the list: a row of pictures (indices into above followed by below), or the rule at the cut-off. */
export type ResultBand =
  | {
      readonly kind: "row";
      readonly top: number;
      readonly size: number;
      readonly imageHeight: number;
      readonly boxes: readonly TileBox[];
      readonly isBelow: boolean;
    }
  | { readonly kind: "rule"; readonly top: number; readonly size: number };

export interface ResultLayoutOptions {
  readonly aboveCount: number;
  readonly belowCount: number;
  readonly aspectOf: (index: number) => number;
  readonly width: number;
  readonly targetHeight: number;
}

/** Lays out the bands from top to bottom; `size` includes caption and gap. */
export function layoutResults(options: ResultLayoutOptions): readonly ResultBand[] {
  const { aboveCount, belowCount } = options;
  const bands = rowBands(options, { first: 0, count: aboveCount, top: 0 });
  if (belowCount === 0 || options.width <= 0) return bands;
  const top = endOf(bands);
  bands.push({ kind: "rule", top, size: ruleHeight });
  bands.push(...rowBands(options, { first: aboveCount, count: belowCount, top: top + ruleHeight }));
  return bands;
}

function rowBands(
  { aspectOf, width, targetHeight, aboveCount }: ResultLayoutOptions,
  part: { readonly first: number; readonly count: number; readonly top: number },
): ResultBand[] {
  const layout = {
    count: part.count,
    aspectOf: (index: number) => aspectOf(index + part.first),
    width,
    targetHeight,
    gap: resultGap,
    footer: captionHeight,
  };
  return justifiedRows(layout).map((row: JustifiedRow) => ({
    kind: "row",
    top: part.top + row.top,
    size: row.height + captionHeight + resultGap,
    imageHeight: row.height,
    boxes: tileBoxes(row, layout).map((box) => ({ ...box, index: box.index + part.first })),
    isBelow: part.first >= aboveCount,
  }));
}

function endOf(bands: readonly ResultBand[]): number {
  const last = bands.at(-1);
  return last === undefined ? 0 : last.top + last.size;
}

/** Row height at a grid width: 11.5 % of it, within limits that keep captions readable. */
export function targetRowHeight(width: number): number {
  return Math.min(240, Math.max(150, width * 0.115));
}

/** Which band holds a result; -1 when none does. */
export function bandOf(bands: readonly ResultBand[], index: number): number {
  return bands.findIndex((band) => band.kind === "row" && band.boxes.some((box) => box.index === index));
}

export type GridMove = "left" | "right" | "up" | "down" | "first" | "last";

/** The result that a key leads to: by order to the sides, by visual row up and down. The same index where there is nothing further. */
export function movedIndex(bands: readonly ResultBand[], index: number, move: GridMove): number {
  const rows = bands.filter((band) => band.kind === "row");
  const lastIndex = rows.at(-1)?.boxes.at(-1)?.index ?? 0;
  if (move === "first") return 0;
  if (move === "last") return lastIndex;
  if (move === "left") return Math.max(0, index - 1);
  if (move === "right") return Math.min(lastIndex, index + 1);
  const here = rows.findIndex(({ boxes }) => boxes.some((box) => box.index === index));
  const box = rows[here]?.boxes.find((each) => each.index === index);
  const next = rows[here + (move === "up" ? -1 : 1)];
  if (box === undefined || next === undefined) return index;
  const distance = (candidate: TileBox): number => Math.abs(candidate.left + candidate.width / 2 - (box.left + box.width / 2));
  return next.boxes.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best)).index;
}
