/** @file Accepted, undecided, rejected side by side. Each has a tab stop; arrows go by what the eye sees, also from column to column. */
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { type CheckResult, type CheckVerdict, checkVerdictSchema } from "#shared/domain/check";
import type { CheckRow, CheckSplit } from "#shared/domain/check-split";
import { useElementSize } from "../../../lib/use-element-size";
import { layoutColumn, movedPlace, placeOf, tileAspect } from "../columns-layout";
import { scopeOf } from "../scope-words";
import type { RowsByVerdict } from "../split-rows";
import { columnPadding, VerdictColumn } from "./verdict-column";

export const verdicts = checkVerdictSchema.options;

/** Parts of the width a column takes. */
const shares: Readonly<Record<CheckVerdict, number>> = { accepted: 2, undecided: 1, rejected: 1 };
/** Room for the scroll bar, so that its coming and going moves nothing. */
const scrollBar = 10;

export interface VerdictColumnsProps {
  readonly result: CheckResult;
  readonly split: CheckSplit;
  readonly rows: RowsByVerdict;
  readonly shownMeasure: number;
  /** In the order of the scores. */
  readonly measureNames: readonly string[];
  readonly selected: AssetId | null;
  readonly noteOf: (row: CheckRow) => string;
  readonly onSelect: (id: AssetId) => void;
  /** Enter or a double click. */
  readonly onOpen: (id: AssetId) => void;
  /** Space. */
  readonly onPreview: (id: AssetId) => void;
}

/** The split as three grids. */
export function VerdictColumns(props: VerdictColumnsProps): ReactNode {
  const { result, split, rows, shownMeasure, measureNames, selected, noteOf, onSelect, onOpen, onPreview } = props;
  const { t } = useTranslation();
  const [sizeRef, { width }] = useElementSize<HTMLDivElement>();
  const frame = useRef<HTMLDivElement>(null);
  const idOf = useCallback((row: CheckRow | undefined) => row && result.candidates[row.candidate]?.asset.id, [result]);
  const columns = useMemo(
    () =>
      verdicts.map((verdict) => {
        const aspectOf = (index: number): number => {
          const row = rows[verdict][index];
          const asset = row && result.candidates[row.candidate]?.asset;
          return asset === undefined ? 1 : tileAspect(asset);
        };
        const inner = Math.floor((width * shares[verdict]) / 4) - 1 - 2 * columnPadding - scrollBar;
        return layoutColumn(rows[verdict].length, aspectOf, Math.max(0, inner));
      }),
    [rows, result, width],
  );
  const lists = useMemo(() => verdicts.map((verdict) => rows[verdict].map((row) => idOf(row) ?? null)), [rows, idOf]);
  const place = useMemo(() => (selected === null ? null : placeOf(lists, selected)), [lists, selected]);
  /** Where the keyboard starts. */
  const home = place ?? { column: lists.findIndex((list) => list.length > 0), index: 0 };
  useKeptFocus(frame, selected, lists);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = lists[home.column]?.[home.index] ?? null;
    const scrollTops = verdicts.map((verdict) => frame.current?.querySelector(`[data-column="${verdict}"]`)?.scrollTop ?? 0);
    const target = movedPlace(columns, home, { key: event.key, scrollTops });
    if (target !== null) {
      const next = lists[target.column]?.[target.index] ?? null;
      if (next !== null) onSelect(next);
    } else if (event.key === "Enter" && id !== null) onOpen(id);
    else if (event.key === " " && id !== null) onPreview(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // Keys of the three grids are answered in one place, as arrows lead from one to the next.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div ref={frame} onKeyDown={onKeyDown} className="min-h-0 flex-1">
      <div
        ref={sizeRef}
        className="grid h-full min-h-0"
        style={{ gridTemplateColumns: verdicts.map((verdict) => `minmax(0, ${shares[verdict]}fr)`).join(" ") }}
      >
        {verdicts.map((verdict, column) => {
          const layout = columns[column];
          return (
            layout && (
              <VerdictColumn
                key={verdict}
                {...{ verdict, result, layout, shownMeasure, measureNames, noteOf, onSelect, onOpen }}
                rows={rows[verdict]}
                scope={scopeOf(t, verdict, split.cutoffs[shownMeasure] ?? null)}
                selectedIndex={place?.column === column ? place.index : -1}
                isHome={home.column === column}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** The keyboard follows the selection, also when its tile changes columns; it is not taken from where a person works otherwise. */
function useKeptFocus(frame: React.RefObject<HTMLElement | null>, selected: AssetId | null, lists: readonly unknown[]): void {
  useEffect(() => {
    const active = document.activeElement;
    const isOurs = active === document.body || (active?.matches('[role="gridcell"]') && frame.current?.contains(active));
    if (selected === null || !isOurs) return;
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-candidate="${selected}"]`)?.focus({ preventScroll: true }),
    );
  }, [frame, selected, lists]);
}
