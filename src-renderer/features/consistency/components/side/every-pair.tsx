/** @file All pictures of a check with one another as a matrix, the pair that is pointed at in words and pictures, and the same as a table. */
import { Table2 } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult, MeasuredCheck } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { MatrixHeat } from "../../../../charts/matrix-heat";
import type { MatrixCell } from "../../../../charts/matrix-window";
import { rangeOf, type ValueRange, widenTo } from "../../../../charts/scales";
import { useRampTable } from "../../../../charts/use-ramp-table";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { ErrorCard } from "../../../../ui/error-card";
import { ProgressBar } from "../../../../ui/progress";
import { Section } from "../../../../ui/section";
import { Select } from "../../../../ui/select";
import type { ComparedPair } from "../../compared-pair";
import { matrixOrders, type MatrixPicture, orderedByLikeness, pairMatrix, type PairMatrix } from "../../pair-matrix";
import { useSideState } from "../../side-state";
import { type MatrixView, useMatrix } from "../../use-matrix";
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
  const [pointed, setPointed] = useState<PointedPair | null>(null);
  const table = useRampTable("sequential");
  const view = useMatrix(result, measured.measure);
  const listed = useSameItems(rows.map(({ candidate }) => candidate));
  const known = useMemo(() => pairMatrix({ result, measured, listed, matrix: view.matrix }), [result, measured, listed, view.matrix]);
  const pairs = useMemo(() => (order === "likeness" ? orderedByLikeness(known) : known), [known, order]);
  const range = useMemo(() => rangeOfPairs(pairs), [pairs]);
  const count = pairs.pictures.length;
  if (count < 2) return null;

  const cell = pointedCell(pairs, pointed, selected) ?? usualCell(pairs, rows, selected);
  const [a, b] = [pairs.pictures[cell.row], pairs.pictures[cell.column]];
  const point = ({ row, column }: MatrixCell): void => {
    const [first, second] = [pairs.pictures[row], pairs.pictures[column]];
    if (first !== undefined && second !== undefined) setPointed({ a: first.asset.id, b: second.asset.id, selected });
  };
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
      <div className="mt-1.5 flex items-center gap-2 text-2xs text-fg-3">
        <span>{range.min.toFixed(2)}</span>
        <span aria-hidden className="h-2.5 min-w-0 flex-1 rounded-xs" style={{ background: "var(--heat-gradient)" }} />
        <span>{range.max.toFixed(2)}</span>
        <Button size="sm" variant="ghost" icon={Table2} isPressed={isTable} onClick={toggleTable} title="T">
          {t("check.side.table")}
        </Button>
      </div>
      <PairReading pairs={pairs} cell={cell} random={measured.random} onOpen={open} />
      <MatrixProgress view={view} pictures={count} />
    </Section>
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

/** A pair, whatever its places in the order of the moment, and the candidate that was selected when it was pointed at. */
interface PointedPair {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly selected: AssetId | null;
}

/** Where the pair is; null when it is not there, and once another candidate was selected elsewhere. */
function pointedCell({ pictures }: PairMatrix, pointed: PointedPair | null, selected: AssetId | null): MatrixCell | null {
  if (pointed === null || (pointed.selected !== selected && pointed.a !== selected && pointed.b !== selected)) return null;
  const placeOf = (id: AssetId): number => pictures.findIndex(({ asset }) => asset.id === id);
  const [row, column] = [placeOf(pointed.a), placeOf(pointed.b)];
  return row === -1 || column === -1 ? null : { row, column };
}

/** Before anything is pointed at: the selected candidate, or the best one, with the reference it is nearest to. */
function usualCell({ pictures }: PairMatrix, rows: readonly CheckRow[], selected: AssetId | null): MatrixCell {
  const placeOf = (kind: MatrixPicture["kind"], index: number | undefined): number =>
    pictures.findIndex((picture) => picture.kind === kind && picture.index === index);
  const chosen = pictures.find(({ kind, asset }) => kind === "candidate" && asset.id === selected)?.index ?? rows[0]?.candidate;
  const nearest = rows.find(({ candidate }) => candidate === chosen)?.nearest ?? 0;
  return { row: Math.max(0, placeOf("candidate", chosen)), column: Math.max(0, placeOf("reference", nearest)) };
}

/** The array of before while the items are the same: moving a cut-off makes new rows, but no new order. */
function useSameItems<Item>(items: readonly Item[]): readonly Item[] {
  const [known, setKnown] = useState(items);
  if (known.length === items.length && known.every((item, index) => item === items[index])) return known;
  setKnown(items);
  return items;
}
