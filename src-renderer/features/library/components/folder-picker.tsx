/** @file Chooses a folder of this computer in the page, where the system's own dialog cannot be opened. */
import { useQuery, keepPreviousData } from "@tanstack/react-query";
import { CornerLeftUp, Folder, HardDrive } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";
import { TextField } from "../../../ui/toolbar";
import { closePicker, useSetupState } from "../setup-state";
import { useAddModels, useAddRoots } from "../use-library";
import { useRelocate } from "../use-root-place";

const titles = { root: "picker.title", model: "picker.titleModel", relocate: "picker.titleRelocate" } as const;

/** Open while a folder is to be chosen; adds it as a root, looks for models in it, or takes it for a root that was elsewhere. */
export function FolderPicker(): ReactNode {
  const { t } = useTranslation();
  const purpose = useSetupState((state) => state.picker);
  const addRoots = useAddRoots();
  const addModels = useAddModels();
  const relocate = useRelocate();
  if (!purpose) return null;
  const choose = (path: string): void => {
    closePicker();
    if (purpose.kind === "other") purpose.use(path);
    else if (purpose.kind === "relocate") relocate(purpose.root, path);
    else if (purpose.kind === "root") addRoots([path]);
    else addModels([path]);
  };
  return (
    <PickerDialog
      title={purpose.kind === "other" ? purpose.title : t(titles[purpose.kind])}
      chooseLabel={
        purpose.kind === "other" ? purpose.chooseLabel : t(purpose.kind === "relocate" ? "picker.chooseRelocate" : "picker.choose")
      }
      {...(purpose.note === undefined ? {} : { note: purpose.note })}
      onChoose={choose}
    />
  );
}

interface PickerDialogProps {
  readonly title: string;
  readonly chooseLabel: string;
  readonly note?: string;
  readonly onChoose: (path: string) => void;
}

function PickerDialog({ title, chooseLabel, note, onChoose }: PickerDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [path, setPath] = useState<string | null>(null);
  const { data: listing, error } = useQuery(
    api.folders.browse.queryOptions({ input: { path }, placeholderData: keepPreviousData, staleTime: 0 }),
  );
  return (
    <Dialog
      isOpen
      onClose={closePicker}
      title={title}
      closeLabel={t("ui.close")}
      className="h-[560px] w-[720px]"
      footer={
        <>
          <span className="text-fg-2" aria-live="polite">
            {listing && t("picker.images", { count: listing.imageCount, formatted: formatCount(listing.imageCount) })}
          </span>
          <Button className="ml-auto" onClick={closePicker}>
            {t("ui.cancel")}
          </Button>
          <Button variant="primary" disabled={!listing || error !== null} onClick={() => listing && onChoose(listing.path)}>
            {chooseLabel}
          </Button>
        </>
      }
    >
      <div className="grid h-full grid-cols-[184px_1fr]">
        <nav aria-label={t("picker.places")} className="overflow-auto border-r border-line p-2">
          {listing?.places.map((place) => (
            <button
              key={place.path}
              type="button"
              onClick={() => setPath(place.path)}
              className="flex h-7 w-full items-center gap-2 rounded-md border-0 bg-transparent px-2 text-left text-fg-2 hover:bg-hover-fill hover:text-fg-1"
            >
              <Icon icon={HardDrive} size={14} className="text-fg-3" />
              <span className="truncate">{place.name}</span>
            </button>
          ))}
        </nav>
        <div className="flex min-h-0 min-w-0 flex-col">
          {note && <p className="border-b border-line bg-raised px-3 py-2 text-fg-2">{note}</p>}
          <PathBar key={`path-${listing?.path}`} path={listing?.path ?? path ?? ""} parent={listing?.parent ?? null} onGo={setPath} />
          {error ? (
            <div className="p-3">
              <ErrorCard error={appErrorOf(error)} />
            </div>
          ) : (
            <FolderList key={`list-${listing?.path}`} entries={listing?.entries ?? null} parent={listing?.parent ?? null} onGo={setPath} />
          )}
        </div>
      </div>
    </Dialog>
  );
}

interface PathBarProps {
  readonly path: string;
  readonly parent: string | null;
  readonly onGo: (path: string) => void;
}

function PathBar({ path, parent, onGo }: PathBarProps): ReactNode {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(path);
  return (
    <form
      className="flex items-center gap-2 border-b border-line p-2"
      onSubmit={(event) => {
        event.preventDefault();
        onGo(typed);
      }}
    >
      <IconButton
        icon={CornerLeftUp}
        size="md"
        label={t("picker.up")}
        shortcut="Backspace"
        disabled={parent === null}
        onClick={() => parent !== null && onGo(parent)}
      />
      <TextField label={t("picker.path")} value={typed} onChange={setTyped} className="flex-1" spellCheck={false} />
    </form>
  );
}

interface FolderListProps {
  readonly entries: readonly { readonly name: string; readonly path: string }[] | null;
  readonly parent: string | null;
  readonly onGo: (path: string) => void;
}

function FolderList({ entries, parent, onGo }: FolderListProps): ReactNode {
  const { t } = useTranslation();
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const count = entries?.length ?? 0;
  const select = (next: number): void => {
    const target = Math.min(count - 1, Math.max(0, next));
    setIndex(target);
    list.current?.children[target]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const entry = entries?.[index];
    if (event.key === "ArrowDown") select(index + 1);
    else if (event.key === "ArrowUp") select(index - 1);
    else if (event.key === "Home") select(0);
    else if (event.key === "End") select(count - 1);
    else if (event.key === "Enter" && entry) onGo(entry.path);
    else if (event.key === "Backspace" && parent !== null) onGo(parent);
    else if (event.key.length === 1)
      select(entries?.findIndex(({ name }) => name.toLowerCase().startsWith(event.key.toLowerCase())) ?? index);
    else return;
    event.preventDefault();
  };
  // A folder was opened with the keyboard: the list that follows keeps it.
  useEffect(() => list.current?.focus(), []);
  if (count === 0) return <p className="p-3 text-fg-3">{entries && t("picker.noFolders")}</p>;
  return (
    <>
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={t("picker.folders")}
        aria-activedescendant={`folder-${index}`}
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-auto p-1 -outline-offset-2"
      >
        {entries?.map((entry, at) => (
          // The keyboard moves the list's own cursor.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={entry.path}
            id={`folder-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === index}
            onClick={() => setIndex(at)}
            onDoubleClick={() => onGo(entry.path)}
            className="flex h-7 items-center gap-2 rounded-md px-2 hover:bg-hover-fill aria-selected:bg-select-fill"
          >
            <Icon icon={Folder} size={14} className="text-fg-3" />
            <span className="truncate">{entry.name}</span>
          </div>
        ))}
      </div>
      <p className="border-t border-line px-3 py-1.5 text-2xs text-fg-3">{t("picker.keys")}</p>
    </>
  );
}
