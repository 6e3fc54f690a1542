/** @file The sections of the command palette as one list box. */
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../../../lib/class-names";
import { Icon } from "../../../ui/icon";
import { Kbd } from "../../../ui/kbd";

/** `note` is what stands at the right end: what kind of thing it is, or why it cannot run now. */
export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly shortcut?: string;
  readonly note?: string;
  readonly isEnabled: boolean;
  readonly run: () => void;
}

export interface PaletteSection {
  readonly title: string;
  readonly items: readonly PaletteItem[];
}

export interface PaletteListProps {
  readonly id: string;
  readonly sections: readonly PaletteSection[];
  readonly activeId: string | null;
  readonly onRun: (item: PaletteItem) => void;
}

/** Focus stays in the text field; the active option is announced from there. */
export function PaletteList({ id, sections, activeId, onRun }: PaletteListProps): ReactNode {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (activeId !== null) document.getElementById(`${id}-${activeId}`)?.scrollIntoView({ block: "nearest" });
  }, [id, activeId]);
  return (
    <div ref={list} id={id} role="listbox" tabIndex={-1} aria-label={t("palette.results")} className="min-h-0 flex-1 overflow-auto py-1">
      {sections.map((section) => (
        <div key={section.title} role="group" aria-label={section.title}>
          <div aria-hidden className="px-4 pt-2 pb-1 text-2xs text-fg-2">
            {section.title}
          </div>
          {section.items.map((item) => (
            <PaletteOption
              key={item.id}
              id={`${id}-${item.id}`}
              item={item}
              isActive={item.isEnabled && item.id === activeId}
              onRun={onRun}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface PaletteOptionProps {
  readonly id: string;
  readonly item: PaletteItem;
  readonly isActive: boolean;
  readonly onRun: (item: PaletteItem) => void;
}

function PaletteOption({ id, item, isActive, onRun }: PaletteOptionProps): ReactNode {
  return (
    // The keyboard reaches options from the text field through aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-disabled={!item.isEnabled}
      onClick={() => item.isEnabled && onRun(item)}
      className={cn(
        "flex h-8.5 items-center gap-3 border-l-2 border-transparent px-3.5 text-sm",
        isActive && "border-fg-1 bg-select-fill",
        item.isEnabled ? "hover:bg-hover-fill" : "text-fg-3",
      )}
    >
      {item.icon ? <Icon icon={item.icon} className="text-fg-3" /> : <span className="w-4" />}
      <span className="truncate">{item.label}</span>
      <span className="ml-auto text-xs text-fg-2">{item.note}</span>
      {item.shortcut && <Kbd shortcut={item.shortcut} />}
    </div>
  );
}
