/** @file All pictures of a check with one another as a matrix, the pair that is pointed at in words and pictures, and the same as a table. */
import { Table2 } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult, MeasuredCheck } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { MatrixHeat } from "../../../../charts/matrix-heat";
import { rangeOf, type ValueRange, widenTo } from "../../../../charts/scales";
import { useRampTable } from "../../../../charts/use-ramp-table";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { ErrorCard } from "../../../../ui/error-card";
import { ProgressBar } from "../../../../ui/progress";
import { Section } from "../../../../ui/section";
import { Select } from "../../../../ui/select";
import type { ComparedPair } from "../../compared-pair";
import { matrixOrders, orderedByLikeness, pairMatrix, type PairMatrix } from "../../pair-matrix";
import { useSideState } from "../../side-state";
import { type MatrixView, useMatrix } from "../../use-matrix";
import { usePointedPair } from "../../use-pointed-pair";
import { PairReading } from "./pair-reading";
import { RowTable } from "./row-table";

export interface EveryPairProps {
  readonly result: CheckResult;
  readonly measured: MeasuredCheck;
  readonly rows: readonly CheckRow[];
  readonly selected: AssetId | null;
  readonly onSelect: (id: AssetId) => void;
  readonly onCompare: (pair: ComparedPair) => void;
}

/** Scores with references are there at once; those of candidates with one another follow. */
export function EveryPair({ result, measured, rows, selected, onSelect, onCompare }: EveryPairProps): ReactNode {
  const { t } = useTranslation();
  const order = useSideState((state) => state.order);
  const [isTable, setIsTable] = useState(false);
  const table = useRampTable("sequential");
  const view = useMatrix(result, measured.measure);
  const listed = useSameItems(rows.map(({ candidate }) => candidate));
  const known = useMemo(() => pairMatrix({ result, measured, listed, matrix: view.matrix }), [result, measured, listed, view.matrix]);
  const pairs = useMemo(() => (order === "likeness" ? orderedByLikeness(known) : known), [known, order]);
  const range = useMemo(() => rangeOfPairs(pairs), [pairs]);
  const { cell, point } = usePointedPair(pairs, rows, selected);
  const count = pairs.pictures.length;
  if (count < 2) return null;

  const [a, b] = [pairs.pictures[cell.row], pairs.pictures[cell.column]];
  const pick = (): void => {
    const candidate = [a, b].find((picture) => picture?.kind === "candidate");
    if (candidate !== undefined) onSelect(candidate.asset.id);
  };
  const open = (): void => {
    if (a !== undefined && b !== undefined && a !== b) onCompare({ a: a.asset.id, b: b.asset.id, metric: measured.measure.metric });
  };
  const toggleTable = (): void => setIsTable(!isTable);
  return (
    <Section
      title={t("check.side.everyPair")}
      aside={
        <>
          <span className="mr-2">{t("check.side.size", { count: formatCount(count) })}</span>
          <Select
            label={t("check.side.order")}
            value={order}
            onChange={(next) => useSideState.setState({ order: next })}
            options={matrixOrders.map((value) => ({ value, label: t(`check.side.orders.${value}`) }))}
          />
        </>
      }
    >
      {isTable ? (
        <RowTable pairs={pairs} row={cell.row} onRow={(row) => point({ row, column: cell.row })} onClose={toggleTable} />
      ) : (
        <MatrixHeat
          values={pairs.values}
          divider={pairs.divider}
          {...{ count, range, table, cell }}
          onCell={point}
          onPick={pick}
          onOpen={open}
          onTable={toggleTable}
          words={{ label: t("check.side.matrixLabel", { count }), miniMap: t("check.side.miniMap") }}
        />
      )}
      <MatrixLegend range={range} isTable={isTable} onTable={toggleTable} />
      <PairReading pairs={pairs} cell={cell} random={measured.random} onOpen={open} />
      <MatrixProgress view={view} pictures={count} />
    </Section>
  );
}

interface MatrixLegendProps {
  readonly range: ValueRange;
  readonly isTable: boolean;
  readonly onTable: () => void;
}

/** What the colours mean, and the way to the same as text. */
function MatrixLegend({ range, isTable, onTable }: MatrixLegendProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="mt-1.5 flex items-center gap-2 text-2xs text-fg-3">
      <span>{range.min.toFixed(2)}</span>
      <span aria-hidden className="h-2.5 min-w-0 flex-1 rounded-xs" style={{ background: "var(--heat-gradient)" }} />
      <span>{range.max.toFixed(2)}</span>
      <Button size="sm" variant="ghost" icon={Table2} isPressed={isTable} onClick={onTable} title="T">
        {t("check.side.table")}
      </Button>
    </div>
  );
}

function MatrixProgress({
  view: { progress, error, start },
  pictures,
}: {
  readonly view: MatrixView;
  readonly pictures: number;
}): ReactNode {
  const { t } = useTranslation();
  if (error !== null) return <ErrorCard error={error} {...(start === null ? {} : { onRetry: start })} />;
  if (progress !== null) {
    const { stage, done, total } = progress;
    const text = t(`check.side.measuring.${stage}`, { done: formatCount(done), total: formatCount(total) });
    return (
      <div className="mt-1.5 flex items-center gap-2 text-2xs text-fg-3">
        <ProgressBar label={text} value={total === 0 ? null : done / total} />
        {text}
      </div>
    );
  }
  if (start === null) return null;
  return (
    <Button size="sm" className="mt-1.5 w-full" onClick={start}>
      {t("check.side.measureAll", { pictures: formatCount(pictures) })}
    </Button>
  );
}

/** A picture with itself says nothing about the scale. */
function rangeOfPairs({ values, pictures }: PairMatrix): ValueRange {
  const step = pictures.length + 1;
  return widenTo(rangeOf(values.filter((_, index) => index % step !== 0)), 0.05);
}

/** The array of before while the items are the same: moving a cut-off makes new rows, but no new order. */
function useSameItems<Item>(items: readonly Item[]): readonly Item[] {
  const [known, setKnown] = useState(items);
  if (known.length === items.length && known.every((item, index) => item === items[index])) return known;
  setKnown(items);
  return items;
}
