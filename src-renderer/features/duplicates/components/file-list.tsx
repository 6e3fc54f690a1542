/** @file The files that hold the same bytes, the oldest first. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetFile } from "#shared/domain/asset";
import { formatCount, formatDate } from "../../../lib/format";

const mostShown = 7;

export interface FileListProps {
  readonly files: readonly AssetFile[];
  /** Distance from the left edge of the line. Pixels. */
  readonly left: number;
}

/** Beside the one picture that all of them are. */
export function FileList({ files, left }: FileListProps): ReactNode {
  const { t } = useTranslation();
  const others = files.length - mostShown;
  return (
    <div role="gridcell" tabIndex={-1} className="absolute inset-y-0 right-0 text-2xs text-fg-2" style={{ left }}>
      <ol className="m-0 list-none p-0">
        {files.slice(0, mostShown).map(({ path, modifiedMs }, place) => (
          <li key={path} className="flex h-6 items-center gap-3">
            <span className="min-w-0 truncate text-fg-1 select-text" title={path}>
              {path}
            </span>
            <span className="shrink-0 text-fg-3">{formatDate(modifiedMs)}</span>
            {place === 0 && <span className="shrink-0 text-fg-1">{t("duplicates.oldest")}</span>}
          </li>
        ))}
      </ol>
      {others > 0 && <p className="text-fg-3">{t("duplicates.moreFiles", { count: others, formatted: formatCount(others) })}</p>}
    </div>
  );
}
