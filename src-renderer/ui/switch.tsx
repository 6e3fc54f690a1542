/** @file On or off, at once. */
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import type { ReactNode } from "react";

export interface SwitchProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
}

/** A switch without visible text; put its label beside it. */
export function Switch({ label, isOn, onChange, isDisabled = false }: SwitchProps): ReactNode {
  return (
    <BaseSwitch.Root
      aria-label={label}
      checked={isOn}
      disabled={isDisabled}
      onCheckedChange={onChange}
      className="relative h-4 w-7 shrink-0 rounded-full border border-control-line bg-control-hover p-0 before:absolute before:-inset-1.25 before:content-[''] data-checked:border-accent data-checked:bg-accent data-disabled:opacity-50"
    >
      <BaseSwitch.Thumb className="absolute top-0.5 left-0.5 size-2.5 rounded-full bg-fg-2 transition-transform duration-(--dur-1) data-checked:translate-x-3 data-checked:bg-on-accent" />
    </BaseSwitch.Root>
  );
}
