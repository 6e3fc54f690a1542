/** @file Yes, no or not available, one letter each: letters and fill carry the meaning, colour only repeats it. */
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

/** `value` null: no reading. It is drawn as a dash and never as a no. */
export interface Vote {
  readonly letter: string;
  readonly value: boolean | null;
}

export interface VoteDotsProps {
  readonly votes: readonly Vote[];
  /** All votes in words. */
  readonly label: string;
  readonly className?: string;
}

/** Filled = yes, ring = no, dash = not available. */
export function VoteDots({ votes, label, className }: VoteDotsProps): ReactNode {
  return (
    <span role="img" aria-label={label} title={label} className={cn("inline-flex shrink-0 gap-0.5", className)}>
      {votes.map(({ letter, value }) => (
        <span
          key={letter}
          className={cn(
            "grid size-3.5 place-items-center rounded-full text-[9px] leading-none font-bold",
            value === true && "bg-fg-2 text-canvas",
            value === false && "text-reject inset-ring inset-ring-reject",
            value === null && "text-fg-3 inset-ring inset-ring-line-strong",
          )}
        >
          {value === null ? "–" : letter}
        </span>
      ))}
    </span>
  );
}
