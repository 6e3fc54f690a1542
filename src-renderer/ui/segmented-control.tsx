/** @file One choice out of two to six, all visible. */
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";
import { Icon } from "./icon";
import { Tooltip } from "./tooltip";

/** With an icon the label is spoken and shown as a tooltip only. */
export interface SegmentedOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly isDisabled?: boolean;
}

export interface SegmentedControlProps<Value extends string> {
  readonly label: string;
  readonly options: readonly SegmentedOption<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly isFilling?: boolean;
}

/** A row of joined toggles of which exactly one is on. */
export function SegmentedControl<Value extends string>(props: SegmentedControlProps<Value>): ReactNode {
  const { label, options, value, onChange, isFilling = false } = props;
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className={cn("inline-flex shrink-0 gap-px rounded-md bg-well p-0.5", isFilling && "flex w-full")}
    >
      {options.map((option) => (
        <Segment key={option.value} option={option} isFilling={isFilling} />
      ))}
    </ToggleGroup>
  );
}

function Segment<Value extends string>({
  option,
  isFilling,
}: {
  readonly option: SegmentedOption<Value>;
  readonly isFilling: boolean;
}): ReactNode {
  const toggle = (
    <Toggle
      value={option.value}
      disabled={option.isDisabled ?? false}
      {...(option.icon ? { "aria-label": option.label } : {})}
      className={cn(
        "inline-flex h-6 items-center justify-center gap-1 rounded-sm border-0 bg-transparent px-2 whitespace-nowrap text-fg-2 hover:text-fg-1",
        "data-disabled:text-fg-off data-pressed:bg-seg-on data-pressed:font-medium data-pressed:text-fg-1 data-pressed:shadow-1",
        isFilling && "flex-1",
      )}
    >
      {option.icon ? <Icon icon={option.icon} size={14} /> : option.label}
    </Toggle>
  );
  return option.icon ? <Tooltip label={option.label}>{toggle}</Tooltip> : toggle;
}
