/** @file Where a key takes the keyboard in a grid of justified rows. */
import { type JustifiedRow, rowAt, rowOfItem, verticalNeighbour } from "../../lib/justified-rows";

/** Names of keys as the browser gives them. */
export type GridMove = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown";

export interface GridPlace {
  readonly layout: {
    readonly rows: readonly JustifiedRow[];
    readonly aspectOf: (index: number) => number;
    readonly width: number;
    readonly gap: number;
  };
  readonly index: number;
  readonly count: number;
  readonly pageHeight: number;
}

/** The item the key leads to, within the list; null when the key is no move. */
export function moveTarget(key: GridMove, { layout, index, count, pageHeight }: GridPlace): number | null {
  const clamp = (target: number): number => Math.min(count - 1, Math.max(0, target));
  switch (key) {
    case "ArrowLeft":
      return clamp(index - 1);
    case "ArrowRight":
      return clamp(index + 1);
    case "ArrowUp":
      return verticalNeighbour(layout.rows, layout, { index, step: -1 });
    case "ArrowDown":
      return verticalNeighbour(layout.rows, layout, { index, step: 1 });
    case "Home":
      return 0;
    case "End":
      return clamp(count - 1);
    case "PageUp":
    case "PageDown": {
      const row = layout.rows[rowOfItem(layout.rows, index)];
      const target = layout.rows[rowAt(layout.rows, (row?.top ?? 0) + (key === "PageDown" ? pageHeight : -pageHeight))];
      return clamp(target?.start ?? index);
    }
    default:
      return null;
  }
}
