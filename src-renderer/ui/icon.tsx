/** @file Icons are lines of the text's colour; they never carry meaning alone. */
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface IconProps {
  readonly icon: LucideIcon;
  readonly size?: 12 | 14 | 16 | 20;
  readonly className?: string;
}

/** Draws an icon that assistive technology skips. */
export function Icon({ icon: Shape, size = 16, className }: IconProps): ReactNode {
  return <Shape aria-hidden size={size} absoluteStrokeWidth strokeWidth={1.3} className={cn("shrink-0", className)} />;
}
