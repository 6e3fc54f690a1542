/** @file A box that is ticked or not, drawn beside what it stands for. */
import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export interface CheckboxRowProps {
  readonly label: string;
  /** At the right end, e.g. a count. */
  readonly aside?: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  /** Nothing would be found; it can be ticked all the same. */
  readonly isFaint?: boolean;
}

/** A row of a list with its box; the whole row is the target. */
export function CheckboxRow({ label, aside, isChecked, onChange, isFaint = false }: CheckboxRowProps): ReactNode {
  return (
    <label
      className={cn(
        "-mx-1.5 flex h-6 items-center gap-1.5 rounded-sm px-1.5 text-fg-2 hover:bg-hover-fill hover:text-fg-1",
        isChecked && "text-fg-1",
        isFaint && !isChecked && "text-fg-3",
      )}
    >
      <BaseCheckbox.Root
        checked={isChecked}
        onCheckedChange={onChange}
        className="grid size-3.5 shrink-0 place-items-center rounded-sm border border-control-line data-checked:border-accent data-checked:bg-accent data-checked:text-on-accent"
      >
        <BaseCheckbox.Indicator className="grid">
          <Icon icon={Check} size={12} />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className="truncate" title={label}>
        {label}
      </span>
      {aside !== undefined && <span className="ml-auto pl-1 text-2xs text-fg-3 tabular-nums">{aside}</span>}
    </label>
  );
}
