/** @file Scores of all pairs as a matrix of colours, with one cell marked that is read elsewhere. Beyond 400 rows it can be looked at closer. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, type RefCallback, useCallback, useRef, useState } from "react";
import { MatrixCanvas, type MatrixPixelsProps } from "./matrix-canvas";
import { MatrixMiniMap } from "./matrix-mini-map";
import { cellAt, type MatrixCell, type MatrixWindow, movedCell, panned, type Share, showing, wholeWindow, zoomed } from "./matrix-window";

export interface MatrixHeatProps extends MatrixPixelsProps {
  /** Rows and columns before this one are of another kind than those from it on; null draws no line. */
  readonly divider: number | null;
  readonly cell: MatrixCell;
  /** The pointer or a key reached another cell. */
  readonly onCell: (cell: MatrixCell) => void;
  /** The cell was clicked. */
  readonly onPick: () => void;
  /** Enter, or a double click. */
  readonly onOpen: () => void;
  /** T: the same facts as a table. */
  readonly onTable: () => void;
  readonly words: {
    /** What it shows and how it is read by keys. */
    readonly label: string;
    readonly miniMap: string;
  };
}

/** Below this, a cell is large enough to be pointed at. */
const zoomableFrom = 400;
/** A press that moves further than this pans. Pixels. */
const clickReach = 4;
const keyFactors: Readonly<Record<string, number>> = { "+": 1.5, "=": 1.5, "-": 1 / 1.5 };
const middle: Share = { x: 0.5, y: 0.5 };

/** A square as wide as its place. */
export function MatrixHeat(props: MatrixHeatProps): ReactNode {
  const { values, count, range, table, divider, cell, onCell, onPick, onOpen, onTable, words } = props;
  const isZoomable = count > zoomableFrom;
  const [zoom, setZoom] = useState<{ readonly count: number; readonly window: MatrixWindow }>({ count, window: wholeWindow(count) });
  const window = zoom.count === count ? zoom.window : wholeWindow(count);
  const setWindow = useCallback(
    (change: (known: MatrixWindow) => MatrixWindow) => {
      setZoom((known) => ({ count, window: change(known.count === count ? known.window : wholeWindow(count)) }));
    },
    [count],
  );
  const pointer = usePointer({ window, count, isZoomable, onCell, onPick, setWindow });
  const wheel = useWheel(
    isZoomable,
    useCallback((factor, at) => setWindow((known) => zoomed(known, count, { factor, at })), [setWindow, count]),
  );

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = movedCell(cell, count, event.key);
    const factor = isZoomable ? keyFactors[event.key] : undefined;
    if (next !== null) {
      onCell(next);
      setWindow((known) => showing(known, count, next));
    } else if (factor !== undefined) setWindow((known) => showing(zoomed(known, count, { factor, at: middle }), count, cell));
    else if (event.key === "Enter") onOpen();
    else if (event.key.toLowerCase() === "t") onTable();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const percent = (cells: number): string => `${(100 * cells) / window.size}%`;
  return (
    <div className="relative">
      <div
        ref={wheel}
        {...pointer}
        role="application"
        tabIndex={0}
        aria-label={words.label}
        onKeyDown={onKeyDown}
        onDoubleClick={onOpen}
        className="relative aspect-square w-full cursor-crosshair touch-none overflow-hidden bg-well"
      >
        <MatrixCanvas {...{ values, count, range, table, window }} />
        {divider !== null && (
          <>
            <span className="pointer-events-none absolute inset-x-0 h-px bg-panel" style={{ top: percent(divider - window.top) }} />
            <span className="pointer-events-none absolute inset-y-0 w-px bg-panel" style={{ left: percent(divider - window.left) }} />
          </>
        )}
        <Marker cell={cell} window={window} />
      </div>
      {isZoomable && count - window.size >= 1 && (
        <MatrixMiniMap {...{ values, count, range, table, window, setWindow }} label={words.miniMap} />
      )}
    </div>
  );
}

/** White within black, so that it is seen on every colour; never smaller than it can be seen. */
function Marker({ cell, window }: { readonly cell: MatrixCell; readonly window: MatrixWindow }): ReactNode {
  const share = (cells: number): number => (100 * cells) / window.size;
  return (
    <span
      data-matrix-cell={`${cell.row},${cell.column}`}
      className="pointer-events-none absolute box-content -translate-x-1/2 -translate-y-1/2 border-2 border-white outline outline-black"
      style={{
        left: `${share(cell.column + 0.5 - window.left)}%`,
        top: `${share(cell.row + 0.5 - window.top)}%`,
        width: `max(5px, ${share(1)}%)`,
        height: `max(5px, ${share(1)}%)`,
      }}
    />
  );
}

interface PointerOptions extends Pick<MatrixHeatProps, "count" | "onCell" | "onPick"> {
  readonly window: MatrixWindow;
  readonly isZoomable: boolean;
  readonly setWindow: (change: (known: MatrixWindow) => MatrixWindow) => void;
}

/** Pointing reads a cell, a click picks it, a drag moves what is shown. */
function usePointer({ window, count, isZoomable, onCell, onPick, setWindow }: PointerOptions) {
  const press = useRef<{ readonly x: number; readonly y: number; readonly isPan: boolean } | null>(null);
  const last = useRef<MatrixCell | null>(null);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { x: event.clientX, y: event.clientY, isPan: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>): void => {
      const start = press.current;
      const box = event.currentTarget.getBoundingClientRect();
      if (start !== null && (start.isPan || Math.hypot(event.clientX - start.x, event.clientY - start.y) >= clickReach)) {
        const by = { x: (event.clientX - start.x) / box.width, y: (event.clientY - start.y) / box.height };
        if (isZoomable) setWindow((known) => panned(known, count, by));
        press.current = { x: event.clientX, y: event.clientY, isPan: true };
        return;
      }
      const cell = cellAt(window, count, { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
      if (last.current?.row === cell.row && last.current.column === cell.column) return;
      last.current = cell;
      onCell(cell);
    },
    onPointerUp: (): void => {
      if (press.current?.isPan === false) onPick();
      press.current = null;
    },
    onPointerLeave: (): void => {
      last.current = null;
    },
  };
}

/** The wheel zooms around the pointer. React listens to it passively, which could not stop the panel from scrolling. */
function useWheel(isZoomable: boolean, onZoom: (factor: number, at: Share) => void): RefCallback<HTMLElement> {
  return useCallback(
    (element: HTMLElement | null) => {
      if (element === null || !isZoomable) return;
      const onWheel = (event: WheelEvent): void => {
        event.preventDefault();
        const box = element.getBoundingClientRect();
        onZoom(2 ** (-event.deltaY / 240), { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
      };
      element.addEventListener("wheel", onWheel, { passive: false });
      return () => element.removeEventListener("wheel", onWheel);
    },
    [isZoomable, onZoom],
  );
}
