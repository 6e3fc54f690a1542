/** @file How much of a room is taken. */
import { Meter as BaseMeter } from "@base-ui/react/meter";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** What is spoken, e.g. "1.2 GB of 20 GB". */
  readonly valueText: string;
  readonly className?: string;
}

/** A thin bar that stands still; full when `value` reaches or passes `max`. */
export function Meter({ label, value, max, valueText, className }: MeterProps): ReactNode {
  const share = max > 0 ? Math.min(1, value / max) : Number(value > 0);
  return (
    <BaseMeter.Root aria-label={label} value={100 * share} getAriaValueText={() => valueText} className={cn("w-full", className)}>
      <BaseMeter.Track className="h-1 overflow-hidden rounded-full bg-control">
        <BaseMeter.Indicator className="h-full bg-fg-2" />
      </BaseMeter.Track>
    </BaseMeter.Root>
  );
}
