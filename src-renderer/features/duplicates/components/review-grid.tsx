/** @file The groups, one below the other; only the lines in sight are in the page. One tab stop, arrows by what the eye sees. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup, DuplicateTier } from "#shared/domain/duplicates";
import { selectOnly, toggleSelected, useSelection } from "../../../lib/selection";
import { useElementSize } from "../../../lib/use-element-size";
import type { ReviewedPicture } from "../groups";
import { layoutReview, lineOf, moved } from "../review-layout";
import { useReview } from "../review-state";
import { headWidth } from "./group-head";
import { ReviewRow } from "./review-row";

const padding = 16;

export interface ReviewGridProps {
  readonly tier: DuplicateTier;
  readonly groups: readonly DuplicateGroup[];
  readonly pictures: readonly ReviewedPicture[];
  readonly onKeepApart: (ids: readonly AssetId[]) => void;
  /** Space or a double click on a picture. */
  readonly onView: (index: number) => void;
  /** Enter on a picture. */
  readonly onOpen: (picture: Duplicate) => void;
}

/** A grid for the keyboard and for screen readers: one row a line, the group's own words at its head. */
export function ReviewGrid({ tier, groups, pictures, onKeepApart, onView, onOpen }: ReviewGridProps): ReactNode {
  const { t } = useTranslation();
  const [sizeRef, { width }] = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => layoutReview(pictures, width - headWidth - 2 * padding), [pictures, width]);
  const isLooking = useReview((state) => state.progress !== null);
  const selected = useSelection((state) => state.ids);
  const currentId = useSelection((state) => state.current);
  const currentIndex = pictures.findIndex(({ picture }) => picture.asset.id === currentId);
  const currentLine = lineOf(lines, Math.max(0, currentIndex));
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => lines[index]?.size ?? 0,
    // The line with the keyboard stays, or scrolling it out of view would lose the focus.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...(currentLine >= 0 ? [currentLine] : [])])].sort((a, b) => a - b),
    overscan: 3,
    paddingStart: padding,
    paddingEnd: padding,
    scrollPaddingStart: padding,
  });
  useEffect(() => virtualizer.measure(), [lines, virtualizer]);

  const goTo = useCallback(
    (index: number, takesFocus: boolean) => {
      const id = pictures[index]?.picture.asset.id;
      if (id === undefined) return;
      selectOnly([id]);
      virtualizer.scrollToIndex(lineOf(lines, index));
      if (!takesFocus) return;
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }));
    },
    [pictures, lines, virtualizer],
  );
  usePlace({ pictures, currentIndex, isLaidOut: lines.length > 0, goTo });

  const onPick = useCallback((id: AssetId, isAdded: boolean) => (isAdded ? toggleSelected(id) : selectOnly([id])), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).role !== "gridcell") return;
    const index = Math.max(0, currentIndex);
    const target = moved(lines, index, event.key);
    const picture = pictures[index]?.picture;
    if (target !== null) goTo(target, true);
    else if (event.key === " ") onView(index);
    else if (event.key === "Enter" && picture !== undefined) onOpen(picture);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const row = { tier, pictures, selected, focusTarget: Math.max(0, currentIndex), onKeepApart, onPick, onView };
  return (
    <div ref={sizeRef} className="relative min-h-0 flex-1">
      <div ref={scroller} className="absolute inset-0 overflow-x-hidden overflow-y-auto">
        <div
          role="grid"
          aria-label={t("duplicates.grid")}
          aria-busy={isLooking}
          aria-multiselectable
          aria-rowcount={lines.length}
          data-region-focus
          onKeyDown={onKeyDown}
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index: place, start, key }) => {
            const line = lines[place];
            const group = line && groups[line.group];
            if (line === undefined || group === undefined) return null;
            return <ReviewRow key={key} {...row} line={line} group={group} place={place} start={start} />;
          })}
        </div>
      </div>
    </div>
  );
}

interface PlaceParts {
  readonly pictures: readonly ReviewedPicture[];
  readonly currentIndex: number;
  readonly isLaidOut: boolean;
  readonly goTo: (index: number, takesFocus: boolean) => void;
}

/** Where a picture left its group, the one that took its place is next; who comes back finds the picture again. */
function usePlace({ pictures, currentIndex, isLaidOut, goTo }: PlaceParts): void {
  const last = useRef<number | null>(null);
  useEffect(() => {
    if (!isLaidOut) return;
    const isFirst = last.current === null;
    // A picture that is gone took the focus along; a preview that lies over the grid keeps its own.
    const isFocusLost = document.activeElement === document.body;
    if (currentIndex >= 0) {
      if (isFirst && isFocusLost) goTo(currentIndex, true);
    } else if (!isFirst && useSelection.getState().current !== null) {
      goTo(Math.min(last.current ?? 0, pictures.length - 1), isFocusLost);
    }
    last.current = currentIndex >= 0 ? currentIndex : (last.current ?? 0);
  }, [pictures, currentIndex, isLaidOut, goTo]);
}
