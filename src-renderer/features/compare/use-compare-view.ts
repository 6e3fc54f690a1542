/** @file Everything the page of Compare shows for one pair, derived from what the engine gave and what is pointed at. */
import { useMemo } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { MaskInUse } from "#shared/domain/mask";
import type { MetricCard } from "#shared/domain/model-card";
import type { PairScore } from "#shared/domain/score";
import { gridArea } from "#shared/domain/grid-area";
import { type PictureFacts, usePicture } from "../../lib/pictures";
import { useMaskInUse } from "../../ui/keep-mask";
import type { CompareSearch, CompareView } from "./compare-search";
import { useCompare } from "./compare-state";
import { type Areas, type PairMaps, agreementMaps, mostAgreeingTile, similarityMaps } from "./maps";
import { type PatchMatch, bestMatches } from "./matches";
import { useMapMetrics, usePairScore, useTokenPair } from "./queries";
import { type PaneSide, type TilePlace, parseTilePlace, tileCentre, wholePicture } from "./tile";

/** `pinned`: set by a click. `pointer`: under the pointer. `best`: where A agrees most with B, while nothing is pointed at. */
export type ReadingSource = "pinned" | "pointer" | "best";

export interface CompareModel {
  readonly view: CompareView;
  readonly cards: readonly MetricCard[] | null;
  readonly card: MetricCard | null;
  readonly pictures: Readonly<Record<PaneSide, PictureFacts | null>>;
  readonly pair: PairScore | null;
  readonly areas: Areas;
  readonly maps: PairMaps | null;
  readonly matches: readonly PatchMatch[];
  /** Masks to lie over the pictures; null where none is shown. */
  readonly masks: Readonly<Record<PaneSide, MaskInUse | null>>;
  readonly reading: TilePlace | null;
  readonly readingSource: ReadingSource;
  readonly error: AppErrorShape | null;
  readonly retry: () => void;
}

const wholeAreas: Areas = { a: wholePicture, b: wholePicture };
const noMatches: readonly PatchMatch[] = [];
const shownMatches = 8;

/** Reads both pictures under the chosen metric. Nothing of another pair or metric is ever in the result. */
export function useCompareModel(a: AssetId, b: AssetId, search: CompareSearch): CompareModel {
  const cards = useMapMetrics();
  const card = cards?.find(({ metric }) => metric === search.metric) ?? cards?.[0] ?? null;
  const metric = card?.metric ?? null;
  const measure = useCompare((state) => state.measure);
  const rangeMode = useCompare((state) => state.rangeMode);
  const hover = useCompare((state) => state.hover);
  const pictureA = usePicture(a);
  const pictureB = usePicture(b);
  const pairScore = usePairScore(a, b, metric);
  const isForegroundShown = useCompare((state) => state.isForegroundShown);
  const maskMetric = isForegroundShown && card?.hasForeground === true ? metric : null;
  const maskA = useMaskInUse(a, maskMetric);
  const maskB = useMaskInUse(b, maskMetric);
  const tokens = useTokenPair(a, b, { metric, measure });
  const pair = pairScore.data;

  const areas = useMemo(() => {
    if (pair === null || pictureA.picture === null || pictureB.picture === null) return wholeAreas;
    return { a: gridArea(pair.recipe, pictureA.picture), b: gridArea(pair.recipe, pictureB.picture) };
  }, [pair, pictureA.picture, pictureB.picture]);

  const pinned = useMemo(() => parseTilePlace(search.tile), [search.tile]);
  const best = useMemo(() => bestPlace(pair, areas), [pair, areas]);
  const reading = hover ?? pinned ?? best;
  const view = search.view ?? "similarity";
  const maps = useMemo(() => {
    if (view === "agreement") return pair === null ? null : agreementMaps(pair, rangeMode);
    return view === "matches" || tokens.data === null || reading === null
      ? null
      : similarityMaps(tokens.data, reading, { areas, measure, rangeMode });
  }, [view, pair, rangeMode, tokens.data, reading, areas, measure]);
  const matches = useMemo(() => (pair?.a && pair.b ? bestMatches(pair.a, pair.b, shownMatches) : noMatches), [pair]);

  return {
    view,
    cards,
    card,
    pictures: { a: pictureA.picture, b: pictureB.picture },
    pair,
    areas,
    maps,
    matches,
    masks: { a: maskA, b: maskB },
    reading,
    readingSource: hover !== null ? "pointer" : pinned !== null ? "pinned" : "best",
    error: pictureA.error ?? pictureB.error ?? pairScore.error ?? (view === "similarity" ? tokens.error : null),
    retry: () => {
      if (pairScore.error !== null) pairScore.retry();
      if (tokens.error !== null) tokens.retry();
    },
  };
}

function bestPlace(pair: PairScore | null, areas: Areas): TilePlace | null {
  const tile = pair === null ? null : mostAgreeingTile(pair);
  if (tile === null || !pair?.a) return null;
  return { side: "a", ...tileCentre(tile, pair.a.grid, areas.a) };
}
