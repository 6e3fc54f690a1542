/** @file The Library: folders at the left, pictures in the middle, details at the right. */
import { useQuery } from "@tanstack/react-query";
import { FolderPlus, Grid2x2, Image } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { withCondition } from "../../../lib/filter-chips";
import { formatCount } from "../../../lib/format";
import { thumbnailSizeRange, usePreferences } from "../../../lib/preferences";
import { useSelection } from "../../../lib/selection";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";
import { PanelLayout } from "../../../ui/panel-layout";
import { Section } from "../../../ui/section";
import { Slider } from "../../../ui/slider";
import { StatusContent } from "../../../ui/status-slot";
import type { LibrarySearch } from "../library-search";
import type { FacetFilter } from "../use-facets";
import { useAssetPages, useChooseFolders, useCompare } from "../use-library";
import { AnnotationActions } from "./annotation-actions";
import { DetailPanel } from "./detail-panel";
import { DropZone } from "./drop-zone";
import { FacetPanel } from "./facet-panel";
import { FolderTree } from "./folder-tree";
import { ImageActions } from "./image-actions";
import { ImageGrid } from "./image-grid";
import { LibraryEmpty } from "./library-empty";
import { LibraryToolbar } from "./library-toolbar";
import { PartialNote } from "./partial-note";
import { Preview } from "./preview";
import { QueryTray } from "./query-tray";

export interface LibraryViewProps {
  readonly search: LibrarySearch;
  /** Writes into the address. */
  readonly onSearch: (change: LibrarySearch) => void;
  /** Opens the review of duplicates among what is shown. */
  readonly onReview: () => void;
}

/** The workspace under `#/library`. */
export function LibraryView({ search, onSearch, onReview }: LibraryViewProps): ReactNode {
  const { t } = useTranslation();
  useExistingFolder({ search, onSearch });
  const onFilter = (condition: string): void => onSearch({ where: withCondition(search.where ?? null, condition) });
  return (
    <PanelLayout
      workspace="library"
      mainLabel={t("library.title")}
      left={{ label: t("library.foldersAndFilters"), content: <Folders search={search} onSearch={onSearch} /> }}
      right={{ label: t("library.details"), content: <DetailPanel onFilter={onFilter} /> }}
    >
      <Pictures search={search} onSearch={onSearch} onReview={onReview} />
      <DropZone />
      <ImageActions />
      <AnnotationActions />
      <LibraryStatus />
    </PanelLayout>
  );
}

/** A folder that left the library, or an old address, leads to all images. */
function useExistingFolder({ search, onSearch }: Omit<LibraryViewProps, "onReview">): void {
  const { api } = useEngine();
  const { data: roots } = useQuery(api.roots.list.queryOptions());
  const { folder } = search;
  const isGone = folder !== undefined && roots !== undefined && !roots.some(({ path }) => folder.startsWith(path));
  useEffect(() => {
    if (isGone) onSearch({ folder: undefined });
  }, [isGone, onSearch]);
}

function Folders({ search, onSearch }: Omit<LibraryViewProps, "onReview">): ReactNode {
  const { t } = useTranslation();
  const chooseFolders = useChooseFolders();
  return (
    <div className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto">
      <Section
        title={t("library.folders")}
        isCollapsible
        aside={<IconButton icon={FolderPlus} label={t("library.addFolder")} shortcut="Ctrl O" onClick={() => chooseFolders()} />}
      >
        <FolderTree folder={search.folder ?? null} onChoose={(folder) => onSearch({ folder: folder ?? undefined })} />
      </Section>
      <FacetPanel filter={facetFilterOf(search)} onWhere={(where) => onSearch({ where: where ?? undefined })} />
    </div>
  );
}

function facetFilterOf({ folder, text, where }: LibrarySearch): FacetFilter {
  return { folder: folder ?? null, text: text === undefined || text === "" ? null : text, where: where ?? null };
}

function Pictures({ search, onSearch, onReview }: LibraryViewProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { folder, text = "", sort = "newest" } = search;
  const filter = facetFilterOf(search);
  const pages = useAssetPages({ ...filter, sort });
  const { data: folders } = useQuery(api.roots.folders.queryOptions());
  const { data: status } = useQuery(api.system.status.queryOptions());
  const thumbnailSize = usePreferences((state) => state.thumbnailSize);
  const [previewed, setPreviewed] = useState<number | null>(null);
  const compare = useCompare();
  const list = JSON.stringify([filter, sort]);
  const known = folders?.find(({ path }) => path === folder);
  const { data: roots } = useQuery(api.roots.list.queryOptions());
  const isSample = roots?.some((root) => root.isSample && root.path === folder) ?? false;
  const title = folder === undefined ? t("library.allImages") : isSample ? t("library.sampleLibrary") : (known?.name ?? folder);
  const onText = useCallback((next: string) => onSearch({ text: next === "" ? undefined : next }), [onSearch]);
  const onWhere = useCallback((next: string | null) => onSearch({ where: next ?? undefined }), [onSearch]);
  const openCompare = (): void => compare([...useSelection.getState().ids]);
  const closePreview = (): void => {
    const index = previewed;
    setPreviewed(null);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[role="gridcell"][data-index="${index}"]`)?.focus());
  };
  return (
    <>
      <LibraryToolbar
        title={title}
        count={pages.total}
        total={folder === undefined ? (status?.assetCount ?? null) : (known?.count ?? null)}
        text={text}
        onText={onText}
        where={filter.where}
        onWhere={onWhere}
        sort={sort}
        onSort={(next) => onSearch({ sort: next })}
        onReview={onReview}
      />
      {pages.error !== null && pages.total === null ? (
        <div className="flex-1 p-8">
          <ErrorCard error={appErrorOf(pages.error)} onRetry={() => pages.refresh()} />
        </div>
      ) : pages.total === 0 ? (
        <div className="min-h-0 flex-1">
          <LibraryEmpty
            folderName={title}
            text={text}
            where={filter.where}
            onClear={() => onSearch({ text: undefined, where: undefined })}
          />
        </div>
      ) : (
        <ImageGrid key={list} list={list} pages={pages} thumbnailSize={thumbnailSize} onPreview={setPreviewed} onCompare={openCompare} />
      )}
      <PartialNote />
      {status !== undefined && status.assetCount > 0 && <QueryTray />}
      {previewed !== null && <Preview pages={pages} index={previewed} onMove={setPreviewed} onClose={closePreview} />}
    </>
  );
}

function LibraryStatus(): ReactNode {
  const { t } = useTranslation();
  const count = useSelection((state) => state.ids.size);
  const size = usePreferences((state) => state.thumbnailSize);
  const setSize = usePreferences((state) => state.setThumbnailSize);
  return (
    <StatusContent>
      {count > 0 && (
        <>
          <span role="status">{t("library.selected", { count, formatted: formatCount(count) })}</span>
          <span aria-hidden className="h-3.5 w-px bg-line" />
        </>
      )}
      <span className="flex w-38 items-center gap-1 text-fg-3">
        <Icon icon={Grid2x2} size={14} />
        <Slider
          label={t("library.thumbnailSize")}
          value={size}
          min={thumbnailSizeRange.min}
          max={thumbnailSizeRange.max}
          step={2}
          onChange={setSize}
        />
        <Icon icon={Image} size={14} />
      </span>
    </StatusContent>
  );
}
