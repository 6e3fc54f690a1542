/** @file One picture with its map and marks, zoomed. It fills a box of the picture's own shape. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { pictureUrl, thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { MaskInUse } from "#shared/domain/mask";
import { HeatmapCanvas } from "../../../charts/heatmap-canvas";
import type { ValueRange } from "../../../charts/scales";
import { useRampTable } from "../../../charts/use-ramp-table";
import { Artwork } from "../../../ui/artwork";
import { MaskOverlay } from "../../../ui/mask-overlay";
import { useCompare } from "../compare-state";
import type { PairMaps, SideMap } from "../maps";
import type { PatchMatch } from "../matches";
import type { TokenGrid } from "#shared/domain/score";
import { type FractionBox, type PaneSide, tileBox, tileCentre } from "../tile";
import { type Viewport, viewportTransform } from "../viewport";
import { TileMark } from "./tile-mark";

export interface PictureLayerProps {
  readonly side: PaneSide;
  readonly assetId: AssetId;
  readonly name: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly area: FractionBox;
  readonly maps: PairMaps | null;
  /** What stands in front; null where it is not shown. */
  readonly mask: MaskInUse | null;
  /** Numbered patches of the matches view; empty in the others. */
  readonly matches: readonly PatchMatch[];
  readonly matchGrid: TokenGrid | null;
}

/** Above this zoom the thumbnail would be blurred, so the picture itself is fetched. */
const thumbnailZoom = 1.5;

/** The stack: picture, map, marks. The map covers only the part of the picture that the model saw. */
export function PictureLayer({ side, assetId, name, size, area, maps, mask, matches, matchGrid }: PictureLayerProps): ReactNode {
  const { t } = useTranslation();
  const viewport = useCompare((state) => state.viewports[side]);
  const map = maps?.[side] ?? null;
  const src = viewport.scale > thumbnailZoom ? pictureUrl(assetId) : thumbnailUrl(assetId, 1024);
  return (
    <div className="absolute top-0 left-0 origin-top-left" style={{ ...size, transform: viewportTransform(viewport, size) }}>
      <Artwork src={src} alt={name} fit="fill" className="size-full" />
      {maps !== null && map !== null && <MapOverlay map={map} range={maps.range} ramp={maps.ramp} area={area} name={name} />}
      {mask !== null && <MaskOverlay mask={mask.mask} label={t("mask.overlayOf", { name })} />}
      {map?.marked && <TileMark box={tileBox(map.marked.tile, map.grid, area)} kind={map.marked.kind} scale={viewport.scale} />}
      {matchGrid !== null && <MatchDots {...{ matches, side, area, viewport }} grid={matchGrid} />}
    </div>
  );
}

interface MapOverlayProps {
  readonly map: SideMap;
  readonly range: ValueRange;
  readonly ramp: PairMaps["ramp"];
  readonly area: FractionBox;
  readonly name: string;
}

const percent = (share: number): string => `${share * 100}%`;

function MapOverlay({ map, range, ramp, area, name }: MapOverlayProps): ReactNode {
  const { t } = useTranslation();
  const opacity = useCompare((state) => state.opacity);
  const table = useRampTable(ramp);
  return (
    <div
      className="pointer-events-none absolute"
      style={{ left: percent(area.x), top: percent(area.y), width: percent(area.width), height: percent(area.height) }}
    >
      <HeatmapCanvas
        values={map.values}
        rows={map.grid.rows}
        columns={map.grid.columns}
        range={range}
        table={table}
        opacity={opacity}
        label={t("compare.mapOf", { name })}
      />
    </div>
  );
}

interface MatchDotsProps {
  readonly matches: readonly PatchMatch[];
  readonly grid: TokenGrid;
  readonly side: PaneSide;
  readonly area: FractionBox;
  readonly viewport: Viewport;
}

/** The same number on both pictures joins two patches, also where no line can be drawn. */
function MatchDots({ matches, grid, side, area, viewport }: MatchDotsProps): ReactNode {
  return matches.map((match, index) => {
    const { x, y } = tileCentre(match[side], grid, area);
    return (
      <span
        key={match.a}
        aria-hidden
        className="absolute grid size-4 place-items-center rounded-full border border-white bg-black text-[10px] leading-none font-semibold text-white"
        style={{ left: percent(x), top: percent(y), transform: `translate(-50%, -50%) scale(${1 / viewport.scale})` }}
      >
        {index + 1}
      </span>
    );
  });
}
