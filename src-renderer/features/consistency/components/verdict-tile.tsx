/** @file One candidate: the picture, its scores, and what else decides about it. */
import { Copy, Hand } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { dragAsset } from "../../../lib/asset-drag";
import { cn } from "../../../lib/class-names";
import { layoutAspect } from "../../../lib/justified-rows";
import { thumbnailSizeFor } from "../../../lib/thumbnail-size";
import { Artwork } from "../../../ui/artwork";
import { Icon } from "../../../ui/icon";
import { captionHeight } from "../columns-layout";

export interface VerdictTileProps {
  readonly asset: AssetSummary;
  /** One a measure, as text; the first is the one that is shown by the histogram. */
  readonly score: string;
  readonly otherScores: string;
  /** All of them with what measured them. */
  readonly namedScores: string;
  /** Said beside the scores, e.g. a value of the picture's generation data. */
  readonly note: string;
  readonly isByHand: boolean;
  readonly isNearCopy: boolean;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly isSelected: boolean;
  readonly isFocusTarget: boolean;
  readonly onSelect: (id: AssetId) => void;
  readonly onOpen: (id: AssetId) => void;
}

/** A cell of a column. Keys are answered by the columns, which own the roving focus. Dragging it out of the window gives the picture's file. */
export const VerdictTile = memo(function VerdictTile(props: VerdictTileProps): ReactNode {
  const { asset, score, otherScores, namedScores, note, isByHand, isNearCopy } = props;
  const { left, width, height, isSelected, isFocusTarget, onSelect, onOpen } = props;
  const { t } = useTranslation();
  const aspect = asset.width / asset.height;
  const copyText = isNearCopy ? t("check.nearCopy") : "";
  const byHand = isByHand ? t("check.byHand") : "";
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="gridcell"
      tabIndex={isFocusTarget ? 0 : -1}
      data-candidate={asset.id}
      aria-selected={isSelected}
      aria-label={[asset.name, namedScores, note, byHand, copyText].filter(Boolean).join(", ")}
      onClick={() => onSelect(asset.id)}
      onDoubleClick={() => onOpen(asset.id)}
      onFocus={() => !isSelected && onSelect(asset.id)}
      draggable
      onDragStart={(event) => dragAsset(event, asset)}
      className="group absolute top-0 outline-none"
      style={{ left, width }}
    >
      <div
        className={cn(
          "relative",
          isSelected && "outline-2 outline-offset-1 outline-select",
          "group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-focus",
        )}
        style={{ height }}
      >
        <Artwork
          src={thumbnailUrl(asset.id, thumbnailSizeFor(width, height))}
          alt=""
          fit={aspect === layoutAspect(aspect) ? "cover" : "contain"}
          isDimmed={asset.isMissing}
          className="size-full"
        />
        {isNearCopy && (
          <span title={copyText} className="absolute top-1 left-1 grid size-4.5 place-items-center rounded-sm bg-black/75 text-white">
            <Icon icon={Copy} size={12} />
          </span>
        )}
      </div>
      <div
        className="flex min-w-0 items-center gap-1 overflow-hidden text-2xs whitespace-nowrap text-fg-3"
        style={{ height: captionHeight }}
        title={[asset.name, namedScores, note, byHand].filter(Boolean).join(", ")}
      >
        <span className="shrink-0 text-xs font-semibold text-fg-1">{score}</span>
        {otherScores !== "" && <span className="shrink-0 text-fg-2">{otherScores}</span>}
        {isByHand && <Icon icon={Hand} size={12} className="shrink-0 text-fg-1" />}
        <span className="ml-auto min-w-0 truncate">{note}</span>
      </div>
    </div>
  );
});
