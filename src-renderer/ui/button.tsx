/** @file Buttons: one primary a view, the rest plain or quiet. */
import { Button as BaseButton } from "@base-ui/react/button";
import type { LucideIcon } from "lucide-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export type ButtonVariant = "plain" | "primary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md" | "lg";

export interface ButtonProps extends Omit<ComponentPropsWithRef<"button">, "className"> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: LucideIcon | undefined;
  readonly isPressed?: boolean;
  readonly className?: string;
}

const variants: Readonly<Record<ButtonVariant, string>> = {
  plain: "bg-control text-fg-1 hover:bg-control-hover active:bg-control-press",
  primary: "bg-accent font-medium text-on-accent hover:bg-accent-hover",
  ghost: "bg-transparent text-fg-2 hover:bg-hover-fill hover:text-fg-1",
  danger: "bg-danger font-medium text-canvas hover:opacity-90",
};
const sizes: Readonly<Record<ButtonSize, string>> = { sm: "h-6 px-2 text-2xs", md: "h-7 px-2.5 text-xs", lg: "h-9 px-4 text-sm" };

/** The look of a button, for links and triggers that are drawn as one. */
export function buttonClass(variant: ButtonVariant = "plain", size: ButtonSize = "md", isPressed = false): string {
  return cn(
    "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border-0 whitespace-nowrap no-underline transition-colors duration-(--dur-1)",
    "disabled:bg-transparent disabled:text-fg-off disabled:inset-ring disabled:inset-ring-line data-disabled:bg-transparent data-disabled:text-fg-off",
    sizes[size],
    variants[variant],
    isPressed && "bg-control-press text-fg-1",
  );
}

/** A push button with an optional icon. `isPressed` makes it a toggle. */
export function Button({ variant = "plain", size = "md", icon, isPressed, className, children, ...rest }: ButtonProps): ReactNode {
  return (
    <BaseButton
      {...rest}
      {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
      className={cn(buttonClass(variant, size, isPressed), className)}
    >
      {icon && <Icon icon={icon} size={size === "lg" ? 16 : 14} />}
      {children}
    </BaseButton>
  );
}
