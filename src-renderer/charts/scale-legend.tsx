/** @file What the colours of a map mean: the ramp, five values, and a sentence. */
import type { ReactNode } from "react";
import { type RampName, type ValueRange, legendValues } from "./scales";

export interface ScaleLegendProps {
  readonly ramp: RampName;
  readonly range: ValueRange;
  readonly format: (value: number) => string;
  /** What high and low values mean. */
  readonly children?: ReactNode;
}

/** A horizontal ramp with its values below. */
export function ScaleLegend({ ramp, range, format, children }: ScaleLegendProps): ReactNode {
  return (
    <div className="grid gap-1">
      <div className="h-2.5 rounded-xs" style={{ background: ramp === "sequential" ? "var(--heat-gradient)" : "var(--div-gradient)" }} />
      <div className="flex justify-between text-2xs text-fg-3">
        {["low", "quarter", "middle", "three-quarters", "high"].map((name, index) => (
          <span key={name}>{format(legendValues(range)[index] ?? 0)}</span>
        ))}
      </div>
      {children && <p className="m-0 text-2xs text-fg-3">{children}</p>}
    </div>
  );
}
