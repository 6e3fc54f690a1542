/** @file How a comparison is looked at: opacity, range, layout, zoom, and the tile under the pointer. What is compared is in the address. */
import { create } from "zustand";
import type { CompareSearch } from "./compare-search";
import { type PaneSide, type TilePlace, otherSide } from "./tile";
import type { TileMeasure } from "./token-vectors";
import { type Viewport, fittedViewport } from "./viewport";

export const compareLayouts = ["side", "slider", "flicker"] as const;
export type CompareLayout = (typeof compareLayouts)[number];

/** `fitted`: from the lowest to the highest value shown. `fixed`: the same scale for every tile and pair. */
export const rangeModes = ["fitted", "fixed"] as const;
export type RangeMode = (typeof rangeModes)[number];

export const surrounds = ["theme", "black", "mid"] as const;
export type Surround = (typeof surrounds)[number];

interface CompareState {
  readonly layout: CompareLayout;
  readonly opacity: number;
  readonly rangeMode: RangeMode;
  readonly measure: TileMeasure;
  readonly surround: Surround;
  readonly isTableShown: boolean;
  /** Masks over the pictures, and the score of the foregrounds. */
  readonly isForegroundShown: boolean;
  readonly isLinked: boolean;
  readonly viewports: Readonly<Record<PaneSide, Viewport>>;
  /** The tile under the pointer, at its middle; null while the pointer is elsewhere. */
  readonly hover: TilePlace | null;
  /** Where the slider layout divides, 0..1 from the left. */
  readonly divider: number;
  /** Which picture the flicker layout shows. */
  readonly flickerSide: PaneSide;
  /** The pair that was compared last, for the way back by the workspace's tab. */
  readonly last: CompareSearch | null;
}

export const useCompare = create<CompareState>(() => ({
  layout: "side",
  opacity: 0.64,
  rangeMode: "fitted",
  measure: "cosine",
  surround: "theme",
  isTableShown: false,
  isForegroundShown: false,
  isLinked: true,
  viewports: { a: fittedViewport, b: fittedViewport },
  hover: null,
  divider: 0.5,
  flickerSide: "a",
  last: null,
}));

/** Sets the zoom of one picture, or of both while they are linked. */
export function setViewport(side: PaneSide, viewport: Viewport): void {
  useCompare.setState(({ isLinked, viewports }) => ({
    viewports: isLinked ? { a: viewport, b: viewport } : { ...viewports, [side]: viewport },
  }));
}

export function setBothViewports(viewport: Viewport): void {
  useCompare.setState({ viewports: { a: viewport, b: viewport } });
}

/** Links zoom and pan; the second picture takes over the first one's. */
export function toggleLinked(): void {
  useCompare.setState(({ isLinked, viewports }) => ({
    isLinked: !isLinked,
    viewports: isLinked ? viewports : { a: viewports.a, b: viewports.a },
  }));
}

/** Points at a tile; pointing at the same one again changes nothing, so nothing is painted again. */
export function setHover(hover: TilePlace | null): void {
  const known = useCompare.getState().hover;
  if (known?.side === hover?.side && known?.x === hover?.x && known?.y === hover?.y) return;
  useCompare.setState({ hover });
}

export function stepOpacity(by: number): void {
  useCompare.setState(({ opacity }) => ({ opacity: Math.min(1, Math.max(0, Math.round((opacity + by) * 100) / 100)) }));
}

export function flipFlicker(): void {
  useCompare.setState(({ flickerSide }) => ({ flickerSide: otherSide(flickerSide) }));
}
