/** @file The candidates of one verdict in justified rows; only those in sight are in the page. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { Check, type LucideIcon, Minus, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckResult, CheckVerdict } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { formatCount, formatScore } from "../../../lib/format";
import { rowOfItem } from "../../../lib/justified-rows";
import { Icon } from "../../../ui/icon";
import { boxesOf, type ColumnLayout, rowSize } from "../columns-layout";
import { VerdictTile } from "./verdict-tile";

const icons = { accepted: Check, undecided: Minus, rejected: X } as const satisfies Record<CheckVerdict, LucideIcon>;
const tones = { accepted: "text-accept", undecided: "text-fg-2", rejected: "text-reject" } as const satisfies Record<CheckVerdict, string>;

/** Pixels to each side of the tiles. */
export const columnPadding = 12;

export interface VerdictColumnProps {
  readonly verdict: CheckVerdict;
  readonly result: CheckResult;
  readonly rows: readonly CheckRow[];
  readonly layout: ColumnLayout;
  /** Which scores it holds, e.g. "0.75 and up". */
  readonly scope: string;
  readonly shownMeasure: number;
  /** In the order of the scores. */
  readonly measureNames: readonly string[];
  /** Of the selected candidate in this column; -1 where it is elsewhere. */
  readonly selectedIndex: number;
  /** Whether the keyboard comes here first. */
  readonly isHome: boolean;
  /** Said beside the scores of a candidate, e.g. its LoRA weight. */
  readonly noteOf: (row: CheckRow) => string;
  readonly onSelect: (id: AssetId) => void;
  readonly onOpen: (id: AssetId) => void;
}

/** A column with its head. The selected tile is kept in sight. */
export function VerdictColumn(props: VerdictColumnProps): ReactNode {
  const { verdict, rows, layout, scope, selectedIndex, isHome } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const focusIndex = Math.max(0, selectedIndex);
  const keptRow = rowOfItem(layout.rows, focusIndex);
  const virtualizer = useVirtualizer({
    count: layout.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = layout.rows[index];
      return row === undefined ? 0 : rowSize(row);
    },
    // The row with the keyboard stays, or scrolling it out of view would lose the focus.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...(keptRow >= 0 ? [keptRow] : [])])].sort((a, b) => a - b),
    overscan: 3,
    paddingEnd: columnPadding,
    scrollPaddingStart: 4,
  });
  useEffect(() => virtualizer.measure(), [layout, virtualizer]);
  const selectedRow = rowOfItem(layout.rows, selectedIndex);
  useEffect(() => {
    if (selectedIndex >= 0 && selectedRow >= 0) virtualizer.scrollToIndex(selectedRow);
  }, [selectedIndex, selectedRow, virtualizer]);

  return (
    <section aria-label={t(`check.verdict.${verdict}`)} className="flex min-h-0 min-w-0 flex-col border-r border-line last:border-r-0">
      <header className="flex h-9 shrink-0 items-center gap-1.5 px-3 whitespace-nowrap">
        <Icon icon={icons[verdict]} size={16} className={tones[verdict]} />
        <h3 className="m-0 text-sm font-semibold">{t(`check.verdict.${verdict}`)}</h3>
        <span className="text-fg-3">{formatCount(rows.length)}</span>
        <span className="ml-auto truncate pl-2 text-2xs text-fg-3" title={scope}>
          {scope}
        </span>
      </header>
      <div
        ref={scroller}
        data-column={verdict}
        className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto"
        style={{ paddingInline: columnPadding }}
      >
        {rows.length === 0 ? (
          <p className="m-0 text-2xs text-fg-3">{t("check.noneHere")}</p>
        ) : (
          <div
            role="grid"
            aria-label={t(`check.verdict.${verdict}`)}
            aria-rowcount={layout.rows.length}
            {...(isHome ? { "data-region-focus": true } : {})}
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {virtualizer.getVirtualItems().map(({ index, start, key }) => (
              <ColumnRow key={key} {...props} place={index} start={start} focusIndex={focusIndex} />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

interface ColumnRowProps extends VerdictColumnProps {
  /** Of the row among all. */
  readonly place: number;
  /** Distance from the top of the grid. Pixels. */
  readonly start: number;
  /** Of the candidate in the tab order. */
  readonly focusIndex: number;
}

function ColumnRow(props: ColumnRowProps): ReactNode {
  const { result, rows, layout, shownMeasure, measureNames, selectedIndex, noteOf, onSelect, onOpen, place, start, focusIndex } = props;
  const { t } = useTranslation();
  const line = layout.rows[place];
  if (line === undefined) return null;
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      className="absolute inset-x-0 top-0"
      style={{ transform: `translateY(${start + 4}px)`, height: rowSize(line) }}
    >
      {boxesOf(layout, line).map(({ index, left, width }) => {
        const row = rows[index];
        const picture = row && result.candidates[row.candidate];
        if (row === undefined || picture === undefined) return null;
        return (
          <VerdictTile
            key={picture.asset.id}
            asset={picture.asset}
            {...scoresOf(row, shownMeasure, t("check.noReading"))}
            namedScores={namedScores(row, measureNames, t("check.noReading"))}
            note={noteOf(row)}
            isByHand={row.isByHand}
            isNearCopy={row.isNearCopy}
            left={left}
            width={width}
            height={line.height}
            isSelected={index === selectedIndex}
            isFocusTarget={index === focusIndex}
            onSelect={onSelect}
            onOpen={onOpen}
          />
        );
      })}
    </div>
  );
}

/** The score of the shown measure, then those of the others in their order, written short. */
function scoresOf({ scores }: CheckRow, shown: number, absent: string): { readonly score: string; readonly otherScores: string } {
  const own = scores[shown] ?? null;
  const others = scores.flatMap((score, index) => (index === shown ? [] : [score === null ? absent : shortScore(score)]));
  return { score: own === null ? absent : formatScore(own), otherScores: others.join(" ") };
}

/** 0.7249 -> ".72". */
function shortScore(score: number): string {
  return score.toFixed(2).replace(/^(-?)0\./, "$1.");
}

/** Each score with what measured it, for who cannot tell them by their order. */
function namedScores({ scores }: CheckRow, measureNames: readonly string[], absent: string): string {
  return scores.map((score, index) => `${measureNames[index] ?? ""} ${score === null ? absent : formatScore(score)}`).join(", ");
}
