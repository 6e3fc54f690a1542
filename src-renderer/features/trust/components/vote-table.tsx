/** @file Which metrics were right together; a row leads to its triplets. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkResult } from "#shared/domain/benchmark";
import { VoteDots } from "../../../charts/vote-dots";
import { cn } from "../../../lib/class-names";
import { formatCount } from "../../../lib/format";
import { titleOf } from "../words";

export interface VoteTableProps {
  readonly result: BenchmarkResult;
  /** The metrics of the combination that is browsed, null when another list is. */
  readonly browsed: readonly string[] | null;
  readonly onBrowse: (rightMetrics: readonly string[]) => void;
}

/** Combinations of right and wrong, the most frequent first. */
export function VoteTable({ result, browsed, onBrowse }: VoteTableProps): ReactNode {
  const { t } = useTranslation();
  const { voters, combinations } = result.votes;
  const most = Math.max(1, ...combinations.map(({ count }) => count));
  if (voters.length < 2) return null;
  return (
    <section aria-labelledby="trust-votes">
      <h3 id="trust-votes" className="m-0 text-sm font-semibold">
        {t("trust.together")}
      </h3>
      <p className="mt-0.5 mb-1.5 text-2xs text-fg-3">
        {t("trust.togetherNote", { letters: voters.map(({ letter, metric }) => `${letter} ${titleOf(result, metric)}`).join(", ") })}
      </p>
      <ul className="m-0 list-none p-0">
        {combinations.map(({ right, count }) => {
          const metrics = voters.filter((_, place) => right[place]).map(({ metric }) => metric);
          const names = metrics.map((metric) => titleOf(result, metric)).join(", ");
          const words = names === "" ? t("trust.noneRight") : t("trust.areRight", { names });
          const isMinority = 2 * metrics.length <= voters.length;
          return (
            <li key={right.join()}>
              <button
                type="button"
                aria-pressed={browsed?.join() === metrics.join()}
                aria-label={t("trust.browse", { words, count, formatted: formatCount(count) })}
                onClick={() => onBrowse(metrics)}
                className={cn(
                  "grid h-7 w-full grid-cols-[auto_1fr_48px] items-center gap-3 border-0 border-b border-line bg-transparent px-1.5 -outline-offset-2 hover:bg-hover-fill",
                  browsed?.join() === metrics.join() && "bg-select-fill",
                )}
              >
                <VoteDots votes={voters.map(({ letter }, place) => ({ letter, value: right[place] ?? null }))} label={words} />
                <span
                  className={cn("h-2 min-w-0.5", isMinority ? "bg-reject" : "bg-control-press")}
                  style={{ width: `${(100 * count) / most}%` }}
                />
                <span className="text-right tabular-nums">{formatCount(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
