/** @file The folders of the library with their counts: a tree of one tab stop. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  ChevronDown,
  ChevronRight,
  Eye,
  EyeOff,
  Folder,
  FolderSearch,
  HardDrive,
  Images,
  RefreshCw,
  ShieldCheck,
  Timer,
  Trash2,
  TriangleAlert,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { WatchedRoot } from "#shared/domain/library";
import { appErrorOf } from "../../../lib/app-error-of";
import { cn } from "../../../lib/class-names";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { useIsReadOnly } from "../../../lib/read-only";
import { Button } from "../../../ui/button";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { ContextMenu, type MenuEntry } from "../../../ui/menu";
import { folderRows, type FolderRow } from "../folder-tree";
import { setFolderOpen, useOpenFolders } from "../open-folders";
import { askForPlace, askToRemove } from "../setup-state";
import { useRescan } from "../use-rescan";
import { useSetWatched } from "../use-root-place";

export interface FolderTreeProps {
  /** Path of the chosen folder; null is all images. */
  readonly folder: string | null;
  readonly onChoose: (folder: string | null) => void;
}

/** "All images", then each root with its folders. The context menu and Delete act on roots. */
export function FolderTree({ folder, onChoose }: FolderTreeProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const roots = useQuery(api.roots.list.queryOptions());
  const folders = useQuery(api.roots.folders.queryOptions());
  const { data: status } = useQuery(api.system.status.queryOptions());
  const isReadOnly = useIsReadOnly();
  const open = useOpenFolders((state) => state.open);
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => folderRows(roots.data ?? [], folders.data ?? [], open), [roots.data, folders.data, open]);
  const paths: readonly (string | null)[] = [null, ...rows.map((row) => row.path)];
  const error = roots.error ?? folders.error;
  if (error) return <ErrorCard error={appErrorOf(error)} onRetry={() => void Promise.all([roots.refetch(), folders.refetch()])} />;

  const focusAt = (index: number): void => {
    const target = Math.min(paths.length - 1, Math.max(0, index));
    tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[target]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const row = rows[index - 1];
    if (event.key === "ArrowDown") focusAt(index + 1);
    else if (event.key === "ArrowUp") focusAt(index - 1);
    else if (event.key === "Home") focusAt(0);
    else if (event.key === "End") focusAt(paths.length - 1);
    else if (event.key === "Enter" || event.key === " ") onChoose(paths[index] ?? null);
    else if (event.key === "ArrowRight" && row?.isOpen) focusAt(index + 1);
    else if (event.key === "ArrowRight" && row?.hasChildren) setFolderOpen(row.path, true);
    else if (event.key === "ArrowLeft" && row?.isOpen) setFolderOpen(row.path, false);
    else if (event.key === "ArrowLeft" && row) focusAt(1 + rows.findLastIndex((other, at) => at < index - 1 && other.depth < row.depth));
    else if (event.key === "Delete" && row?.depth === 0 && !isReadOnly) askToRemove(row.root);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const gone = (roots.data ?? []).filter((root) => !root.isAvailable);
  return (
    <>
      <div ref={tree} role="tree" aria-label={t("library.folders")}>
        <TreeItem
          name={t("library.allImages")}
          icon={Images}
          depth={0}
          count={status?.assetCount ?? null}
          isChosen={folder === null}
          isTabStop={folder === null || !paths.includes(folder)}
          onChoose={() => onChoose(null)}
          onKeyDown={(event) => onKeyDown(event, 0)}
        />
        {rows.map((row, at) => (
          <FolderItem
            key={row.path}
            row={row}
            isChosen={folder === row.path}
            onChoose={() => onChoose(row.path)}
            onToggle={() => setFolderOpen(row.path, !row.isOpen)}
            onKeyDown={(event) => onKeyDown(event, at + 1)}
          />
        ))}
      </div>
      {gone.map((root) => (
        <Button
          key={root.id}
          size="sm"
          icon={FolderSearch}
          disabled={isReadOnly}
          className="mt-1 max-w-full"
          onClick={() => askForPlace(root)}
        >
          <span className="truncate">{t("library.findRoot", { name: root.name })}</span>
        </Button>
      ))}
    </>
  );
}

