/** @file A value on a line. */
import { Slider as BaseSlider } from "@base-ui/react/slider";
import type { ReactNode } from "react";
import { cn } from "../lib/class-names";

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly onChange: (value: number) => void;
  /** Called once when the handle is let go. */
  readonly onCommit?: (value: number) => void;
  /** What a screen reader says instead of the bare number. */
  readonly valueText?: string;
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** A slider with one handle. */
export function Slider(props: SliderProps): ReactNode {
  const { label, value, min, max, step = 1, onChange, onCommit, valueText, isDisabled = false, className } = props;
  return (
    <BaseSlider.Root
      value={value}
      min={min}
      max={max}
      step={step}
      disabled={isDisabled}
      onValueChange={(next) => onChange(next)}
      {...(onCommit ? { onValueCommitted: (next: number) => onCommit(next) } : {})}
      className={cn("min-w-10 flex-1", className)}
    >
      <BaseSlider.Control className="flex h-6 w-full touch-none items-center px-1.5">
        <BaseSlider.Track className="h-[3px] w-full rounded-full bg-control-hover">
          <BaseSlider.Indicator className="rounded-full bg-fg-2" />
          <BaseSlider.Thumb
            aria-label={label}
            {...(valueText === undefined ? {} : { "aria-valuetext": valueText })}
            className="size-3 rounded-full bg-fg-1 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus data-disabled:bg-fg-off"
          />
        </BaseSlider.Track>
      </BaseSlider.Control>
    </BaseSlider.Root>
  );
}
