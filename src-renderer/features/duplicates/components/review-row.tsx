/** @file One line of a group: its head where it begins, its pictures side by side, and the files of one that is there more than once. */
import type { ReactNode } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { DuplicateGroup, DuplicateTier } from "#shared/domain/duplicates";
import type { ReviewedPicture } from "../groups";
import type { ReviewLine } from "../review-layout";
import { FileList } from "./file-list";
import { GroupHead } from "./group-head";
import { PictureTile, type PictureTileProps } from "./picture-tile";

export interface ReviewRowProps extends Pick<PictureTileProps, "onPick" | "onView"> {
  readonly tier: DuplicateTier;
  readonly group: DuplicateGroup;
  readonly pictures: readonly ReviewedPicture[];
  readonly line: ReviewLine;
  /** Of the line among all lines. */
  readonly place: number;
  /** Distance from the top of the grid. Pixels. */
  readonly start: number;
  readonly selected: ReadonlySet<AssetId>;
  /** The picture in the tab order. */
  readonly focusTarget: number;
  readonly onKeepApart: (ids: readonly AssetId[]) => void;
}

/** A row of the grid. */
export function ReviewRow(props: ReviewRowProps): ReactNode {
  const { tier, group, pictures, line, place, start, selected, focusTarget, onKeepApart, onPick, onView } = props;
  const [firstBox] = line.boxes;
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      className="absolute inset-x-4 top-0 flex"
      style={{ transform: `translateY(${start}px)`, height: line.size }}
    >
      <GroupHead tier={tier} group={group} number={line.group + 1} isShown={line.isFirst} onKeepApart={onKeepApart} />
      <div role="presentation" className="relative flex-1">
        {line.boxes.map(({ index, left, width }) => {
          const reviewed = pictures[index];
          if (reviewed === undefined) return null;
          const { id } = reviewed.picture.asset;
          return (
            <PictureTile
              key={id}
              reviewed={reviewed}
              isOneOfSeveral={tier !== "exact"}
              index={index}
              left={left}
              width={width}
              isSelected={selected.has(id)}
              isFocusTarget={index === focusTarget}
              onPick={onPick}
              onView={onView}
            />
          );
        })}
        {tier === "exact" && firstBox && <FileList files={group.pictures[0]?.files ?? []} left={firstBox.width + 20} />}
      </div>
    </div>
  );
}
