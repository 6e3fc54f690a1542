/** @file What the Library says when there is nothing to show, and why. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useEngine } from "../../../lib/engine";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { useAddSample, useChooseFolders } from "../use-library";

export interface LibraryEmptyProps {
  readonly folderName: string;
  readonly text: string;
  readonly where: string | null;
  /** Takes the whole filter away. */
  readonly onClear: () => void;
}

/** A filter without matches, a library that is being read, a library without folders, or an empty folder. */
export function LibraryEmpty({ folderName, text, where, onClear }: LibraryEmptyProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  const { data: roots } = useQuery(api.roots.list.queryOptions());
  const { data: jobs } = useQuery(api.jobs.list.queryOptions());
  const chooseFolders = useChooseFolders();
  const { addSample, isAdding } = useAddSample();
  if (text !== "" || where !== null) {
    return (
      <EmptyState title={t("library.noMatchTitle")} actions={<Button onClick={onClear}>{t("library.clearFilter")}</Button>}>
        {where === null ? t("library.noMatch", { folder: folderName, text }) : t("library.noMatchWhere", { folder: folderName })}
      </EmptyState>
    );
  }
  const isIndexing = jobs?.some(({ kind, state }) => kind === "index" && (state === "running" || state === "queued")) ?? false;
  if (isIndexing) return <EmptyState title={t("library.emptyTitle")}>{t("library.emptyIndexing")}</EmptyState>;
  if (roots?.length !== 0) return <EmptyState title={t("library.emptyTitle")}>{t("library.emptyFolder")}</EmptyState>;
  return (
    <EmptyState
      title={t("library.emptyTitle")}
      actions={
        <>
          <Button variant="primary" onClick={() => chooseFolders()}>
            {t("library.addFolderDots")}
          </Button>
          {status?.sample.isAvailable && (
            <Button onClick={addSample} disabled={isAdding}>
              {t("library.openSample")}
            </Button>
          )}
        </>
      }
    >
      {t("library.emptyLibrary")}
    </EmptyState>
  );
}
