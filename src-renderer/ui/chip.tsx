/** @file A small label, removable where it stands for something a person set. */
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export interface ChipProps {
  readonly children: ReactNode;
  /** Words before the value, dimmer, e.g. "Folder". */
  readonly prefix?: string;
  readonly onRemove?: () => void;
  readonly removeLabel?: string;
  readonly className?: string;
}

/** A chip; with `onRemove` it has a cross named `removeLabel`. */
export function Chip({ children, prefix, onRemove, removeLabel, className }: ChipProps): ReactNode {
  return (
    <span
      className={cn(
        "inline-flex h-6 shrink-0 items-center gap-1 rounded-sm bg-control px-2 text-2xs whitespace-nowrap",
        onRemove && "pr-0",
        className,
      )}
    >
      {prefix && <span className="text-fg-3">{prefix}</span>}
      {children}
      {onRemove && (
        <button
          type="button"
          aria-label={removeLabel}
          onClick={onRemove}
          className="grid size-6 place-items-center rounded-sm border-0 bg-transparent text-fg-2 hover:text-fg-1"
        >
          <Icon icon={X} size={12} />
        </button>
      )}
    </span>
  );
}
