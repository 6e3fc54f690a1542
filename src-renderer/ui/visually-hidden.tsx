/** @file Words for screen readers only. */
import type { ReactNode } from "react";

export interface VisuallyHiddenProps {
  readonly children: ReactNode;
  /** Spoken when it changes. */
  readonly isLive?: boolean;
}

/** Present for assistive technology, not drawn. */
export function VisuallyHidden({ children, isLive = false }: VisuallyHiddenProps): ReactNode {
  return (
    <span className="sr-only" {...(isLive ? { "aria-live": "polite" as const, role: "status" } : {})}>
      {children}
    </span>
  );
}
