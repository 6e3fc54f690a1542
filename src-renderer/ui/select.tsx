/** @file One choice out of many, in a list that opens. */
import { Select as BaseSelect } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";

export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: string;
  readonly isDisabled?: boolean;
}

export interface SelectProps<Value extends string> {
  /** Spoken name; shown before the value when `isLabelShown`. */
  readonly label: string;
  readonly isLabelShown?: boolean;
  readonly options: readonly SelectOption<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly size?: "sm" | "md";
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** A select whose trigger shows the chosen option. */
export function Select<Value extends string>(props: SelectProps<Value>): ReactNode {
  const { label, isLabelShown = false, options, value, onChange, size = "sm", isDisabled = false, className } = props;
  return (
    <BaseSelect.Root
      items={options.map((option) => ({ value: option.value, label: option.label }))}
      value={value}
      disabled={isDisabled}
      modal={false}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <BaseSelect.Trigger
        aria-label={label}
        className={cn(
          "inline-flex min-w-0 shrink-0 items-center gap-1.5 rounded-md border-0 bg-control pr-1.5 pl-2 whitespace-nowrap hover:bg-control-hover data-disabled:text-fg-off",
          size === "sm" ? "h-6 text-2xs" : "h-7 text-xs",
          className,
        )}
      >
        {isLabelShown && <span className="text-fg-3">{label}</span>}
        <BaseSelect.Value className="truncate" />
        <BaseSelect.Icon className="ml-auto text-fg-3">
          <Icon icon={ChevronDown} size={12} />
        </BaseSelect.Icon>
      </BaseSelect.Trigger>
      <SelectList options={options} />
    </BaseSelect.Root>
  );
}

function SelectList<Value extends string>({ options }: { readonly options: readonly SelectOption<Value>[] }): ReactNode {
  return (
    <BaseSelect.Portal>
      <BaseSelect.Positioner alignItemWithTrigger={false} sideOffset={4} className="z-(--z-toast)">
        <BaseSelect.Popup className="max-h-(--available-height) min-w-(--anchor-width) overflow-auto rounded-lg bg-overlay p-1 shadow-3">
          {options.map((option) => (
            <BaseSelect.Item
              key={option.value}
              value={option.value}
              disabled={option.isDisabled ?? false}
              className="grid min-h-7 grid-cols-[16px_1fr] items-center gap-x-1.5 rounded-md py-0.5 pr-3 pl-1 outline-none data-disabled:text-fg-off data-highlighted:bg-select-fill"
            >
              <BaseSelect.ItemIndicator className="col-start-1">
                <Icon icon={Check} size={14} />
              </BaseSelect.ItemIndicator>
              <BaseSelect.ItemText className="col-start-2">{option.label}</BaseSelect.ItemText>
              {option.description && <span className="col-start-2 text-2xs text-fg-3">{option.description}</span>}
            </BaseSelect.Item>
          ))}
        </BaseSelect.Popup>
      </BaseSelect.Positioner>
    </BaseSelect.Portal>
  );
}
