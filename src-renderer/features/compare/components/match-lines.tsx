/** @file Lines between the patches that belong together, over both panes. */
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import type { TokenGrid } from "#shared/domain/score";
import { positionIn, rangeOf } from "../../../charts/scales";
import { useElementSize } from "../../../lib/use-element-size";
import { useCompare } from "../compare-state";
import type { PatchMatch } from "../matches";
import { type FractionBox, type PaneSide, tileCentre } from "../tile";
import type { CompareModel } from "../use-compare-view";
import { type Viewport, seenAt } from "../viewport";

interface Line {
  readonly key: number;
  readonly from: Point;
  readonly to: Point;
  readonly width: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws over its positioned parent, which holds the panes. A patch that is zoomed out of sight has no line. */
export function MatchLines({ model }: { readonly model: CompareModel }): ReactNode {
  const [sizeRef, size] = useElementSize<HTMLDivElement>();
  const layer = useRef<HTMLDivElement | null>(null);
  const viewports = useCompare((state) => state.viewports);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const { matches, areas, pair } = model;
  useLayoutEffect(() => {
    const stage = layer.current?.parentElement;
    const isLaidOut = stage && size.width > 0 && pair?.a && pair.b;
    setLines(isLaidOut ? linesBetween(stage, matches, { a: pair.a.grid, b: pair.b.grid, areas, viewports }) : []);
  }, [matches, areas, pair, viewports, size]);
  return (
    <div
      ref={(element) => {
        layer.current = element;
        return sizeRef(element);
      }}
      aria-hidden
      className="pointer-events-none absolute inset-0 z-1"
    >
      <svg className="size-full">
        {lines.map(({ key, from, to, width }) => (
          <g key={key}>
            <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke="#000" strokeOpacity="0.6" strokeWidth={width + 2} />
            <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} stroke="var(--cluster-1)" strokeWidth={width} />
          </g>
        ))}
      </svg>
    </div>
  );
}

interface Grids {
  readonly a: TokenGrid;
  readonly b: TokenGrid;
  readonly areas: Readonly<Record<PaneSide, FractionBox>>;
  readonly viewports: Readonly<Record<PaneSide, Viewport>>;
}

function linesBetween(stage: HTMLElement, matches: readonly PatchMatch[], grids: Grids): readonly Line[] {
  const range = rangeOf(matches.map(({ agreement }) => agreement));
  return matches.flatMap((match) => {
    const from = pointOf(stage, "a", seenAt(tileCentre(match.a, grids.a, grids.areas.a), grids.viewports.a));
    const to = pointOf(stage, "b", seenAt(tileCentre(match.b, grids.b, grids.areas.b), grids.viewports.b));
    if (from === null || to === null) return [];
    return [{ key: match.a, ...shortened(from, to), width: 1.5 + 2.5 * positionIn(match.agreement, range) }];
  });
}

/** Half the width of a numbered dot: lines end at its edge and leave the number readable. */
const dotRadius = 8;

function shortened(from: Point, to: Point): { readonly from: Point; readonly to: Point } {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const by = { x: ((to.x - from.x) / length) * dotRadius, y: ((to.y - from.y) / length) * dotRadius };
  return { from: { x: from.x + by.x, y: from.y + by.y }, to: { x: to.x - by.x, y: to.y - by.y } };
}

/** A place of a pane in pixels of the stage; null when it is out of its pane. */
function pointOf(stage: HTMLElement, side: PaneSide, { x, y }: Point): Point | null {
  const pane = stage.querySelector(`[data-pane="${side}"]`)?.getBoundingClientRect();
  if (!pane || x < 0 || x > 1 || y < 0 || y > 1) return null;
  const origin = stage.getBoundingClientRect();
  return { x: pane.left + x * pane.width - origin.left, y: pane.top + y * pane.height - origin.top };
}
