/** @file A box on a picture: a light line in a dark casing, visible on anything, with an optional number. */
import type { ReactNode } from "react";
import type { Crop } from "#shared/domain/search";
import { cn } from "../../../lib/class-names";

export interface BoxOutlineProps {
  readonly box: Crop;
  /** Same number, same thing, on both pictures. */
  readonly number?: number;
  /** Darkens what lies outside the box. */
  readonly isMasking?: boolean;
}

const percent = (share: number): string => `${share * 100}%`;

/** Lies over a picture that fills its positioned parent. */
export function BoxOutline({ box, number, isMasking = false }: BoxOutlineProps): ReactNode {
  // A number above a region at the top edge would be cut off, so it goes inside.
  const isAtTop = box.y < 0.12;
  return (
    <div
      aria-hidden
      className={cn(
        "pointer-events-none absolute border border-mark",
        isMasking
          ? "shadow-[0_0_0_1px_#000,0_0_0_2000px_var(--mask)]"
          : "border-[1.5px] shadow-[0_0_0_1px_#000,inset_0_0_0_1px_rgb(0_0_0/.55)]",
      )}
      style={{ left: percent(box.x), top: percent(box.y), width: percent(box.width), height: percent(box.height) }}
    >
      {number !== undefined && (
        <b
          className={cn(
            "absolute -left-px bg-black px-1 text-2xs leading-[15px] font-medium text-white",
            isAtTop ? "top-0 left-0" : "-top-[17px]",
          )}
        >
          {number}
        </b>
      )}
    </div>
  );
}
