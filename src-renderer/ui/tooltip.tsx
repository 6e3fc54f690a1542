/** @file A short name or sentence beside a control, with its shortcut. */
import { Tooltip as BaseTooltip } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd";

export interface TooltipProps {
  readonly label: ReactNode;
  readonly shortcut?: string;
  readonly side?: "top" | "bottom" | "left" | "right";
  readonly children: ReactElement;
}

/** Wraps one control; the tooltip appears on hover and keyboard focus. */
export function Tooltip({ label, shortcut, side = "bottom", children }: TooltipProps): ReactNode {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} className="z-(--z-toast)">
          <BaseTooltip.Popup className="flex max-w-72 items-center gap-2 rounded-md bg-overlay px-2 py-1 text-2xs text-fg-1 shadow-2">
            <span>{label}</span>
            {shortcut && <Kbd shortcut={shortcut} />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}

/** Shares the delay between tooltips: the second one opens at once. */
export function TooltipProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return <BaseTooltip.Provider delay={500}>{children}</BaseTooltip.Provider>;
}
