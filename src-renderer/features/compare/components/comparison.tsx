/** @file One pair under one metric: pictures, maps and what is read from them. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import { useRarityWords } from "../../../charts/rarity-words";
import { rampTable, readRampStops } from "../../../charts/scales";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { saveBlob } from "../../../lib/save-file";
import { EmptyState } from "../../../ui/empty-state";
import { ErrorCard } from "../../../ui/error-card";
import { PanelLayout } from "../../../ui/panel-layout";
import { StatusContent } from "../../../ui/status-slot";
import { notifyError } from "../../../ui/toast";
import { type CompareSearch, compareViews } from "../compare-search";
import { setHover, useCompare } from "../compare-state";
import { comparisonPng } from "../export-png";
import { type TilePlace, formatTilePlace, otherSide, parseTilePlace } from "../tile";
import { useCompareActions } from "../use-compare-actions";
import { type CompareModel, useCompareModel } from "../use-compare-view";
import { ComparePanel } from "./compare-panel";
import { CompareTable } from "./compare-table";
import { CompareToolbar } from "./compare-toolbar";
import { MatchLines } from "./match-lines";
import { useMetricTitle } from "../../../lib/metric-title";
import { Pane } from "./pane";
import { ScoreStrip } from "./score-strip";
import { StackedStage } from "./stacked-stage";

export interface ComparisonProps {
  readonly a: AssetId;
  readonly b: AssetId;
  readonly search: CompareSearch;
  readonly onSearch: (next: CompareSearch) => void;
}

/** The workspace once two pictures are chosen. */
export function Comparison({ a, b, search, onSearch }: ComparisonProps): ReactNode {
  const { t } = useTranslation();
  const model = useCompareModel(a, b, search);
  const isTableShown = useCompare((state) => state.isTableShown);
  const rarity = useRarity(model);
  const titleOf = useMetricTitle();
  const title = model.card === null ? "" : titleOf(model.card);

  const change = useCallback((part: Partial<CompareSearch>) => onSearch({ ...search, ...part }), [onSearch, search]);
  const onPin = useCallback((place: TilePlace | null) => change({ tile: place === null ? undefined : formatTilePlace(place) }), [change]);
  const onSwap = useCallback(() => {
    const pinned = parseTilePlace(search.tile);
    setHover(null);
    change({ a: b, b: a, tile: pinned === null ? undefined : formatTilePlace({ ...pinned, side: otherSide(pinned.side) }) });
  }, [a, b, search.tile, change]);
  const onNextView = useCallback(
    () => change({ view: compareViews[(compareViews.indexOf(model.view) + 1) % compareViews.length] }),
    [change, model.view],
  );
  const onUnpin = useCallback(() => onPin(null), [onPin]);
  const onExport = useCallback(
    () => void exportPng(model, { a, b }, [`${title}: ${model.pair?.score.toFixed(3) ?? ""}, ${rarity.text}`, factsOf(model)]),
    [model, a, b, title, rarity.text],
  );
  useCompareActions({ onSwap, onNextView, onUnpin, onExport, pictureWidth: model.pictures.a?.width ?? null });

  return (
    <PanelLayout
      workspace="compare"
      mainLabel={t("compare.title")}
      keepsRight
      right={{
        label: t("compare.settings"),
        content: <ComparePanel a={a} b={b} model={model} onMetric={(metric) => change({ metric })} />,
      }}
    >
      <h1 className="sr-only">{t("compare.title")}</h1>
      <CompareToolbar
        view={model.view}
        onView={(view) => change({ view })}
        onSwap={onSwap}
        onExport={onExport}
        canExport={model.pair !== null}
      />
      {model.cards?.length === 0 ? (
        <EmptyState title={t("compare.noMetric")}>{t("compare.noMetricNote")}</EmptyState>
      ) : (
        <>
          <ScoreStrip pair={model.pair} metricTitle={title} pairs={rarity.pairs} rarityText={rarity.text} />
          {model.error !== null && (
            <div className="shrink-0 px-4 pt-2">
              <ErrorCard error={model.error} onRetry={model.retry} />
            </div>
          )}
          <Stage {...{ a, b, model, onPin }} />
        </>
      )}
      {isTableShown && <CompareTable model={model} />}
      {model.pair !== null && (
        <StatusContent>
          {t("compare.status", { model: model.pair.modelName, milliseconds: Math.round(model.pair.milliseconds) })}
        </StatusContent>
      )}
    </PanelLayout>
  );
}

const surroundClass = { theme: "", black: "bg-(--surround-black)", mid: "bg-(--surround-mid)" } as const;

interface StageProps extends Pick<ComparisonProps, "a" | "b"> {
  readonly model: CompareModel;
  readonly onPin: (place: TilePlace | null) => void;
}

function Stage({ a, b, model, onPin }: StageProps): ReactNode {
  const layout = useCompare((state) => state.layout);
  const surround = useCompare((state) => state.surround);
  return (
    <div className={`relative flex min-h-0 flex-1 flex-col px-4 pt-1 pb-3 ${surroundClass[surround]}`}>
      {layout === "side" ? (
        <div className="relative grid min-h-0 flex-1 grid-cols-2 gap-4">
          <Pane side="a" assetId={a} model={model} onPin={onPin} />
          <Pane side="b" assetId={b} model={model} onPin={onPin} />
          {model.view === "matches" && <MatchLines model={model} />}
        </div>
      ) : (
        <StackedStage a={a} b={b} model={model} layout={layout} />
      )}
    </div>
  );
}

function useRarity({ card, pair }: CompareModel): { readonly pairs: number; readonly text: string } {
  const { api } = useEngine();
  const { data } = useQuery(
    api.search.randomPairs.queryOptions({ input: { metric: card?.metric ?? "starter-style" }, enabled: card !== null }),
  );
  const pairs = data?.scores.length ?? 0;
  const words = useRarityWords(pairs);
  return { pairs, text: pair === null ? "" : words.sentence(pair.rarity) };
}

function factsOf({ pair }: CompareModel): string {
  return pair === null
    ? ""
    : `${pair.modelName}, ${pair.recipe.tap}, ${pair.recipe.modelSha256.slice(0, 10)}, ${pair.device} ${pair.recipe.precision}`;
}

async function exportPng(model: CompareModel, ids: Readonly<Record<"a" | "b", AssetId>>, facts: readonly string[]): Promise<void> {
  try {
    const [imageA, imageB] = await Promise.all([loadImage(thumbnailUrl(ids.a, 1024)), loadImage(thumbnailUrl(ids.b, 1024))]);
    const sideOf = (side: "a" | "b", image: HTMLImageElement) => ({
      image,
      name: model.pictures[side]?.name ?? side.toUpperCase(),
      area: model.areas[side],
      grid: model.pair?.[side]?.grid ?? null,
    });
    const blob = await comparisonPng({
      sides: { a: sideOf("a", imageA), b: sideOf("b", imageB) },
      maps: model.maps,
      matches: model.view === "matches" ? model.matches : [],
      table: rampTable(readRampStops(model.maps?.ramp ?? "sequential", document.documentElement)),
      opacity: useCompare.getState().opacity,
      facts,
    });
    saveBlob("semblance-compare.png", blob);
  } catch (error) {
    notifyError(appErrorOf(error));
  }
}

async function loadImage(src: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = src;
  await image.decode();
  return image;
}
