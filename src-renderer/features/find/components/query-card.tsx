/** @file One picture of the question: what it is, how much it counts, and which part of it. */
import { Crop as CropIcon, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { SearchReference } from "#shared/domain/search";
import { cn } from "../../../lib/class-names";
import { usePicture } from "../../../lib/pictures";
import { Artwork } from "../../../ui/artwork";
import { IconButton } from "../../../ui/icon-button";
import { Slider } from "../../../ui/slider";
import { cropPercent } from "../crop-box";
import { editQuery, useFind } from "../find-state";
import { BoxOutline } from "./box-outline";

export interface QueryCardProps {
  readonly reference: SearchReference;
}

/** The thumbnail fits into 76 by 58 px uncut, so that the crop lies where it belongs. */
const thumbnailBox = { width: 76, height: 58 } as const;

/** A card of the query tray. A weight below 0 says "Unlike" on the picture, in words and not only in colour. */
export function QueryCard({ reference: { assetId, weight, crop } }: QueryCardProps): ReactNode {
  const { t } = useTranslation();
  const { picture: summary } = usePicture(assetId);
  const name = summary?.name ?? t("find.outsidePicture");
  const isUnlike = weight < 0;
  const scale = summary === null ? 0 : Math.min(thumbnailBox.width / summary.width, thumbnailBox.height / summary.height);
  const size = summary === null ? thumbnailBox : { width: summary.width * scale, height: summary.height * scale };
  return (
    <li className="grid grid-cols-[76px_minmax(0,1fr)] gap-2 border-t border-line py-2 first:border-t-0 first:pt-0">
      <div className="grid h-[58px] place-items-center bg-well">
        <div className={cn("relative overflow-hidden", isUnlike && "outline-1 -outline-offset-1 outline-reject")} style={size}>
          <Artwork src={thumbnailUrl(assetId, 256)} alt="" fit="fill" className="size-full" />
          {crop && <BoxOutline box={crop} isMasking />}
          {isUnlike && (
            <span className="absolute top-1 left-1 rounded-sm bg-black/75 px-1 text-2xs text-[#ffb08a]">{t("find.unlike")}</span>
          )}
        </div>
      </div>
      <div className="flex min-w-0 flex-col">
        <div className="flex items-center gap-0.5">
          <span className="mr-auto truncate" title={name}>
            {name}
          </span>
          <IconButton
            icon={CropIcon}
            label={t("find.cropNamed", { name })}
            isPressed={crop !== null}
            onClick={() => useFind.setState({ croppedId: assetId })}
          />
          <IconButton icon={X} label={t("find.removeNamed", { name })} onClick={() => editQuery({ type: "remove", assetId })} />
        </div>
        <div className="flex items-center gap-1 text-2xs">
          <span className="w-10 text-fg-3">{t("find.weight")}</span>
          <Slider
            label={t(isUnlike ? "find.weightUnlikeOf" : "find.weightOf", { name })}
            value={weight}
            min={-1}
            max={1}
            step={0.05}
            onChange={(next) => editQuery({ type: "weigh", assetId, weight: next })}
            onCommit={() => editQuery({ type: "settle" })}
            valueText={weight === 0 ? t("find.notCounted") : weight.toFixed(2)}
          />
          <span className={cn("w-8 text-right", isUnlike && "text-reject", weight === 0 && "text-fg-3")}>{weight.toFixed(2)}</span>
        </div>
        {crop && <span className="text-2xs text-fg-3">{t("find.cropShare", { percent: cropPercent(crop) })}</span>}
        {weight === 0 && <span className="text-2xs text-fg-3">{t("find.notCounted")}</span>}
      </div>
    </li>
  );
}
