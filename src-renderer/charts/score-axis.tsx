/** @file The numbers below a plot of scores. */
import type { ReactNode } from "react";
import { type ValueRange, positionIn, ticksOf } from "./scales";

export interface ScoreAxisProps {
  readonly range: ValueRange;
  /** Of the plot, in pixels. */
  readonly width: number;
  /** Base line of the numbers, in pixels from the top of the plot. */
  readonly y: number;
}

/** Text of an SVG: about one number every 70 pixels, inside the plot also at its edges. */
export function ScoreAxis({ range, width, y }: ScoreAxisProps): ReactNode {
  const ticks = ticksOf(range, Math.max(2, Math.floor(width / 70)));
  const decimals = (ticks[1] ?? 1) - (ticks[0] ?? 0) < 0.095 ? 2 : 1;
  return ticks.map((tick) => {
    const x = positionIn(tick, range) * width;
    const anchor = x < 10 ? "start" : x > width - 10 ? "end" : "middle";
    return (
      <text key={tick} x={x} y={y} textAnchor={anchor} className="fill-fg-3 text-2xs">
        {tick.toFixed(decimals)}
      </text>
    );
  });
}
