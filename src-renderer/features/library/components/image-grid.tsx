/** @file The virtual grid: justified rows of which only those in view exist, one tab stop, arrows by what the eye sees. */
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, type MouseEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatCount } from "../../../lib/format";
import { justifiedRows, rowOfItem, tileBoxes } from "../../../lib/justified-rows";
import { addSelected, clearSelection, selectOnly, toggleSelected, useSelection } from "../../../lib/selection";
import { useElementSize } from "../../../lib/use-element-size";
import type { AssetPages } from "../asset-pages";
import { type GridMove, moveTarget } from "../grid-moves";
import { useScrollAnchor } from "../use-scroll-anchor";
import { ImageTile } from "./image-tile";

const gap = 6;
const padding = 12;

export interface ImageGridProps {
  readonly pages: AssetPages;
  /** What is listed: each list keeps its scroll position. */
  readonly list: string;
  readonly thumbnailSize: number;
  /** Space or a double click on a picture. */
  readonly onPreview: (index: number) => void;
  /** Enter on a picture. */
  readonly onCompare: () => void;
}

/** All pictures of the list, `total` of them, as a grid of rows. */
export function ImageGrid({ pages, list, thumbnailSize, onPreview, onCompare }: ImageGridProps): ReactNode {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement | null>(null);
  const [sizeRef, size] = useElementSize<HTMLDivElement>();
  const gridRef = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element;
      return sizeRef(element);
    },
    [sizeRef],
  );
  const count = pages.total ?? 0;
  const width = Math.max(0, size.width - 2 * padding);
  const { aspectOf } = pages;
  const rows = useMemo(
    () => justifiedRows({ count, aspectOf, width, targetHeight: thumbnailSize, gap }),
    [count, aspectOf, width, thumbnailSize],
  );
  const layout = useMemo(() => ({ rows, aspectOf, width, gap }), [rows, aspectOf, width]);
  const selected = useSelection((state) => state.ids);
  const current = useSelection((state) => state.current);
  const currentIndex = (current && pages.indexOf(current)) ?? 0;
  const currentRow = rowOfItem(rows, currentIndex);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.height ?? thumbnailSize) + gap,
    getItemKey: useCallback((index: number) => rows[index]?.start ?? index, [rows]),
    // The row with the keyboard stays, or scrolling it out of view would lose the focus.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...(currentRow >= 0 && currentRow < rows.length ? [currentRow] : [])])].sort(
        (a, b) => a - b,
      ),
    overscan: 3,
    paddingStart: padding,
    paddingEnd: padding - gap,
  });
  useScrollAnchor({ scroller, rows, gap, padding, list });

  const shown = virtualizer.getVirtualItems();
  const first = rows[virtualizer.range?.startIndex ?? 0]?.start ?? 0;
  const last = rows[virtualizer.range?.endIndex ?? 0]?.end ?? 0;
  useEffect(() => pages.need(first, last), [pages, first, last]);

  const anchorIndex = useRef<number | null>(null);

  const focusTile = useCallback(
    (index: number) => {
      virtualizer.scrollToIndex(rowOfItem(rows, index), { align: "auto" });
      const tile = (): HTMLElement | null | undefined => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      // The row of the current picture is rendered wherever it is; it may take a frame to get there.
      requestAnimationFrame(() => tile()?.focus({ preventScroll: true }));
    },
    [virtualizer, rows],
  );
  const selectRange = useCallback(
    async (to: number, keepsOthers: boolean) => {
      const from = anchorIndex.current ?? to;
      const ids = (await pages.range(Math.min(from, to), Math.max(from, to) + 1)).map(({ id }) => id);
      const target = pages.at(to)?.id ?? null;
      if (keepsOthers) addSelected(ids, target);
      else selectOnly(ids, target);
    },
    [pages],
  );
  const onPick = useCallback(
    (index: number, event: MouseEvent) => {
      const asset = pages.at(index);
      if (!asset) return;
      const isToggle = event.ctrlKey || event.metaKey;
      if (event.shiftKey) return void selectRange(index, isToggle);
      anchorIndex.current = index;
      if (isToggle) toggleSelected(asset.id);
      else selectOnly([asset.id]);
    },
    [pages, selectRange],
  );
  const moveTo = async (index: number, extends_: boolean): Promise<void> => {
    if (extends_) {
      anchorIndex.current ??= currentIndex;
      await selectRange(index, false);
    } else {
      anchorIndex.current = index;
      const [asset] = await pages.range(index, index + 1);
      if (asset) selectOnly([asset.id]);
    }
    focusTile(index);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = event.key as GridMove;
    const target =
      event.altKey || event.ctrlKey || event.metaKey
        ? null
        : moveTarget(move, { layout, index: currentIndex, count, pageHeight: size.height });
    if (target !== null) void moveTo(target, event.shiftKey);
    else if (event.key === " ") onPreview(currentIndex);
    else if (event.key === "Enter") onCompare();
    else if (event.key === "Escape") clearSelection();
    else if (event.key === "a" && (event.ctrlKey || event.metaKey))
      void pages.range(0, count).then((assets) =>
        selectOnly(
          assets.map(({ id }) => id),
          current,
        ),
      );
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** Keys act on what is selected: a tile that Tab leads to is, unless something else is already. */
  const onFocus = ({ target }: FocusEvent<HTMLElement>): void => {
    const asset = pages.at(Number(target.dataset["index"] ?? -1));
    if (asset && selected.size === 0 && target.matches(":focus-visible")) selectOnly([asset.id]);
  };
  return (
    <div
      ref={gridRef}
      role="grid"
      data-region-focus
      tabIndex={-1}
      aria-label={t("library.grid", { count, formatted: formatCount(count) })}
      aria-multiselectable
      aria-rowcount={rows.length}
      aria-colcount={count}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onClick={(event) => event.target === event.currentTarget && clearSelection()}
      className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto outline-none"
    >
      <div role="presentation" className="relative w-full" style={{ height: virtualizer.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return row ? (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 1}
              className="absolute"
              style={{ top: item.start, left: padding, width, height: row.height }}
            >
              {tileBoxes(row, layout).map((box) => {
                const asset = pages.at(box.index);
                return (
                  <ImageTile
                    key={box.index}
                    asset={asset}
                    index={box.index}
                    left={box.left}
                    width={box.width}
                    height={row.height}
                    isSelected={asset !== undefined && selected.has(asset.id)}
                    isCurrent={box.index === currentIndex || (current === null && box.index === 0)}
                    onPick={onPick}
                    onOpen={onPreview}
                  />
                );
              })}
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
