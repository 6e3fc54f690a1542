/** @file The 40 px row of controls above a work area, and the text field that goes into it. */
import type { LucideIcon } from "lucide-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export interface ToolbarProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A bar that never wraps; what does not fit is left out by its owner. */
export function Toolbar({ label, children, className }: ToolbarProps): ReactNode {
  return (
    <div
      role="group"
      aria-label={label}
      className={cn("flex h-10 min-w-0 shrink-0 items-center gap-2 border-b border-line bg-panel px-3 whitespace-nowrap", className)}
    >
      {children}
    </div>
  );
}

export interface TextFieldProps extends Omit<ComponentPropsWithRef<"input">, "className" | "onChange" | "value"> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon?: LucideIcon;
  readonly className?: string;
}

/** A one-line input with an optional icon; the label is spoken, the placeholder shown. */
export function TextField({ label, value, onChange, icon, className, ...rest }: TextFieldProps): ReactNode {
  return (
    <span
      className={cn(
        "flex h-7 items-center gap-1.5 rounded-md border border-control-line bg-well px-2 text-fg-3 focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-focus",
        className,
      )}
    >
      {icon && <Icon icon={icon} size={14} />}
      <input
        {...rest}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 border-0 bg-transparent text-fg-1 outline-none select-text placeholder:text-fg-3"
      />
    </span>
  );
}
