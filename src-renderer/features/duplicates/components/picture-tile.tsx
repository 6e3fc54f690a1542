/** @file One picture of a group: what it is, how alike it is to the best one, and what a person said of it. */
import { useQuery } from "@tanstack/react-query";
import { Check, Flag, ImageOff, Star, X } from "lucide-react";
import type { TFunction } from "i18next";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import type { Duplicate } from "#shared/domain/duplicates";
import { cn } from "../../../lib/class-names";
import { useEngine } from "../../../lib/engine";
import { formatBytes, formatScore } from "../../../lib/format";
import { layoutAspect } from "../../../lib/justified-rows";
import { thumbnailSizeFor } from "../../../lib/thumbnail-size";
import { Artwork } from "../../../ui/artwork";
import { Icon } from "../../../ui/icon";
import type { ReviewedPicture } from "../groups";
import { captionHeight, imageHeight } from "../review-layout";

export interface PictureTileProps {
  readonly reviewed: ReviewedPicture;
  /** False where the group is one picture in several files. */
  readonly isOneOfSeveral: boolean;
  readonly index: number;
  readonly left: number;
  readonly width: number;
  readonly isSelected: boolean;
  readonly isFocusTarget: boolean;
  readonly onPick: (id: AssetId, isAdded: boolean) => void;
  readonly onView: (index: number) => void;
}

/** A grid cell. Flag and rating follow the library while the answer stays as it came. */
export const PictureTile = memo(function PictureTile(props: PictureTileProps): ReactNode {
  const { reviewed, isOneOfSeveral, index, left, width, isSelected, isFocusTarget, onPick, onView } = props;
  const { picture, place } = reviewed;
  const { t } = useTranslation();
  const { api } = useEngine();
  const { id } = picture.asset;
  const { data: detail } = useQuery(api.assets.detail.queryOptions({ input: { assetId: id } }));
  const asset: AssetSummary = detail ?? picture.asset;
  const facts = factsOf(t, picture);
  const isBest = place === 0 && isOneOfSeveral;
  const likeness = isBest ? t("duplicates.best") : likenessOf(t, picture);
  const said = [asset.flag !== null && t(`library.facets.${asset.flag}`), asset.isMissing && t("library.tileMissing")];
  return (
    // Keys are handled by the grid, which owns the roving focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="gridcell"
      aria-label={[asset.name, facts, likeness, ...said].filter(Boolean).join(", ")}
      aria-selected={isSelected}
      tabIndex={isFocusTarget ? 0 : -1}
      data-index={index}
      onClick={(event) => onPick(id, event.ctrlKey || event.metaKey)}
      onDoubleClick={() => onView(index)}
      onFocus={({ target }) => !isSelected && target.matches(":focus-visible") && onPick(id, false)}
      className="group absolute top-0 outline-none"
      style={{ left, width }}
    >
      <div
        className={cn(
          "relative bg-raised",
          isSelected && "outline-2 outline-offset-1 outline-select",
          "group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-focus",
        )}
        style={{ height: imageHeight, width: Math.min(width, layoutAspect(asset.width / asset.height) * imageHeight) }}
      >
        <Artwork
          src={thumbnailUrl(id, thumbnailSizeFor(width, imageHeight))}
          alt=""
          fit="contain"
          isDimmed={asset.isMissing || asset.flag === "rejected"}
          className="size-full"
        />
      </div>
      <div className="pt-1 text-2xs text-fg-3" style={{ height: captionHeight }}>
        <p className="flex items-center gap-1.5 text-fg-1">
          <span className="min-w-0 flex-1 truncate" title={picture.files[0]?.path}>
            {asset.name}
          </span>
          <SaidMarks asset={asset} />
        </p>
        <p className="truncate">{facts}</p>
        <p className="flex items-center gap-1 truncate" title={t(isBest ? "duplicates.bestHint" : "duplicates.likenessHint")}>
          {isBest && <Icon icon={Check} size={12} className="text-fg-1" />}
          <span className={cn(isBest && "text-fg-1")}>{likeness}</span>
        </p>
      </div>
    </div>
  );
});

function factsOf(t: TFunction, { asset: { width, height, format }, files }: Duplicate): string {
  const bytes = Math.max(0, ...files.map(({ sizeBytes }) => sizeBytes));
  const copies = files.length > 1 ? t("duplicates.filesOf", { count: files.length, formatted: String(files.length) }) : null;
  return [t("duplicates.dimensions", { width, height }), formatBytes(bytes), format.toUpperCase(), copies].filter(Boolean).join(", ");
}

function likenessOf(t: TFunction, { similarity, distance }: Duplicate): string {
  const alike = similarity === null ? null : t("duplicates.score", { score: formatScore(similarity) });
  return [alike, distance === null ? null : t("duplicates.bits", { count: distance })].filter(Boolean).join(", ");
}

const flagIcons = { picked: Flag, rejected: X } as const;

/** Flag and stars, and whether the original is gone. The cell's name says the same. */
function SaidMarks({ asset: { flag, rating, isMissing } }: { readonly asset: AssetSummary }): ReactNode {
  return (
    <span aria-hidden className="flex shrink-0 items-center gap-0.5">
      {isMissing && <Icon icon={ImageOff} size={12} />}
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
