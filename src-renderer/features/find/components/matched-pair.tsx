/** @file The question and the result side by side, with the regions that match, numbered alike on both. */
import type { ReactNode } from "react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { PairScore } from "#shared/domain/score";
import type { Crop, Match, SearchReference } from "#shared/domain/search";
import { gridArea } from "#shared/domain/grid-area";
import { usePicture } from "../../../lib/pictures";
import { Artwork } from "../../../ui/artwork";
import { useFind } from "../find-state";
import { type MatchedRegion, matchedRegions } from "../regions";
import { BoxOutline } from "./box-outline";

export interface MatchedPairProps {
  readonly reference: SearchReference;
  readonly match: Match;
  readonly pair: PairScore | undefined;
  readonly hasMap: boolean;
  readonly error: AppErrorShape | null;
}

const regionCount = 2;
const noRegions: readonly MatchedRegion[] = [];

/** Two pictures and a sentence about their regions. The pair's maps are of whole pictures, also where the question is a crop. */
export function MatchedPair({ reference, match, pair, hasMap, error }: MatchedPairProps): ReactNode {
  const { t } = useTranslation();
  const areRegionsShown = useFind((state) => state.areRegionsShown);
  const { picture: query } = usePicture(reference.assetId);
  const regions = useMemo(() => {
    const isOfThisPair = pair?.a?.assetId === reference.assetId && pair.b?.assetId === match.asset.id;
    if (pair === undefined || !isOfThisPair || query === null) return noRegions;
    return matchedRegions(pair, regionCount, ({ assetId }) => gridArea(pair.recipe, assetId === match.asset.id ? match.asset : query));
  }, [pair, reference, match, query]);
  const shown = areRegionsShown ? regions : noRegions;
  return (
    <>
      <div className="grid grid-cols-2 gap-1.5">
        <Side
          assetId={reference.assetId}
          size={query}
          boxes={shown.map(({ a, number }) => ({ box: a, number }))}
          crop={reference.crop}
          caption={t("find.queryNamed", { name: query?.name ?? t("find.outsidePicture") })}
        />
        <Side
          assetId={match.asset.id}
          size={match.asset}
          boxes={shown.map(({ b, number }) => ({ box: b, number }))}
          crop={null}
          caption={t("find.match")}
        />
      </div>
      <p className="m-0 mt-2 min-h-8 text-2xs text-fg-3">
        {error !== null
          ? error.message
          : !hasMap
            ? t("find.noRegions")
            : !areRegionsShown
              ? t("find.regionsHidden")
              : regions.length > 0 &&
                t("find.regionScores", {
                  scores: capitalized(
                    regions.map(({ number, agreement }) => t("find.regionScore", { number, score: agreement.toFixed(2) })).join(", "),
                  ),
                })}
      </p>
    </>
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface SideProps {
  readonly assetId: AssetId;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly boxes: readonly { readonly box: Crop; readonly number: number }[];
  readonly crop: Crop | null;
  readonly caption: string;
}

/** The uncut picture inside a box of 6 to 5, so that regions lie on the picture and not on its margins. */
function Side({ assetId, size, boxes, crop, caption }: SideProps): ReactNode {
  const ratio = size === null ? 1.2 : size.width / size.height;
  const share = ratio >= 1.2 ? { width: "100%", height: `${(1.2 / ratio) * 100}%` } : { width: `${(ratio / 1.2) * 100}%`, height: "100%" };
  return (
    <figure className="m-0 min-w-0">
      <div className="grid aspect-[1.2] place-items-center bg-well">
        <div className="relative" style={share}>
          <Artwork src={thumbnailUrl(assetId, 256)} alt={caption} fit="fill" className="size-full" />
          {crop && <BoxOutline box={crop} />}
          {boxes.map(({ box, number }) => (
            <BoxOutline key={number} box={box} number={number} />
          ))}
        </div>
      </div>
      <figcaption className="mt-[3px] truncate text-2xs text-fg-3">{caption}</figcaption>
    </figure>
  );
}
