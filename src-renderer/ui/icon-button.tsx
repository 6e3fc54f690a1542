/** @file A square button that is only an icon: always named, always with a tooltip that shows its shortcut. */
import type { LucideIcon } from "lucide-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "../lib/class-names";
import { buttonClass, type ButtonVariant } from "./button";
import { Icon } from "./icon";
import { Tooltip } from "./tooltip";

export interface IconButtonProps extends Omit<ComponentPropsWithRef<"button">, "className"> {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly size?: "sm" | "md";
  readonly variant?: ButtonVariant;
  readonly isPressed?: boolean;
  readonly className?: string;
}

/** A named icon with a tooltip. */
export function IconButton({
  icon,
  label,
  shortcut,
  size = "sm",
  variant = "ghost",
  isPressed,
  className,
  ...rest
}: IconButtonProps): ReactNode {
  return (
    <Tooltip label={label} {...(shortcut === undefined ? {} : { shortcut })}>
      <button
        type="button"
        aria-label={label}
        {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
        {...rest}
        className={cn(buttonClass(variant, size, isPressed), size === "sm" ? "w-6 px-0" : "w-7 px-0", className)}
      >
        <Icon icon={icon} size={size === "sm" ? 14 : 16} />
      </button>
    </Tooltip>
  );
}
