/** @file Float32 copies of large weights: of which models, and how much room they take. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { WeightCache } from "#shared/domain/weight-cache";
import { appErrorOf } from "../../../lib/app-error-of";
import { formatBytes, formatDate } from "../../../lib/format";
import { ErrorCard } from "../../../ui/error-card";
import { useWeightStorage } from "../use-storage";
import { StorageRoom } from "./storage-room";

/** The part of the dialog about prepared weights. They belong to no library, so a read-only one changes nothing about them. */
export function WeightStorage({ isOpen }: { readonly isOpen: boolean }): ReactNode {
  const { t } = useTranslation();
  const { status, error, isBusy, setBudget, clear } = useWeightStorage(isOpen);
  return (
    <section aria-label={t("storage.weights")} className="p-4">
      <h3 className="m-0 text-xs font-semibold">{t("storage.weights")}</h3>
      <p className="mt-1 mb-0 text-2xs text-fg-2">{t("storage.weightsNote")}</p>
      {error && (
        <div className="mt-3">
          <ErrorCard error={appErrorOf(error)} />
        </div>
      )}
      {status && (
        <>
          <StorageRoom
            name={t("storage.weights")}
            bytes={status.bytes}
            budgetBytes={status.budgetBytes}
            facts={[t("storage.models", { count: status.weights.length })]}
            isDisabled={isBusy}
            onBudget={(bytes) => setBudget({ bytes })}
            onClear={() => clear({})}
            clearNote={t("storage.clearWeightsNote")}
          />
          <CopyList weights={status.weights} />
          <p className="mt-2 mb-0 truncate text-2xs text-fg-3 select-text" title={status.folder}>
            {t("storage.folder", { folder: status.folder })}
          </p>
        </>
      )}
    </section>
  );
}

function CopyList({ weights }: Pick<WeightCache, "weights">): ReactNode {
  const { t } = useTranslation();
  if (weights.length === 0) return null;
  return (
    <ul aria-label={t("storage.weights")} className="m-0 mt-3 list-none border-t border-line p-0">
      {weights.map(({ path, bytes, usedMs }) => (
        <li key={path} className="grid grid-cols-[minmax(0,1fr)_72px_160px] items-center gap-x-3 border-b border-line py-1.5">
          <span className="truncate" title={path}>
            {path.split(/[\\/]/u).at(-1)}
          </span>
          <span className="text-right">{formatBytes(bytes)}</span>
          <span className="text-right text-2xs text-fg-3">{t("storage.used", { date: formatDate(usedMs) })}</span>
        </li>
      ))}
    </ul>
  );
}
