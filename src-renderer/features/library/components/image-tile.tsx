/** @file One picture of the grid, in the states a picture can be in. */
import type { TFunction } from "i18next";
import { Flag, ImageOff, Star, X } from "lucide-react";
import { memo, type MouseEvent, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetSummary } from "#shared/domain/asset";
import { cn } from "../../../lib/class-names";
import { thumbnailSizeFor } from "../../../lib/thumbnail-size";
import { Artwork } from "../../../ui/artwork";
import { Icon } from "../../../ui/icon";
import { facetLabel } from "../../../lib/facet-words";

export interface ImageTileProps {
  /** Undefined while the page of the list is not here: a flat grey tile. */
  readonly asset: AssetSummary | undefined;
  readonly index: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly isSelected: boolean;
  /** The keyboard is here: the one tile in the tab order. */
  readonly isCurrent: boolean;
  readonly onPick: (index: number, event: MouseEvent) => void;
  readonly onOpen: (index: number) => void;
}

/** A grid cell; nothing is drawn on the picture but what it lacks. */
export const ImageTile = memo(function ImageTile(props: ImageTileProps): ReactNode {
  const { asset, index, left, width, height, isSelected, isCurrent, onPick, onOpen } = props;
  const { t } = useTranslation();
  const states = asset ? statesOf(t, asset) : [];
  const name = asset ? [t("library.tile", asset), ...states].join(", ") : t("library.loading");
  return (
    // Keys are handled by the grid, which owns the roving focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="gridcell"
      aria-label={name}
      aria-selected={isSelected}
      aria-colindex={index + 1}
      tabIndex={isCurrent ? 0 : -1}
      data-index={index}
      onClick={(event) => onPick(index, event)}
      onDoubleClick={() => onOpen(index)}
      style={{ left, width, height }}
      className={cn(
        "absolute top-0 bg-raised focus-visible:rounded-none focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus",
        isSelected && "z-1 outline-2 outline-offset-1 outline-select",
      )}
    >
      {asset && (
        <Artwork
          src={thumbnailUrl(asset.id, thumbnailSizeFor(width, height))}
          alt=""
          fit="contain"
          isDimmed={asset.isMissing || asset.flag === "rejected"}
          className="size-full"
        />
      )}
      {asset?.isMissing && (
        <span title={t("library.missing")} className={cn(badgeClass, "right-1")}>
          <Icon icon={ImageOff} size={12} />
        </span>
      )}
      {asset && <SaidMark asset={asset} />}
      {asset && !asset.isMeasured && !asset.isMissing && <NotMeasuredMark title={t("library.tileNotMeasured")} />}
    </div>
  );
});

const badgeClass = "absolute bottom-1 grid h-4.5 min-w-4.5 place-items-center rounded-sm bg-black/70 text-white";
const flagIcons = { picked: Flag, rejected: X } as const;

/** Flag and stars, where a person gave them. */
function SaidMark({ asset: { flag, rating } }: { readonly asset: AssetSummary }): ReactNode {
  if (flag === null && rating === null) return null;
  return (
    <span aria-hidden className={cn(badgeClass, "left-1 flex gap-0.5 px-[3px] text-2xs leading-none tabular-nums")}>
      {flag !== null && <Icon icon={flagIcons[flag]} size={12} />}
      {rating !== null && (
        <>
          {rating}
          <Icon icon={Star} size={12} className="fill-current" />
        </>
      )}
    </span>
  );
}

function statesOf(t: TFunction, { isMissing, isMeasured, flag, rating }: AssetSummary): readonly string[] {
  const states = [
    flag && facetLabel(t, "flag", flag),
    rating !== null && facetLabel(t, "rating", String(rating)),
    isMissing && t("library.tileMissing"),
    !isMeasured && t("library.tileNotMeasured"),
  ];
  return states.filter((state) => typeof state === "string");
}

function NotMeasuredMark({ title }: { readonly title: string }): ReactNode {
  return (
    <span
      title={title}
      className="absolute top-1.5 right-1.5 size-2.5 rounded-full border-[1.5px] border-dotted border-white bg-black/50 shadow-[0_0_0_1px_rgb(0_0_0/.6)]"
    />
  );
}
