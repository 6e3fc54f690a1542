/** @file One picture of the pair with its header, fitted into the space it is given. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { useElementSize } from "../../../lib/use-element-size";
import { mapSummary } from "../token-vectors";
import { type PaneSide, type TilePlace, tileName } from "../tile";
import type { CompareModel } from "../use-compare-view";
import { fittedSize } from "../viewport";
import { usePaneInput } from "./pane-input";
import { PictureLayer } from "./picture-layer";

export interface PaneProps {
  readonly side: PaneSide;
  readonly assetId: AssetId;
  readonly model: CompareModel;
  readonly onPin: (place: TilePlace | null) => void;
}

/** Pointing reads a tile, a click pins it, arrow keys move it. */
export function Pane({ side, assetId, model, onPin }: PaneProps): ReactNode {
  const { t } = useTranslation();
  const [holderRef, holder] = useElementSize<HTMLDivElement>();
  const picture = model.pictures[side];
  const size = picture === null ? null : fittedSize(picture, holder);
  const name = picture?.name ?? t("compare.outsidePicture");
  return (
    <section aria-label={t("compare.paneOf", { letter: side.toUpperCase(), name })} className="flex min-h-0 min-w-0 flex-col">
      <PaneHeader side={side} name={name} model={model} width={size?.width ?? null} />
      <div ref={holderRef} className="relative min-h-0 flex-1">
        {size !== null && size.width > 0 && <PictureBox {...{ side, assetId, model, onPin, size, name }} />}
      </div>
    </section>
  );
}

function PaneHeader({
  side,
  name,
  model,
  width,
}: {
  readonly side: PaneSide;
  readonly name: string;
  readonly model: CompareModel;
  readonly width: number | null;
}): ReactNode {
  const { t } = useTranslation();
  const map = model.maps?.[side] ?? null;
  const summary = map === null ? null : mapSummary(map.values);
  const marked = map?.marked ?? null;
  const source = { pinned: "compare.pinnedTile", pointer: "compare.reading", best: "compare.mostAlike" }[model.readingSource];
  return (
    <header
      className="flex h-[26px] shrink-0 items-center gap-2 overflow-hidden whitespace-nowrap"
      style={width === null ? {} : { width: Math.max(width, 220), maxWidth: "100%" }}
    >
      <span aria-hidden className="grid size-[18px] shrink-0 place-items-center rounded-sm bg-seg-on text-2xs font-semibold">
        {side.toUpperCase()}
      </span>
      <span className="truncate font-medium" title={name}>
        {name}
      </span>
      {summary && (
        <span className="truncate text-2xs text-fg-3">
          {t("compare.summary", { mean: summary.mean.toFixed(2), spread: summary.spread.toFixed(2) })}
        </span>
      )}
      {marked && (
        <span className="ml-auto shrink-0 text-2xs text-fg-3">
          {marked.kind === "read" ? t(source) : t("compare.bestMatch")}{" "}
          {marked.kind === "best" && <b className="font-semibold text-fg-1">{marked.score.toFixed(2)}</b>}
        </span>
      )}
    </header>
  );
}

interface PictureBoxProps extends PaneProps {
  readonly size: { readonly width: number; readonly height: number };
  readonly name: string;
}

function PictureBox({ side, assetId, model, onPin, size, name }: PictureBoxProps): ReactNode {
  const { t } = useTranslation();
  const grid = model.maps?.[side].grid ?? model.pair?.[side]?.grid ?? null;
  const input = usePaneInput({ side, grid, area: model.areas[side], reading: model.reading, onPin });
  const marked = model.maps?.[side].marked ?? null;
  const place = marked === null || grid === null ? "" : t("compare.tile", tileName(marked.tile, grid));
  return (
    <div
      {...input}
      role="application"
      tabIndex={0}
      aria-label={`${t("compare.paneLabel", { name })} ${place}`}
      className="relative cursor-crosshair touch-none overflow-hidden"
      data-pane={side}
      style={size}
    >
      <PictureLayer
        {...{ side, assetId, name, size }}
        area={model.areas[side]}
        maps={model.maps}
        mask={model.masks[side]}
        matches={model.matches}
        matchGrid={model.view === "matches" ? grid : null}
      />
    </div>
  );
}
