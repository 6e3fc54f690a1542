/** @file One result: the picture, and under it its score, how rare that is, and the votes. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { thumbnailUrl } from "#shared/contract/media-routes";
import type { AssetId } from "#shared/domain/asset";
import type { Match } from "#shared/domain/search";
import { RarityBar } from "../../../charts/rarity-bar";
import { rarityFill } from "../../../charts/rarity";
import { VoteDots } from "../../../charts/vote-dots";
import { dragAsset } from "../../../lib/asset-drag";
import { cn } from "../../../lib/class-names";
import { formatDeviations, formatScore } from "../../../lib/format";
import { layoutAspect } from "../../../lib/justified-rows";
import { voteLetters } from "../../../lib/vote-names";
import { Artwork } from "../../../ui/artwork";
import { Icon } from "../../../ui/icon";
import { editQuery } from "../find-state";
import type { ResultWords } from "../use-result-words";
import type { VoteName } from "../votes";

export interface ResultTileProps {
  readonly match: Match;
  /** Near-duplicates folded into this tile. */
  readonly copies: number;
  readonly width: number;
  readonly imageHeight: number;
  readonly left: number;
  readonly isSelected: boolean;
  readonly isFocusTarget: boolean;
  readonly isBelow: boolean;
  readonly voteNames: readonly VoteName[];
  readonly pairs: number;
  readonly words: ResultWords;
  readonly onSelect: (id: AssetId) => void;
  readonly onOpen: (id: AssetId) => void;
}

/** A cell of the results grid. Dragging it out of the window gives the picture's file. */
export const ResultTile = memo(function ResultTile(props: ResultTileProps): ReactNode {
  const { match, copies, width, imageHeight, left, isSelected, isFocusTarget, isBelow, voteNames, pairs, words, onSelect, onOpen } = props;
  const { asset, score, rarity, votes, adjusted } = match;
  const { t } = useTranslation();
  const aspect = asset.width / asset.height;
  const votesInWords = words.votes(votes, voteNames);
  const copiesInWords = copies === 0 ? "" : t("find.copies", { count: copies });
  const adjustedInWords = adjusted === null ? "" : t("find.adjustedTo", { adjusted: formatDeviations(adjusted) });
  return (
    <div
      role="gridcell"
      tabIndex={isFocusTarget ? 0 : -1}
      data-result={asset.id}
      aria-selected={isSelected}
      aria-label={[asset.name, formatScore(score), adjustedInWords, words.sentence(rarity), votesInWords, copiesInWords]
        .filter(Boolean)
        .join(", ")}
      onClick={() => onSelect(asset.id)}
      onDoubleClick={() => onOpen(asset.id)}
      onFocus={(event) => event.target === event.currentTarget && !isSelected && onSelect(asset.id)}
      draggable
      onDragStart={(event) => dragAsset(event, asset)}
      className="group @container absolute top-0 outline-none"
      style={{ left, width }}
    >
      <div
        className={cn(
          "relative",
          isSelected && "outline-2 outline-offset-1 outline-select",
          "group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-focus",
        )}
        style={{ height: imageHeight }}
      >
        <Artwork
          src={thumbnailUrl(asset.id, imageHeight > 240 ? 512 : 256)}
          alt=""
          fit={aspect === layoutAspect(aspect) ? "cover" : "contain"}
          className={cn("size-full", isBelow && "opacity-42")}
        />
        {copies > 0 && (
          <span title={copiesInWords} className="absolute top-1 left-1 rounded-sm bg-black/75 px-1 text-2xs text-white">
            +{copies}
          </span>
        )}
        <NudgeButtons assetId={asset.id} name={asset.name} isShown={isSelected} />
      </div>
      <div className="flex h-[26px] min-w-0 items-center gap-1.5 text-2xs text-fg-2">
        <span className="text-xs font-semibold text-fg-1">{formatScore(score)}</span>
        {adjusted !== null && <span title={t("find.adjustedHint")}>{formatDeviations(adjusted)}</span>}
        <RarityBar fill={rarityFill(rarity, pairs)} label={words.sentence(rarity)} className="@max-[137px]:hidden" />
        {voteNames.length > 0 && (
          <VoteDots
            votes={voteLetters.filter(({ name }) => voteNames.includes(name)).map(({ name, letter }) => ({ letter, value: votes[name] }))}
            label={votesInWords}
            className="@max-[137px]:ml-auto"
          />
        )}
      </div>
    </div>
  );
});

/** More and less like this, on the picture while it is pointed at or selected. The keys do the same, so Tab passes them by. */
function NudgeButtons({
  assetId,
  name,
  isShown,
}: {
  readonly assetId: AssetId;
  readonly name: string;
  readonly isShown: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={cn("absolute top-1 right-1 gap-0.5 group-hover:flex", isShown ? "flex" : "hidden")}>
      {([0.5, -0.5] as const).map((by) => {
        const label = t(by > 0 ? "find.moreLikeNamed" : "find.lessLikeNamed", { name });
        return (
          <button
            key={by}
            type="button"
            tabIndex={-1}
            aria-label={label}
            title={label}
            onClick={(event) => {
              event.stopPropagation();
              editQuery({ type: "nudge", assetId, by });
            }}
            className="grid size-6 place-items-center rounded-sm border-0 bg-black/75 p-0 text-white"
          >
            <Icon icon={by > 0 ? ArrowUp : ArrowDown} size={14} />
          </button>
        );
      })}
    </div>
  );
}
