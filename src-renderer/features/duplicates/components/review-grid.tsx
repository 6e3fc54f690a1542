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
import { GroupHead, headWidth } from "./group-head";
import { FileList } from "./file-list";
import { PictureTile } from "./picture-tile";

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
    (index: number) => {
      const id = pictures[index]?.picture.asset.id;
      if (id === undefined) return;
      selectOnly([id]);
      virtualizer.scrollToIndex(lineOf(lines, index));
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
    if (target !== null) goTo(target);
    else if (event.key === " ") onView(index);
    else if (event.key === "Enter" && picture !== undefined) onOpen(picture);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
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
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={place + 1}
                className="absolute inset-x-4 top-0 flex"
                style={{ transform: `translateY(${start}px)`, height: line.size }}
              >
                <GroupHead tier={tier} group={group} number={line.group + 1} isShown={line.isFirst} onKeepApart={onKeepApart} />
                <div role="presentation" className="relative flex-1">
                  {line.boxes.map(({ index, left, width: tileWidth }) => {
                    const reviewed = pictures[index];
                    if (reviewed === undefined) return null;
                    const { id } = reviewed.picture.asset;
                    return (
                      <PictureTile
                        key={id}
                        reviewed={reviewed}
                        isOneOfSeveral={tier !== "exact"}
                        index={index}
                        left={left}
                        width={tileWidth}
                        isSelected={selected.has(id)}
                        isFocusTarget={index === Math.max(0, currentIndex)}
                        onPick={onPick}
                        onView={onView}
                      />
                    );
                  })}
                  {tier === "exact" && line.boxes[0] && <FileList files={group.pictures[0]?.files ?? []} left={line.boxes[0].width + 20} />}
                </div>
              </div>
            );
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
  readonly goTo: (index: number) => void;
}

/** Where a picture left its group, the one that took its place is next; who comes back finds the picture again. */
function usePlace({ pictures, currentIndex, isLaidOut, goTo }: PlaceParts): void {
  const last = useRef<number | null>(null);
  useEffect(() => {
    if (!isLaidOut) return;
    const isFirst = last.current === null;
    if (currentIndex >= 0) {
      if (isFirst && document.activeElement === document.body) goTo(currentIndex);
    } else if (!isFirst && useSelection.getState().current !== null) {
      goTo(Math.min(last.current ?? 0, pictures.length - 1));
    }
    last.current = currentIndex >= 0 ? currentIndex : (last.current ?? 0);
  }, [pictures, currentIndex, isLaidOut, goTo]);
}
