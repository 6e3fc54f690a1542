/** @file A list of commands that opens from a button or from the right mouse button. */
import { ContextMenu as BaseContextMenu } from "@base-ui/react/context-menu";
import { Menu as BaseMenu } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Icon } from "./icon";
import { Kbd } from "./kbd";

/** A command of a menu; `"separator"` draws a line. */
export type MenuEntry =
  | "separator"
  | {
      readonly id: string;
      readonly label: string;
      readonly icon?: LucideIcon;
      readonly shortcut?: string;
      readonly isDisabled?: boolean;
      /** Why it is disabled. */
      readonly reason?: string;
      readonly onSelect: () => void;
    };

const popupClass = "min-w-44 rounded-lg bg-overlay p-1 shadow-3 outline-none";
const itemClass =
  "flex h-7 items-center gap-2 rounded-md px-2 text-fg-1 outline-none data-disabled:text-fg-off data-highlighted:bg-select-fill";

export interface MenuProps {
  readonly trigger: ReactElement;
  readonly entries: readonly MenuEntry[];
  readonly align?: "start" | "end";
}

/** A menu below its trigger button. */
export function Menu({ trigger, entries, align = "end" }: MenuProps): ReactNode {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={4} className="z-(--z-pop)">
          <BaseMenu.Popup className={popupClass}>
            <MenuEntries entries={entries} />
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

export interface ContextMenuProps {
  readonly children: ReactElement;
  readonly entries: readonly MenuEntry[];
}

/** Opens the same kind of menu where the right mouse button was pressed on the child. */
export function ContextMenu({ children, entries }: ContextMenuProps): ReactNode {
  return (
    <BaseContextMenu.Root>
      <BaseContextMenu.Trigger render={children} />
      <BaseContextMenu.Portal>
        <BaseContextMenu.Positioner className="z-(--z-pop)">
          <BaseContextMenu.Popup className={popupClass}>
            <MenuEntries entries={entries} />
          </BaseContextMenu.Popup>
        </BaseContextMenu.Positioner>
      </BaseContextMenu.Portal>
    </BaseContextMenu.Root>
  );
}

function MenuEntries({ entries }: { readonly entries: readonly MenuEntry[] }): ReactNode {
  return entries.map((entry, index) =>
    entry === "separator" ? (
      // Separators have no identity of their own.
      // oxlint-disable-next-line react/no-array-index-key
      <BaseMenu.Separator key={`separator-${index}`} className="my-1 h-px bg-line" />
    ) : (
      <BaseMenu.Item
        key={entry.id}
        disabled={entry.isDisabled ?? false}
        title={entry.reason}
        onClick={entry.onSelect}
        className={itemClass}
      >
        {entry.icon ? <Icon icon={entry.icon} size={14} className="text-fg-3" /> : <span className="w-3.5" />}
        {entry.label}
        {entry.shortcut && <Kbd shortcut={entry.shortcut} className="ml-auto" />}
      </BaseMenu.Item>
    ),
  );
}
