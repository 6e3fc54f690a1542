/** @file How far something is: a bar or a ring. Progress steps, it does not pulse. */
import { Progress } from "@base-ui/react/progress";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface ProgressProps {
  readonly label: string;
  /** 0 to 1; null when the end is not known yet. */
  readonly value: number | null;
  readonly className?: string;
}

/** A thin bar. */
export function ProgressBar({ label, value, className }: ProgressProps): ReactNode {
  return (
    <Progress.Root aria-label={label} value={value === null ? null : value * 100} className={cn("w-24 shrink-0", className)}>
      <Progress.Track className="h-1 overflow-hidden rounded-full bg-control">
        <Progress.Indicator className="h-full bg-fg-2 data-indeterminate:w-1/4" />
      </Progress.Track>
    </Progress.Root>
  );
}

const radius = 6;
const circumference = 2 * Math.PI * radius;

/** A 16 px ring, for buttons and cards. */
export function ProgressRing({ label, value, className }: ProgressProps): ReactNode {
  const share = value ?? 0.25;
  return (
    <Progress.Root aria-label={label} value={value === null ? null : value * 100} className={cn("inline-flex size-4", className)}>
      <svg viewBox="0 0 16 16" aria-hidden className="size-4 -rotate-90" fill="none" strokeWidth="2">
        <circle cx="8" cy="8" r={radius} className="stroke-control-hover" />
        <circle
          cx="8"
          cy="8"
          r={radius}
          className="stroke-fg-2"
          strokeDasharray={circumference}
          strokeDashoffset={circumference * (1 - share)}
        />
      </svg>
    </Progress.Root>
  );
}
