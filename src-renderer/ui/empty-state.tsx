/** @file What a place says when there is nothing in it: one sentence and one thing to do. */
import type { ReactNode } from "react";

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons; the first is the one thing to do. */
  readonly actions?: ReactNode;
}

/** Centred in the space it is given. */
export function EmptyState({ title, children, actions }: EmptyStateProps): ReactNode {
  return (
    <div className="grid h-full place-items-center p-6 text-center text-fg-2">
      <div className="max-w-100">
        <h2 className="text-sm font-semibold text-fg-1">{title}</h2>
        {children && <div className="mt-1.5 text-balance">{children}</div>}
        {/* On the bare canvas a plain button of the light theme has the canvas's own grey, so buttons take the next one. */}
        {actions && <div className="mt-3.5 flex justify-center gap-2 [--control:var(--control-hover)]">{actions}</div>}
      </div>
    </div>
  );
}
