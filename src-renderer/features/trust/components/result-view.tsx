/** @file What a run found, from the counts to the devices they were made on. */
import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkResult } from "#shared/domain/benchmark";
import { formatCount } from "../../../lib/format";
import { Icon } from "../../../ui/icon";
import { AccuracyTable } from "./accuracy-table";
import { CalibrationSection } from "./calibration-section";
import { DeviceTable } from "./device-table";
import { DifferenceTable } from "./difference-table";
import { VoteTable, type VoteTableProps } from "./vote-table";

/** Scrolls in its own space. */
export function ResultView({ result, browsed, onBrowse }: VoteTableProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div
      role="region"
      aria-label={t("trust.result")}
      tabIndex={0}
      className="@container min-h-0 flex-1 overflow-auto px-4 pt-3 pb-4 -outline-offset-2"
    >
      {result.finishedMs === null && (
        <p role="status" className="mb-3 text-2xs text-fg-2">
          {t("trust.partialResult", { judged: formatCount(result.judged), total: formatCount(result.total) })}
        </p>
      )}
      <AccuracyTable result={result} />
      <div className="mb-6 grid gap-6 @2xl:grid-cols-2">
        <DifferenceTable result={result} />
        <VoteTable result={result} browsed={browsed} onBrowse={onBrowse} />
      </div>
      <CalibrationSection result={result} />
      <DeviceTable />
      <Notes result={result} />
    </div>
  );
}

/** What a reader of the numbers must know about this set, and about numbers like these. */
function Notes({ result: { set } }: { readonly result: BenchmarkResult }): ReactNode {
  const { t } = useTranslation();
  const left = set.skipped.map(({ reason, count }) => t("trust.leftOut", { count: formatCount(count), reason }));
  return (
    <ul aria-label={t("trust.notes")} className="m-0 flex list-none flex-col gap-1 p-0 text-2xs text-fg-3">
      {[t("trust.noProof"), ...(set.partial === null ? [] : [set.partial]), ...set.notes, ...left].map((note) => (
        <li key={note} className="flex gap-1.5">
          <Icon icon={Info} size={12} className="mt-0.5" />
          <span>{note}</span>
        </li>
      ))}
    </ul>
  );
}
