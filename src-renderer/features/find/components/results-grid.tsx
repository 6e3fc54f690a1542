/** @file The results in justified rows, best first; only the rows in sight are in the page. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { Match } from "#shared/domain/search";
import { formatScore } from "../../../lib/format";
import { useElementSize } from "../../../lib/use-element-size";
import type { CutoffSplit } from "../cutoff";
import { selectResult, useFind } from "../find-state";
import { type GridMove, type ResultBand, bandOf, layoutResults, movedIndex, targetRowHeight } from "../result-layout";
import type { ResultWords } from "../use-result-words";
import { votesInUse } from "../votes";
import { ResultTile } from "./result-tile";

export interface ResultsGridProps {
  readonly split: CutoffSplit;
  readonly copyCounts: ReadonlyMap<AssetId, number>;
  readonly cutoff: number | null;
  readonly selectedId: AssetId | null;
  readonly pairs: number;
  readonly words: ResultWords;
  readonly onOpen: (id: AssetId) => void;
}

const padding = 12;
const moves: Readonly<Record<string, GridMove>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

/** A grid for the keyboard and for screen readers: arrows go by visual row, Enter compares. */
export function ResultsGrid({ split, copyCounts, cutoff, selectedId, pairs, words, onOpen }: ResultsGridProps): ReactNode {
  const { t } = useTranslation();
  const isAnswering = useFind((state) => state.search.isRunning);
  const [sizeRef, { width: outerWidth }] = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const matches = useMemo(() => [...split.above, ...split.below], [split]);
  const voteNames = useMemo(() => votesInUse(matches), [matches]);
  const bands = useBands(split, matches, outerWidth);
  const selectedIndex = matches.findIndex(({ asset }) => asset.id === selectedId);

  const virtualizer = useVirtualizer({
    count: bands.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => bands[index]?.size ?? 0,
    overscan: 3,
    paddingStart: padding,
    paddingEnd: padding,
    scrollPaddingStart: padding,
  });
  useEffect(() => virtualizer.measure(), [bands, virtualizer]);

  const focusResult = useCallback(
    (index: number) => {
      const id = matches[index]?.asset.id;
      if (id === undefined) return;
      selectResult(id);
      virtualizer.scrollToIndex(bandOf(bands, index));
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-result="${id}"]`)?.focus({ preventScroll: true }));
    },
    [matches, bands, virtualizer],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && selectedId !== null) {
      event.preventDefault();
      onOpen(selectedId);
    }
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    focusResult(movedIndex(bands, Math.max(0, selectedIndex), move));
  };

  return (
    <div ref={sizeRef} className="relative min-h-0 flex-1">
      <div ref={scroller} className="absolute inset-0 overflow-auto px-3">
        <div
          role="grid"
          aria-label={t("find.resultsBestFirst")}
          aria-busy={isAnswering}
          aria-rowcount={bands.length}
          data-region-focus
          onKeyDown={onKeyDown}
          className="relative"
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const band = bands[index];
            if (band === undefined) return null;
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)`, height: band.size }}
              >
                {band.kind === "rule" ? (
                  <CutoffRule text={cutoff === null ? "" : t("find.belowCutoff", { cutoff: formatScore(cutoff) })} />
                ) : (
                  <BandTiles {...{ band, matches, copyCounts, voteNames, pairs, words, onOpen }} selectedIndex={selectedIndex} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function useBands(split: CutoffSplit, matches: readonly Match[], outerWidth: number): readonly ResultBand[] {
  return useMemo(() => {
    const width = Math.max(0, Math.floor(outerWidth) - 2 * padding - 10); // 10: the scroll bar, so that its coming and going moves nothing
    const aspectOf = (index: number): number => {
      const asset = matches[index]?.asset;
      return asset === undefined ? 1 : asset.width / asset.height;
    };
    return layoutResults({
      aboveCount: split.above.length,
      belowCount: split.below.length,
      aspectOf,
      width,
      targetHeight: targetRowHeight(width),
    });
  }, [split, matches, outerWidth]);
}

interface BandTilesProps extends Pick<ResultsGridProps, "copyCounts" | "pairs" | "words" | "onOpen"> {
  readonly band: Extract<ResultBand, { kind: "row" }>;
  readonly matches: readonly Match[];
  readonly voteNames: ReturnType<typeof votesInUse>;
  readonly selectedIndex: number;
}

function BandTiles({ band, matches, copyCounts, selectedIndex, ...shared }: BandTilesProps): ReactNode {
  const areCopiesFolded = useFind((state) => state.areCopiesFolded);
  return band.boxes.map(({ index, left, width }) => {
    const match = matches[index];
    if (match === undefined) return null;
    return (
      <ResultTile
        key={match.asset.id}
        {...shared}
        match={match}
        copies={areCopiesFolded ? (copyCounts.get(match.asset.id) ?? 0) : 0}
        left={left}
        width={width}
        imageHeight={band.imageHeight}
        isBelow={band.isBelow}
        isSelected={index === selectedIndex}
        isFocusTarget={index === Math.max(0, selectedIndex)}
        onSelect={selectResult}
      />
    );
  });
}

function CutoffRule({ text }: { readonly text: string }): ReactNode {
  return (
    <div
      role="gridcell"
      className="flex h-6 items-center gap-2 pt-1 text-2xs text-fg-3 before:flex-1 before:border-t before:border-dashed before:border-line-strong after:flex-1 after:border-t after:border-dashed after:border-line-strong"
    >
      {text}
    </div>
  );
}
