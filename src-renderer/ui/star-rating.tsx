/** @file One to five stars; the star that is already the last one takes the rating away. */
import { Star } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

const stars = [1, 2, 3, 4, 5] as const;

export interface StarRatingProps {
  readonly label: string;
  /** What one star of the row means, for who hears it. */
  readonly starLabel: (count: number) => string;
  readonly rating: number | null;
  readonly isDisabled?: boolean;
  readonly onChange: (rating: number | null) => void;
}

/** A row of buttons. */
export function StarRating({ label, starLabel, rating, isDisabled = false, onChange }: StarRatingProps): ReactNode {
  return (
    <span role="group" aria-label={label} className="-ml-1 flex">
      {stars.map((count) => {
        const isLit = rating !== null && count <= rating;
        return (
          <button
            key={count}
            type="button"
            aria-label={starLabel(count)}
            aria-pressed={rating === count}
            disabled={isDisabled}
            onClick={() => onChange(rating === count ? null : count)}
            className={cn(
              "grid size-6 place-items-center rounded-sm border-0 bg-transparent hover:text-fg-1 disabled:text-fg-off",
              isLit ? "text-fg-1 [&_svg]:fill-current" : "text-fg-3",
            )}
          >
            <Icon icon={Star} size={14} />
          </button>
        );
      })}
    </span>
  );
}
