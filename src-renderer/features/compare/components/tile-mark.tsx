/** @file The outline of a tile: orange where it is read, cyan where its best match lies; both in a dark casing. */
import type { ReactNode } from "react";
import type { FractionBox } from "../tile";

export interface TileMarkProps {
  readonly box: FractionBox;
  readonly kind: "read" | "best";
  /** Zoom of the picture: the outline keeps its thickness on screen. */
  readonly scale: number;
}

const percent = (share: number): string => `${share * 100}%`;

/** Lies over a picture that fills its positioned parent. */
export function TileMark({ box, kind, scale }: TileMarkProps): ReactNode {
  const color = kind === "read" ? "var(--mark-pin)" : "var(--mark-best)";
  const line = 2 / scale;
  const casing = 1 / scale;
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute"
      style={{
        left: percent(box.x),
        top: percent(box.y),
        width: percent(box.width),
        height: percent(box.height),
        boxShadow: `0 0 0 ${casing}px #000, 0 0 0 ${casing + line}px ${color}, 0 0 0 ${2 * casing + line}px #000`,
      }}
    />
  );
}
