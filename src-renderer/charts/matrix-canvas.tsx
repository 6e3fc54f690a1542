/** @file The cells of a matrix as pixels: one a cell, painted once; zooming and hovering only move the painted picture. */
import { memo, type ReactNode, useLayoutEffect, useRef } from "react";
import type { MatrixWindow } from "./matrix-window";
import { type RampTable, type ValueRange, paintValues } from "./scales";

export interface MatrixPixelsProps {
  /** [count * count], row by row; NaN where there is no value, which stays empty. */
  readonly values: Float32Array;
  readonly count: number;
  readonly range: ValueRange;
  readonly table: RampTable;
}

export interface MatrixCanvasProps extends MatrixPixelsProps {
  readonly window: MatrixWindow;
}

/** Fills its box, which cuts off what lies outside of the window. */
export const MatrixCanvas = memo(function MatrixCanvas({ values, count, range, table, window }: MatrixCanvasProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const pixels = context.createImageData(count, count);
    paintValues(values, range, table, pixels.data);
    for (const [index, value] of values.entries()) if (Number.isNaN(value)) pixels.data[index * 4 + 3] = 0;
    context.putImageData(pixels, 0, 0);
  }, [values, count, range, table]);
  const percent = (cells: number): string => `${(100 * cells) / window.size}%`;
  return (
    <canvas
      ref={canvas}
      width={count}
      height={count}
      aria-hidden
      className="pointer-events-none absolute block max-w-none"
      style={{
        width: percent(count),
        height: percent(count),
        left: percent(-window.left),
        top: percent(-window.top),
        imageRendering: window.size > smoothFrom ? "auto" : "pixelated",
      }}
    />
  );
});

/** From this many cells in a row on, one is smaller than a pixel of the panel. */
const smoothFrom = 400;
