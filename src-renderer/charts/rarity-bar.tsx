/** @file How rare a score is, as a bar: logarithmic, each quarter ten times rarer. */
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface RarityBarProps {
  /** 0..1, see `rarityFill`. */
  readonly fill: number;
  /** The rarity in words; spoken, and shown as a tooltip. */
  readonly label: string;
  /** A tick at this fill, e.g. where a metric starts to say yes. */
  readonly tick?: number;
  readonly isNegative?: boolean;
  readonly className?: string;
}

/** Lines between the quarters take the colour behind the bar, so they read as gaps. */
const quarterGaps = "repeating-linear-gradient(90deg, transparent 0 calc(25% - 1px), var(--bar-gap, var(--canvas)) calc(25% - 1px) 25%)";

/** A bar of four quarters. Never the only carrier of the number: the words are its name. */
export function RarityBar({ fill, label, tick, isNegative = false, className }: RarityBarProps): ReactNode {
  return (
    <span role="img" aria-label={label} title={label} className={cn("relative block h-1 min-w-6 flex-1 bg-control-hover", className)}>
      <span className={cn("absolute inset-y-0 left-0", isNegative ? "bg-reject" : "bg-fg-2")} style={{ width: `${fill * 100}%` }} />
      <span className="absolute inset-0" style={{ background: quarterGaps }} />
      {tick !== undefined && <span className="absolute -inset-y-0.5 z-1 w-0.5 bg-fg-1" style={{ left: `calc(${tick * 100}% - 1px)` }} />}
    </span>
  );
}
