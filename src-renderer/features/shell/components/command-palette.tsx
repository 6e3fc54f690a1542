/** @file Every command that can run now, and every folder, by typing a few letters. */
import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Folder, Search } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Action, actionGroups, listActions, useActionSets } from "../../../lib/actions";
import { useEngine } from "../../../lib/engine";
import { useSelection } from "../../../lib/selection";
import { Icon } from "../../../ui/icon";
import { Kbd } from "../../../ui/kbd";
import { VisuallyHidden } from "../../../ui/visually-hidden";
import { rankByLabel } from "../palette-filter";
import { closeWindow, openWindow, useShellState } from "../shell-state";
import { PaletteList, type PaletteItem, type PaletteSection } from "./palette-list";

const shownFolders = 8;

/** The palette of Ctrl K. */
export function CommandPalette(): ReactNode {
  const { t } = useTranslation();
  const isOpen = useShellState((state) => state.open === "palette");
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && closeWindow()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-(--z-dialog) bg-scrim" />
        <Dialog.Popup
          initialFocus={input}
          className="fixed top-24 left-1/2 z-(--z-dialog) flex max-h-[calc(100vh-160px)] w-160 max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-lg bg-overlay shadow-3 outline-none"
        >
          <Dialog.Title className="sr-only">{t("palette.title")}</Dialog.Title>
          <PaletteBody input={input} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({ input }: { readonly input: React.RefObject<HTMLInputElement | null> }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const selectedCount = useSelection((state) => state.ids.size);
  const sections = usePaletteSections(text);
  const items = sections.flatMap((section) => section.items).filter(({ isEnabled }) => isEnabled);
  const active = items[Math.min(index, items.length - 1)];
  const listId = useId();
  const run = (item: PaletteItem): void => {
    closeWindow();
    item.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) setIndex((Math.min(index, items.length - 1) + step + items.length) % items.length);
    else if (event.key === "Enter" && active) run(active);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
        <Icon icon={Search} className="text-fg-3" />
        <input
          ref={input}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={active && `${listId}-${active.id}`}
          aria-label={t("palette.placeholder")}
          placeholder={t("palette.placeholder")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setIndex(0);
          }}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 border-0 bg-transparent text-md text-fg-1 outline-none select-text placeholder:text-fg-3"
        />
        {selectedCount > 0 && <span className="text-2xs text-fg-2">{t("palette.selected", { count: selectedCount })}</span>}
      </div>
      <PaletteList id={listId} sections={sections} activeId={active?.id ?? null} onRun={run} />
      {sections.length === 0 && <p className="px-4 py-3 text-fg-2">{t("palette.nothing", { text })}</p>}
      <VisuallyHidden isLive>{items.length === 0 ? t("palette.nothing", { text }) : ""}</VisuallyHidden>
      <PaletteFooter />
    </>
  );
}

function PaletteFooter(): ReactNode {
  const { t } = useTranslation();
  return (
    <footer className="flex h-9 shrink-0 items-center gap-2 border-t border-line px-4 text-2xs text-fg-2">
      <Kbd shortcut="↑" />
      <Kbd shortcut="↓" />
      {t("palette.choose")}
      <Kbd shortcut="Enter" className="ml-2" />
      {t("palette.run")}
      <button
        type="button"
        onClick={() => openWindow("shortcuts")}
        className="ml-auto flex h-6 items-center gap-2 rounded-sm border-0 bg-transparent text-fg-2 hover:text-fg-1"
      >
        <Kbd shortcut="?" />
        {t("palette.allShortcuts")}
      </button>
    </footer>
  );
}

/** Enabled actions by group, then folders, then what cannot run now with the reason. */
function usePaletteSections(text: string): readonly PaletteSection[] {
  const { t } = useTranslation();
  const sets = useActionSets();
  const folders = useFolderItems(text);
  return useMemo(() => {
    const actions = rankByLabel(
      listActions(sets).filter(({ isHidden }) => !isHidden),
      text,
    );
    const enabled = actions.filter((action) => action.enabled !== false);
    const unavailable = actions.filter((action) => action.enabled === false && action.unavailable !== undefined);
    const sections = actionGroups.map<PaletteSection>((group) => ({
      title: t(`palette.group.${group}`),
      items: [...enabled.filter((action) => action.group === group).map(toItem), ...(group === "go" ? folders : [])],
    }));
    return [...sections, { title: t("palette.unavailable"), items: unavailable.map(toItem) }].filter(({ items }) => items.length > 0);
  }, [sets, folders, text, t]);
}

function toItem(action: Action): PaletteItem {
  return {
    id: action.id,
    label: action.label,
    ...(action.icon ? { icon: action.icon } : {}),
    ...(action.shortcut ? { shortcut: action.shortcut } : {}),
    ...(action.enabled === false && action.unavailable ? { note: action.unavailable } : {}),
    isEnabled: action.enabled !== false,
    run: action.run,
  };
}

function useFolderItems(text: string): readonly PaletteItem[] {
  const { t } = useTranslation();
  const { api } = useEngine();
  const navigate = useNavigate();
  const { data: folders } = useQuery(api.roots.folders.queryOptions());
  return useMemo(() => {
    if (text.trim() === "" || !folders) return [];
    return rankByLabel(
      folders.map((folder) => ({ ...folder, label: folder.name })),
      text,
    )
      .slice(0, shownFolders)
      .map((folder) => ({
        id: `folder:${folder.path}`,
        label: folder.name,
        icon: Folder,
        note: t("palette.folder"),
        isEnabled: true,
        run: () => void navigate({ to: "/library", search: { folder: folder.path } }),
      }));
  }, [folders, text, navigate, t]);
}
