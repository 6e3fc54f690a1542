/** @file One triplet after the other: what people chose, what each metric chose, and those that follow. */
import { ChevronDown, ChevronUp, Copy, Layers } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { BenchmarkResult, BenchmarkTriplet, TripletFilter } from "#shared/domain/benchmark";
import { type Action, useActions } from "../../../lib/actions";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty-state";
import { IconButton } from "../../../ui/icon-button";
import { Select } from "../../../ui/select";
import { notify } from "../../../ui/toast";
import { filterOf, filterText } from "../trust-search";
import { useTriplets } from "../use-benchmarks";
import { titleOf, tripletDetails } from "../words";
import { NextTriplets } from "./next-triplets";
import { TripletFigure } from "./triplet-figure";

export interface TripletPanelProps {
  readonly result: BenchmarkResult | null;
  readonly filter: TripletFilter;
  /** Place among the triplets that pass. */
  readonly at: number;
  readonly onFilter: (filter: TripletFilter) => void;
  readonly onGo: (at: number) => void;
  readonly onCompare: (a: AssetId, b: AssetId) => void;
}

/** The right panel. */
export function TripletPanel({ result, filter, at, onFilter, onGo, onCompare }: TripletPanelProps): ReactNode {
  const { t } = useTranslation();
  const window = useTriplets(result, filter, at);
  const total = window?.total ?? 0;
  const move = (by: number): void => {
    const next = at + by;
    if (next >= 0 && next < total) onGo(next);
  };
  useMoves(move, total > 0);
  if (result === null) return <EmptyState title={t("trust.noTriplets")}>{t("trust.noTripletsNote")}</EmptyState>;
  const [triplet] = window?.triplets ?? [];
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    // An open list and its button answer arrows themselves.
    if (by === 0 || event.altKey || event.ctrlKey || (event.target as HTMLElement).closest('[role="combobox"],[role="listbox"]')) return;
    event.preventDefault();
    move(by);
  };
  return (
    // Arrows move through the list from wherever the keyboard is in it.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="flex min-h-0 flex-1 flex-col" onKeyDown={onKeyDown}>
      <div className="flex h-10 shrink-0 items-center gap-2 border-b border-line pr-2 pl-3">
        <FilterChoice result={result} filter={filter} onFilter={onFilter} />
        <span className="min-w-0 flex-1 truncate text-2xs text-fg-3" aria-live="polite">
          {total === 0
            ? t("trust.triplets", { count: 0, formatted: "0" })
            : t("trust.position", { at: formatCount(at + 1), total: formatCount(total) })}
        </span>
        <IconButton icon={ChevronUp} label={t("trust.previous")} shortcut="K" disabled={at === 0} onClick={() => move(-1)} />
        <IconButton icon={ChevronDown} label={t("trust.next")} shortcut="J" disabled={at + 1 >= total} onClick={() => move(1)} />
      </div>
      <div className="min-h-0 flex-1 overflow-auto">
        {triplet === undefined ? (
          window !== null && <EmptyState title={t("trust.nonePass")} />
        ) : (
          <>
            <div className="border-b border-line p-3">
              <TripletFigure result={result} triplet={triplet} />
              <TripletActions result={result} triplet={triplet} onCompare={onCompare} />
            </div>
            <NextTriplets result={result} triplets={window?.triplets.slice(1) ?? []} first={at + 1} onGo={onGo} />
          </>
        )}
      </div>
    </div>
  );
}

function useMoves(move: (by: number) => void, isThere: boolean): void {
  const { t } = useTranslation();
  const actions = useMemo<readonly Action[]>(
    () => [
      { id: "trust.next", label: t("trust.next"), group: "images", shortcut: "J", enabled: isThere, run: () => move(1) },
      { id: "trust.previous", label: t("trust.previous"), group: "images", shortcut: "K", enabled: isThere, run: () => move(-1) },
    ],
    [t, move, isThere],
  );
  useActions(actions);
}

/** Lists by what is told apart; a combination of voters is chosen in the table and named here while it is browsed. */
function FilterChoice({
  result,
  filter,
  onFilter,
}: Pick<TripletPanelProps, "filter" | "onFilter"> & { readonly result: BenchmarkResult }): ReactNode {
  const { t } = useTranslation();
  const hasVote = result.metrics.some(({ metric }) => metric === "ensemble");
  const options: { value: string; label: string }[] = [
    { value: "disagree", label: t("trust.filter.disagree") },
    ...(hasVote ? [{ value: "vote-wrong", label: t("trust.filter.voteWrong") }] : []),
    ...result.metrics
      .filter(({ metric }) => metric !== "ensemble")
      .map(({ metric, title }) => ({ value: `wrong:${metric}`, label: t("trust.filter.wrong", { title }) })),
    { value: "all", label: t("trust.filter.all") },
  ];
  if (filter.kind === "right") {
    const names = filter.metrics.map((metric) => titleOf(result, metric)).join(", ");
    options.push({ value: filterText(filter), label: names === "" ? t("trust.noneRight") : t("trust.areRight", { names }) });
  }
  return (
    <Select
      label={t("trust.filter.label")}
      value={filterText(filter)}
      options={options}
      onChange={(text) => onFilter(filterOf(text))}
      className="max-w-52"
    />
  );
}

interface TripletActionsProps extends Pick<TripletPanelProps, "onCompare"> {
  readonly result: BenchmarkResult;
  readonly triplet: BenchmarkTriplet;
}

/** Compare knows pictures of the library alone. */
function TripletActions({ result, triplet, onCompare }: TripletActionsProps): ReactNode {
  const { t } = useTranslation();
  const { reference } = triplet;
  // The picture that a metric mistook for the right one is the interesting one; where none did, the right one.
  const mistaken = triplet.decisions.find(({ chose }) => chose !== triplet.choice && chose !== "tie")?.chose;
  const other = triplet[mistaken === "a" || mistaken === "b" ? mistaken : triplet.choice];
  const copy = (): void =>
    void navigator.clipboard.writeText(tripletDetails(result, triplet)).then(() => notify({ title: t("ui.detailsCopied") }));
  return (
    <div className="mt-2 flex gap-1">
      {reference.assetId !== null && other.assetId !== null && (
        <Button
          size="sm"
          icon={Layers}
          onClick={() => reference.assetId !== null && other.assetId !== null && onCompare(reference.assetId, other.assetId)}
        >
          {t("trust.compare")}
        </Button>
      )}
      <Button size="sm" variant="ghost" icon={Copy} onClick={copy}>
        {t("ui.copyDetails")}
      </Button>
    </div>
  );
}
