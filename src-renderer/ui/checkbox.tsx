/** @file A box to tick, with its label. */
import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "./icon";

export interface CheckboxProps {
  readonly label: ReactNode;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly isDisabled?: boolean;
}

/** A labelled checkbox; the label is part of the target. */
export function Checkbox({ label, isChecked, onChange, isDisabled = false }: CheckboxProps): ReactNode {
  return (
    <label className="flex min-h-6 items-center gap-1.5 text-fg-2 hover:text-fg-1 has-data-disabled:text-fg-off">
      <BaseCheckbox.Root
        checked={isChecked}
        disabled={isDisabled}
        onCheckedChange={onChange}
        className="grid size-3.5 shrink-0 place-items-center rounded-sm border border-control-line bg-transparent p-0 data-checked:border-accent data-checked:bg-accent data-checked:text-on-accent"
      >
        <BaseCheckbox.Indicator>
          <Icon icon={Check} size={12} />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {label}
    </label>
  );
}
