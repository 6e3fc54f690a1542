/** @file The sets of judgements with their last result, and one's own below them. */
import { Info, Plus, Trash2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkSet } from "#shared/domain/benchmark";
import { cn } from "../../../lib/class-names";
import { formatCount, formatDate, formatPercent } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";
import { ContextMenu } from "../../../ui/menu";
import { ProgressBar } from "../../../ui/progress";
import { useSetJob } from "../use-benchmarks";

export interface SetListProps {
  readonly sets: readonly BenchmarkSet[];
  readonly chosen: BenchmarkSet | null;
  readonly isReadOnly: boolean;
  readonly onChoose: (set: BenchmarkSet) => void;
  readonly onAdd: () => void;
  readonly onRemove: (set: BenchmarkSet) => void;
  readonly onJudge: () => void;
}

/** The left panel. */
export function SetList({ sets, chosen, isReadOnly, onChoose, onAdd, onRemove, onJudge }: SetListProps): ReactNode {
  const { t } = useTranslation();
  const own = sets.find(({ kind }) => kind === "own");
  return (
    <>
      <div className="flex h-10 shrink-0 items-center pr-2 pl-3 text-2xs font-semibold text-fg-2">
        <h2 className="m-0 flex-1 text-2xs font-semibold">{t("trust.sets")}</h2>
        <IconButton icon={Plus} label={t("trust.add")} disabled={isReadOnly} onClick={onAdd} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        <ul aria-label={t("trust.sets")} className="m-0 list-none p-0">
          {sets
            .filter((set) => (set.kind !== "own" && set.kind !== "verdicts") || set.triplets > 0)
            .map((set) => (
              <SetRow key={set.id} set={set} isChosen={set.id === chosen?.id} onChoose={onChoose} onRemove={isReadOnly ? null : onRemove} />
            ))}
        </ul>
        <p className="m-3 flex gap-1.5 rounded-md bg-raised p-2 text-2xs text-fg-2">
          <Icon icon={Info} size={14} className="mt-px" />
          <span>{t("trust.headline")}</span>
        </p>
      </div>
      <section aria-label={t("trust.own")} className="shrink-0 border-t border-line p-3">
        <h3 className="m-0 text-2xs font-semibold text-fg-2">{t("trust.own")}</h3>
        <p className="mt-1 mb-2 text-2xs text-fg-3">
          {own && own.triplets > 0
            ? t("trust.ownCount", { count: own.triplets, formatted: formatCount(own.triplets) })
            : t("trust.ownNote")}
        </p>
        <Button size="sm" disabled={isReadOnly} onClick={onJudge}>
          {t("trust.judge")}
        </Button>
      </section>
    </>
  );
}

interface SetRowProps {
  readonly set: BenchmarkSet;
  readonly isChosen: boolean;
  readonly onChoose: (set: BenchmarkSet) => void;
  /** null where nothing may be changed. */
  readonly onRemove: ((set: BenchmarkSet) => void) | null;
}

function SetRow({ set, isChosen, onChoose, onRemove }: SetRowProps): ReactNode {
  const { t } = useTranslation();
  const job = useSetJob(set);
  const isAdded = set.kind === "layout" || set.kind === "triplets";
  const row = (
    <button
      type="button"
      aria-current={isChosen ? "true" : undefined}
      onClick={() => onChoose(set)}
      title={set.folder ?? undefined}
      className={cn(
        "grid w-full grid-cols-[1fr_auto] gap-x-2 gap-y-px border-0 bg-transparent px-3 py-1.75 text-left -outline-offset-2 hover:bg-hover-fill",
        isChosen && "bg-select-fill hover:bg-select-fill",
      )}
    >
      <span className="truncate font-medium text-fg-1">{set.title}</span>
      <SetStanding set={set} />
      <span className="col-span-2 text-2xs text-fg-3">
        {[set.partial ?? t("trust.triplets", { count: set.triplets, formatted: formatCount(set.triplets) }), ranWords(t, set)]
          .filter(Boolean)
          .join(" ")}
      </span>
      {job !== null && (
        <ProgressBar
          label={t("trust.running", { title: set.title })}
          value={job.total === null ? null : job.total === 0 ? 1 : job.done / job.total}
          className="col-span-2 mt-0.5 w-full"
        />
      )}
    </button>
  );
  return (
    <li>
      {isAdded && onRemove !== null ? (
        <ContextMenu entries={[{ id: "remove", label: t("trust.remove"), icon: Trash2, onSelect: () => onRemove(set) }]}>{row}</ContextMenu>
      ) : (
        row
      )}
    </li>
  );
}

function SetStanding({ set: { latest, partial } }: { readonly set: BenchmarkSet }): ReactNode {
  const { t } = useTranslation();
  if (latest !== null)
    return (
      <span className={cn("tabular-nums", latest.finishedMs === null ? "text-fg-3" : "text-fg-1")}>
        {formatPercent(100 * latest.accuracy)}
      </span>
    );
  if (partial === null) return <span className="text-fg-3">{t("trust.notRun")}</span>;
  return (
    <span className="flex items-center gap-1 rounded-sm bg-warn-fill px-1 text-2xs text-warn">
      <Icon icon={TriangleAlert} size={12} />
      {t("trust.partial")}
    </span>
  );
}

function ranWords(t: ReturnType<typeof useTranslation>["t"], { latest, jobId }: BenchmarkSet): string | null {
  if (latest === null) return null;
  if (latest.finishedMs !== null) return t("trust.ran", { date: formatDate(latest.finishedMs) });
  return t(jobId === null ? "trust.stoppedAt" : "trust.soFar", { count: latest.judged, formatted: formatCount(latest.judged) });
}
