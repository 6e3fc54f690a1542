/** @file Windows over the window: a dialog with content, and a question that must be answered. */
import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { cn } from "../lib/class-names";
import { Button } from "./button";
import { IconButton } from "./icon-button";

const backdropClass =
  "fixed inset-0 z-(--z-dialog) bg-scrim transition-opacity duration-(--dur-3) data-ending-style:opacity-0 data-starting-style:opacity-0";
const popupClass =
  "fixed left-1/2 z-(--z-dialog) flex max-h-[calc(100vh-96px)] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col rounded-lg bg-overlay shadow-3 outline-none transition-opacity duration-(--dur-3) data-ending-style:opacity-0 data-starting-style:opacity-0";

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Beside the title, dimmer. */
  readonly note?: ReactNode;
  readonly closeLabel: string;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly className?: string;
}

/** A modal dialog with a title bar, a scrolling body and an optional footer. Focus is kept in and given back. */
export function Dialog({ isOpen, onClose, title, note, closeLabel, children, footer, className }: DialogProps): ReactNode {
  // Focus starts on the dialog itself: on its close button it would open a tooltip, which takes the first Escape.
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Popup ref={popup} initialFocus={popup} className={cn(popupClass, "top-16 w-[560px]", className)}>
          <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4">
            <BaseDialog.Title className="text-sm font-semibold">{title}</BaseDialog.Title>
            {note && <span className="text-fg-3">{note}</span>}
            <BaseDialog.Close render={<IconButton icon={X} label={closeLabel} shortcut="Esc" className="ml-auto" />} />
          </header>
          <div className="min-h-0 flex-1 overflow-auto">{children}</div>
          {footer && <footer className="flex shrink-0 items-center gap-2 border-t border-line px-4 py-3">{footer}</footer>}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly isDestructive?: boolean;
}

/** A question with two answers; Escape is the cancelling one. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  const { isOpen, onClose, onConfirm, title, children, confirmLabel, cancelLabel, isDestructive = false } = props;
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        {/* Also over the dialog that asks. */}
        <AlertDialog.Backdrop forceRender className={backdropClass} />
        <AlertDialog.Popup className={cn(popupClass, "top-32 w-[440px] p-5")}>
          <AlertDialog.Title className="text-md font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="mt-2 text-sm text-fg-2">
            {children}
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close render={<Button>{cancelLabel}</Button>} />
            <Button variant={isDestructive ? "danger" : "primary"} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
