/** @file Values on a grid as colours. One pixel a value; the browser scales it, smoothly or in blocks. */
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { cn } from "../lib/class-names";
import { type RampTable, type ValueRange, paintValues } from "./scales";

export interface HeatmapCanvasProps {
  /** [rows * columns], row by row. */
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  readonly range: ValueRange;
  readonly table: RampTable;
  /** 0..1. */
  readonly opacity: number;
  readonly isSmooth?: boolean;
  /** What the map shows, in words; the same facts are in a table elsewhere. */
  readonly label: string;
  readonly className?: string;
}

/** Fills its box. Painting 4,096 values takes well under a frame, so hovering repaints directly. */
export function HeatmapCanvas(props: HeatmapCanvasProps): ReactNode {
  const { values, rows, columns, range, table, opacity, isSmooth = true, label, className } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const pixels = context.createImageData(columns, rows);
    paintValues(values, range, table, pixels.data);
    context.putImageData(pixels, 0, 0);
  }, [values, rows, columns, range, table]);
  return (
    <canvas
      ref={canvas}
      width={columns}
      height={rows}
      role="img"
      aria-label={label}
      className={cn("pointer-events-none absolute inset-0 block size-full", className)}
      style={{ opacity, imageRendering: isSmooth ? "auto" : "pixelated" }}
    />
  );
}