interface FolderItemProps {
  readonly row: FolderRow;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function FolderItem({ row, isChosen, onChoose, onToggle, onKeyDown }: FolderItemProps): ReactNode {
  const { t } = useTranslation();
  const entries = useFolderEntries(row);
  const isGone = !row.root.isAvailable;
  const name = row.depth === 0 && row.root.isSample ? t("library.sampleLibrary") : row.name;
  const item = (
    <TreeItem
      name={row.depth === 0 && isGone ? t("library.notConnected", { name }) : name}
      title={isGone ? t("library.notConnectedNote") : row.path}
      icon={row.depth === 0 ? (isGone ? HardDrive : Folder) : null}
      depth={row.depth}
      count={row.count}
      isGone={isGone}
      sign={row.depth === 0 ? <WatchSign root={row.root} /> : null}
      isChosen={isChosen}
      isTabStop={isChosen}
      {...(row.hasChildren ? { isOpen: row.isOpen, onToggle } : {})}
      onChoose={onChoose}
      onKeyDown={onKeyDown}
    />
  );
  return <ContextMenu entries={entries}>{item}</ContextMenu>;
}

/** What can be done with a folder: checked, and a root also kept up. */
function useFolderEntries({ path, root, depth }: FolderRow): readonly MenuEntry[] {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ofRoot = useRootEntries(root);
  const check = {
    id: "check",
    label: t("library.checkFolder"),
    icon: ShieldCheck,
    onSelect: () => void navigate({ to: "/consistency", search: { in: path } }),
  };
  return depth === 0 ? [check, "separator", ...ofRoot] : [check];
}

/** What can be done with a root. */
function useRootEntries(root: WatchedRoot): readonly MenuEntry[] {
  const { t } = useTranslation();
  const rescan = useRescan();
  const setWatched = useSetWatched();
  const isReadOnly = useIsReadOnly();
  const entries = [
    { id: "rescan", label: t("library.rescan"), icon: RefreshCw, onSelect: rescan },
    {
      id: "watch",
      label: t(root.isWatched ? "library.watchOff" : "library.watchOn"),
      icon: root.isWatched ? EyeOff : Eye,
      onSelect: () => setWatched(root, !root.isWatched),
    },
    { id: "relocate", label: t("library.relocate"), icon: FolderSearch, onSelect: () => askForPlace(root) },
    "separator" as const,
    { id: "remove", label: t("library.removeRoot"), icon: Trash2, onSelect: () => askToRemove(root) },
  ];
  if (!isReadOnly) return entries;
  return entries.map((entry) => (entry === "separator" ? entry : { ...entry, isDisabled: true, reason: t("library.readOnly") }));
}

const watchIcons = { watching: Eye, polling: Timer, off: EyeOff, failed: TriangleAlert } as const;

/** How changes below a root are noticed, as a small sign with the sentence. */
function WatchSign({ root: { isAvailable, watch } }: { readonly root: WatchedRoot }): ReactNode {
  const { t } = useTranslation();
  if (!isAvailable) return null;
  const sentence = watch.note ?? t(watch.mode === "watching" ? "library.watching" : "library.notWatched");
  return (
    <span aria-hidden title={sentence} data-watch={watch.mode} className="grid shrink-0 place-items-center text-fg-3">
      <Icon icon={watchIcons[watch.mode]} size={12} className={watch.mode === "failed" ? "text-warn" : ""} />
    </span>
  );
}

interface TreeItemProps extends Omit<React.ComponentPropsWithRef<"div">, "title"> {
  readonly name: string;
  readonly title?: string;
  readonly icon: typeof Folder | null;
  readonly depth: number;
  readonly count: number | null;
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
  readonly isGone?: boolean;
  readonly isOpen?: boolean;
  /** Before the count. */
  readonly sign?: ReactNode;
  readonly onChoose: () => void;
  readonly onToggle?: () => void;
}

function TreeItem(props: TreeItemProps): ReactNode {
  const { name, title, icon, depth, count, isChosen, isTabStop, isGone = false, isOpen, sign, onChoose, onToggle, ...rest } = props;
  return (
    // The tree's rows answer keys through onKeyDown of `rest`.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      {...rest}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isChosen}
      {...(isOpen === undefined ? {} : { "aria-expanded": isOpen })}
      tabIndex={isTabStop ? 0 : -1}
      title={title}
      onClick={onChoose}
      style={{ paddingLeft: 6 + depth * 16 }}
      className={cn(
        "-mx-1.5 flex h-6 items-center gap-1.5 rounded-sm pr-1.5 text-fg-2 hover:bg-hover-fill hover:text-fg-1",
        isChosen && "bg-select-fill text-fg-1",
        isGone && "text-fg-3",
      )}
    >
      {icon && <Icon icon={icon} className="text-fg-3" />}
      <span className="truncate">{name}</span>
      {onToggle && (
        <span
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            onToggle();
          }}
          className="grid size-5 shrink-0 place-items-center rounded-sm text-fg-3 hover:bg-hover-fill hover:text-fg-1"
        >
          <Icon icon={isOpen ? ChevronDown : ChevronRight} size={12} />
        </span>
      )}
      <span className="ml-auto" />
      {sign}
      <span className="pl-1 text-2xs text-fg-3">{count === null ? "" : formatCount(count)}</span>
    </div>
  );
}
