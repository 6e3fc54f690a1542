/** @file Which reference each candidate is nearest to, and candidates that nearly equal one: a sign that a model copies instead of having learned. */
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { cn } from "../../../../lib/class-names";
import { formatCount } from "../../../../lib/format";
import { Artwork } from "../../../../ui/artwork";
import { Section } from "../../../../ui/section";
import { PictureButtons } from "./picture-buttons";

export interface CopiedReferencesProps {
  readonly result: CheckResult;
  readonly rows: readonly CheckRow[];
  readonly selected: AssetId | null;
  readonly onSelect: (id: AssetId) => void;
}

/** One bar a reference; absent where there is but one. */
export function CopiedReferences({ result, rows, selected, onSelect }: CopiedReferencesProps): ReactNode {
  const { t } = useTranslation();
  const counts = useMemo(() => result.references.map((_, index) => rows.filter(({ nearest }) => nearest === index).length), [result, rows]);
  const most = Math.max(1, ...counts);
  const chosen = rows.find(({ candidate }) => result.candidates[candidate]?.asset.id === selected)?.nearest ?? null;
  const copies = useMemo(
    () => rows.flatMap(({ candidate, isNearCopy }) => (isNearCopy ? (result.candidates[candidate]?.asset ?? []) : [])),
    [result, rows],
  );
  if (result.references.length < 2 && copies.length === 0) return null;
  return (
    <Section title={t("check.side.copied")}>
      {result.references.length >= 2 && (
        <ul className="m-0 grid list-none grid-cols-2 gap-x-4 p-0">
          {result.references.map(({ asset }, index) => (
            <li
              key={asset.id}
              title={asset.name}
              aria-label={t("check.side.nearestTo", { number: index + 1, count: counts[index] ?? 0 })}
              className="grid h-5.5 grid-cols-[20px_16px_minmax(0,1fr)_auto] items-center gap-1.5 text-2xs"
            >
              <Artwork src={thumbnailUrl(asset.id, 256)} alt="" className="size-5" />
              <span className="text-fg-2">{index + 1}</span>
              <span
                className={cn("h-1.5", index === chosen ? "bg-fg-1" : "bg-control-press")}
                style={{ width: `${(100 * (counts[index] ?? 0)) / most}%` }}
              />
              <span className="text-right">{formatCount(counts[index] ?? 0)}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="m-0 mt-1 text-2xs text-fg-3">
        {result.references.length >= 2 && t("check.side.nearestNote")}{" "}
        {chosen !== null && t("check.side.selectedNearest", { number: chosen + 1 })}
      </p>
      {copies.length > 0 && (
        <>
          <p className="m-0 mt-1.5 text-2xs text-warn">{t("check.side.nearCopies", { count: copies.length })}</p>
          <PictureButtons pictures={copies.map((asset) => ({ asset, note: "" }))} onSelect={onSelect} />
        </>
      )}
    </Section>
  );
}
