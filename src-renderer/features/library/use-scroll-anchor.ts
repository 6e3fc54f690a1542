/** @file Holds the grid still: the picture at the top stays there when rows above it change, and is found again on return. */
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type JustifiedRow, rowAt, rowOfItem } from "../../lib/justified-rows";

/** The item at the top of the view, and how much of its row is above it (0 to 1). */
interface Anchor {
  readonly item: number;
  readonly offset: number;
}

const left = new Map<string, Anchor>();

export interface ScrollAnchorOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rows: readonly JustifiedRow[];
  readonly gap: number;
  /** Distance from the top of the content to the first row. */
  readonly padding: number;
  /** What is listed, e.g. folder and filter; each list keeps its own place while the window is open. */
  readonly list: string;
}

/** Corrects the scroll position after each change of `rows`. */
export function useScrollAnchor({ scroller, rows, gap, padding, list }: ScrollAnchorOptions): void {
  const anchor = useRef<Anchor>(left.get(list) ?? { item: 0, offset: 0 });
  const known = useRef(rows);
  const isPlaced = useRef(false);
  useEffect(() => {
    const element = scroller.current;
    const remember = (): void => {
      if (!element || !isPlaced.current) return;
      const y = element.scrollTop - padding;
      const row = known.current[rowAt(known.current, y)];
      if (!row) return;
      anchor.current = { item: row.start, offset: (y - row.top) / (row.height + gap) };
      left.set(list, anchor.current);
    };
    element?.addEventListener("scroll", remember, { passive: true });
    return () => element?.removeEventListener("scroll", remember);
  }, [scroller, gap, padding, list]);
  useLayoutEffect(() => {
    known.current = rows;
    const element = scroller.current;
    const row = rows[rowOfItem(rows, anchor.current.item)];
    if (!element || !row) return;
    const isReturn = !isPlaced.current && anchor.current.item > 0;
    isPlaced.current = true;
    if (!isReturn && element.scrollTop <= padding) return;
    const wanted = padding + row.top + anchor.current.offset * (row.height + gap);
    if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTo({ top: wanted });
  }, [scroller, rows, gap, padding]);
}
