/** @file What is known of the selected picture, and what can be done with it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Copy, FolderOpen, Layers, MoreHorizontal, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetDetail, AssetFile, AssetId } from "#shared/domain/asset";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatBytes, formatCount, formatDate } from "../../../lib/format";
import { useSelection } from "../../../lib/selection";
import { Artwork } from "../../../ui/artwork";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { IconButton } from "../../../ui/icon-button";
import { Menu } from "../../../ui/menu";
import { Facts, Section } from "../../../ui/section";
import { notify, notifyError } from "../../../ui/toast";
import { useCompare, useFindSimilar } from "../use-library";
import { DetailAnnotation } from "./detail-annotation";
import { DetailMetadata } from "./detail-metadata";

export interface DetailPanelProps {
  /** Asks the library for pictures that pass a condition too. */
  readonly onFilter: (condition: string) => void;
}

/** The picture the keyboard is on, else the last one selected. */
export function DetailPanel({ onFilter }: DetailPanelProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const ids = useSelection((state) => state.ids);
  const current = useSelection((state) => state.current);
  const shown = current !== null && ids.has(current) ? current : [...ids].at(-1);
  const {
    data: detail,
    error,
    refetch,
  } = useQuery(
    api.assets.detail.queryOptions({
      input: { assetId: shown as AssetId },
      enabled: shown !== undefined,
      placeholderData: keepPreviousData,
    }),
  );
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  if (shown === undefined) return <EmptyState title={t("library.details")}>{t("library.detailsEmpty")}</EmptyState>;
  if (error) {
    return (
      <div className="p-3">
        <ErrorCard error={appErrorOf(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!detail) return null;
  return (
    <div tabIndex={-1} className="min-h-0 flex-1 overflow-auto">
      <div className="p-3">
        <Artwork
          src={thumbnailUrl(detail.id, 512)}
          alt={detail.name}
          fit="contain"
          isDimmed={detail.isMissing}
          className="mx-auto max-h-80 w-full"
          style={{ aspectRatio: `${detail.width} / ${detail.height}` }}
        />
      </div>
      <Summary detail={detail} ids={[...ids]} />
      <DetailAnnotation detail={detail} ids={[...ids]} />
      {detail.metadata && <DetailMetadata assetId={detail.id} metadata={detail.metadata} onFilter={onFilter} />}
      <Files files={detail.files} />
      <Section title={t("library.measuredWith")}>
        {detail.measuredWith.length === 0 ? (
          <p className="text-2xs text-fg-3">{t("library.notMeasured")}</p>
        ) : (
          <Facts
            facts={detail.measuredWith.map(
              ({ metric, model }) => [cards?.find((card) => card.metric === metric)?.title ?? metric, model] as const,
            )}
          />
        )}
      </Section>
    </div>
  );
}

function Summary({ detail, ids }: { readonly detail: AssetDetail; readonly ids: readonly AssetId[] }): ReactNode {
  const { t } = useTranslation();
  const findSimilar = useFindSimilar();
  const compare = useCompare();
  const file = detail.files[0];
  const facts = [
    `${formatCount(detail.width)} × ${formatCount(detail.height)}`,
    detail.format.toUpperCase(),
    ...(file ? [formatBytes(file.sizeBytes), formatDate(file.modifiedMs)] : []),
  ];
  return (
    <section className="border-b border-line px-3 pb-3" aria-label={detail.name}>
      <div className="flex items-center gap-2">
        <h2 className="truncate text-sm font-medium select-text" title={detail.name}>
          {detail.name}
        </h2>
        {ids.length > 1 && (
          <span className="ml-auto shrink-0 text-2xs text-fg-3">
            {t("library.ofSelected", { count: ids.length, formatted: formatCount(ids.length) })}
          </span>
        )}
      </div>
      <p className="mt-0.5 mb-2.5 text-2xs text-fg-3">
        {facts.join(", ")}
        {detail.isMissing && <span className="text-warn">{`. ${t("library.missing")}.`}</span>}
      </p>
      <div className="flex items-center gap-1">
        <Button size="sm" icon={Search} onClick={() => findSimilar(ids)} title={`${t("library.findSimilar")} (F)`}>
          {t("library.findSimilar")}
        </Button>
        <Button size="sm" icon={Layers} onClick={() => compare(ids)} title={`${t("library.compare")} (C)`}>
          {t("library.compare")}
        </Button>
        {file && <MoreMenu detail={detail} file={file} />}
      </div>
    </section>
  );
}

function MoreMenu({ detail, file }: { readonly detail: AssetDetail; readonly file: AssetFile }): ReactNode {
  const { t } = useTranslation();
  const { shell } = useEngine();
  const copyPath = (): void => void navigator.clipboard.writeText(file.path).then(() => notify({ title: t("library.pathCopied") }));
  const showInFolder = (): void =>
    void shell?.showInFolder({ assetId: detail.id }).catch((error: unknown) => notifyError(appErrorOf(error)));
  return (
    <Menu
      trigger={<IconButton icon={MoreHorizontal} label={t("library.moreActions")} />}
      entries={[
        { id: "copy-path", label: t("library.copyPath"), icon: Copy, onSelect: copyPath },
        ...(shell ? [{ id: "show", label: t("library.showInFolder"), icon: FolderOpen, onSelect: showInFolder }] : []),
      ]}
    />
  );
}

function Files({ files }: { readonly files: readonly AssetFile[] }): ReactNode {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <Section title={t("library.files", { count: files.length, formatted: formatCount(files.length) })}>
      <ul className="m-0 list-none p-0 text-2xs">
        {files.map((file) => (
          <li key={file.path} className="py-0.5 break-all text-fg-2 select-text">
            {file.path}
          </li>
        ))}
      </ul>
    </Section>
  );
}
