/** @file A number that can be typed and stepped with the arrow keys. */
import { NumberField as BaseNumberField } from "@base-ui/react/number-field";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
  /** Decimals shown. */
  readonly decimals?: number;
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** A small numeric input; arrow keys step, Shift steps ten times as far. */
export function NumberField({
  label,
  value,
  min,
  max,
  step,
  onChange,
  decimals = 0,
  isDisabled = false,
  className,
}: NumberFieldProps): ReactNode {
  return (
    <BaseNumberField.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={isDisabled}
      largeStep={step * 10}
      locale="en"
      format={{ minimumFractionDigits: decimals, maximumFractionDigits: decimals }}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <BaseNumberField.Group>
        <BaseNumberField.Input
          aria-label={label}
          className={cn(
            "h-6 w-16 rounded-md border border-control-line bg-well px-2 text-xs text-fg-1 select-text data-disabled:text-fg-off",
            className,
          )}
        />
      </BaseNumberField.Group>
    </BaseNumberField.Root>
  );
}
