/** @file Joins class names; a later utility wins over an earlier one of the same kind. */
import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** The text sizes of tokens.css are sizes, not colours. */
const merge = extendTailwindMerge({
  extend: { classGroups: { "font-size": [{ text: ["2xs", "xs", "sm", "md", "lg", "xl"] }] } },
});

/** `cn("px-2", isWide && "px-4")` is `"px-4"` when `isWide`. */
export function cn(...classes: readonly ClassValue[]): string {
  return merge(clsx(classes));
}
