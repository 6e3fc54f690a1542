/** @file A key or a chord of keys. */
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { shownShortcut } from "../lib/hotkeys";

export interface KbdProps {
  readonly shortcut: string;
  readonly className?: string;
}

/** Shows a shortcut as it is pressed on this system, e.g. "Ctrl K". */
export function Kbd({ shortcut, className }: KbdProps): ReactNode {
  return (
    <kbd
      className={cn(
        "inline-block min-w-5 rounded-sm border border-line bg-raised px-1.25 text-center font-sans text-2xs leading-[17px] whitespace-nowrap text-fg-2",
        className,
      )}
    >
      {shownShortcut(shortcut)}
    </kbd>
  );
}
