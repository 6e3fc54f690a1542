/** @file A small panel that belongs to a button. */
import { Popover as BasePopover } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface PopoverProps {
  readonly trigger: ReactElement;
  readonly title: string;
  readonly children: ReactNode;
  readonly side?: "top" | "bottom";
  readonly align?: "start" | "center" | "end";
  readonly className?: string;
}

/** A non-modal panel with a title, closed by Escape or a click elsewhere. */
export function Popover({ trigger, title, children, side = "bottom", align = "end", className }: PopoverProps): ReactNode {
  return (
    <BasePopover.Root>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner side={side} align={align} sideOffset={6} className="z-(--z-pop)">
          <BasePopover.Popup className={cn("w-72 rounded-lg bg-overlay p-3 shadow-3 outline-none", className)}>
            <BasePopover.Title className="mb-1 text-sm font-semibold">{title}</BasePopover.Title>
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}
