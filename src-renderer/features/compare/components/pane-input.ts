/** @file Pointer, wheel and keys on a picture: point and pin tiles, zoom and pan. */
import { type KeyboardEvent, type PointerEvent, type RefCallback, useCallback, useRef } from "react";
import type { TokenGrid } from "#shared/domain/score";
import { setHover, setViewport, useCompare } from "../compare-state";
import { type FractionBox, type PaneSide, type TilePlace, neighbourTile, tileAt, tileCentre } from "../tile";
import { pannedBy, placeSeenAt, zoomedAt } from "../viewport";

export interface PaneInputOptions {
  readonly side: PaneSide;
  /** The grid under the pointer; null while there is no map. */
  readonly grid: TokenGrid | null;
  readonly area: FractionBox;
  readonly reading: TilePlace | null;
  readonly onPin: (place: TilePlace | null) => void;
}

export interface PaneInput {
  readonly ref: RefCallback<HTMLElement>;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerLeave: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** A press that moves further than this pans; a shorter one pins. Pixels. */
const clickReach = 4;
const steps: Readonly<Record<string, { readonly columns: number; readonly rows: number }>> = {
  ArrowLeft: { columns: -1, rows: 0 },
  ArrowRight: { columns: 1, rows: 0 },
  ArrowUp: { columns: 0, rows: -1 },
  ArrowDown: { columns: 0, rows: 1 },
};

/** Handlers for the element that has exactly the picture's (unzoomed) box. */
export function usePaneInput({ side, grid, area, reading, onPin }: PaneInputOptions): PaneInput {
  const press = useRef<{ readonly x: number; readonly y: number; isPan: boolean } | null>(null);

  const placeOf = (event: PointerEvent<HTMLElement>): TilePlace | null => {
    if (grid === null) return null;
    const at = pictureAt(event.currentTarget, event, side);
    return { side, ...tileCentre(tileAt(at.x, at.y, grid, area), grid, area) };
  };

  return {
    ref: useWheelZoom(side),
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      press.current = { x: event.clientX, y: event.clientY, isPan: false };
    },
    onPointerMove: (event) => {
      const start = press.current;
      if (start === null) return setHover(placeOf(event));
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) < clickReach && !start.isPan) return;
      const box = event.currentTarget.getBoundingClientRect();
      const by = { x: (event.clientX - start.x) / box.width, y: (event.clientY - start.y) / box.height };
      setViewport(side, pannedBy(useCompare.getState().viewports[side], by));
      press.current = { x: event.clientX, y: event.clientY, isPan: true };
    },
    onPointerUp: (event) => {
      if (press.current !== null && !press.current.isPan) onPin(placeOf(event));
      press.current = null;
    },
    onPointerLeave: () => setHover(null),
    onKeyDown: (event) => {
      const step = steps[event.key];
      if (step !== undefined && grid !== null) {
        event.preventDefault();
        setHover(null);
        onPin({ side, ...tileCentre(nextTile({ side, grid, area, reading, step }), grid, area) });
      }
      if (event.key === "Enter" && reading !== null) onPin(reading);
      if (event.key === "Escape") {
        setHover(null);
        onPin(null);
      }
    },
  };
}

/** The tile an arrow key leads to: from the tile that is read in this picture, else from the middle. */
function nextTile({
  side,
  grid,
  area,
  reading,
  step,
}: {
  side: PaneSide;
  grid: TokenGrid;
  area: FractionBox;
  reading: TilePlace | null;
  step: { columns: number; rows: number };
}): number {
  if (reading?.side !== side) return tileAt(0.5, 0.5, grid, area);
  return neighbourTile(tileAt(reading.x, reading.y, grid, area), grid, step);
}

/** The place of the picture under a pointer, through the zoom. */
function pictureAt(
  element: HTMLElement,
  event: { readonly clientX: number; readonly clientY: number },
  side: PaneSide,
): { readonly x: number; readonly y: number } {
  const box = element.getBoundingClientRect();
  const seen = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  return placeSeenAt(seen, useCompare.getState().viewports[side]);
}

/** The wheel zooms around the pointer. React listens to the wheel passively, which could not stop the page from scrolling. */
function useWheelZoom(side: PaneSide): RefCallback<HTMLElement> {
  return useCallback(
    (element: HTMLElement | null) => {
      if (element === null) return;
      const onWheel = (event: WheelEvent): void => {
        event.preventDefault();
        const box = element.getBoundingClientRect();
        const pointer = { x: (event.clientX - box.left) / box.width - 0.5, y: (event.clientY - box.top) / box.height - 0.5 };
        setViewport(side, zoomedAt(useCompare.getState().viewports[side], 2 ** (-event.deltaY / 240), pointer));
      };
      element.addEventListener("wheel", onWheel, { passive: false });
      return () => element.removeEventListener("wheel", onWheel);
    },
    [side],
  );
}
