/** @file What can be done with the picture the keyboard is on, for the keyboard and the palette. */
import { CopyX, Images, Layers, RefreshCw } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate, DuplicateGroup } from "#shared/domain/duplicates";
import { type Action, explainedKey, useActions } from "../../lib/actions";
import { useIsReadOnly } from "../../lib/read-only";
import { useSelection } from "../../lib/selection";
import { apartFromGroup, type ReviewedPicture } from "./groups";
import { lookAgain } from "./review-state";

export interface ReviewActionParts {
  readonly groups: readonly DuplicateGroup[];
  readonly current: ReviewedPicture | null;
  readonly onKeepApart: (ids: readonly AssetId[]) => void;
  readonly onCompare: (a: AssetId, b: AssetId) => void;
  readonly onOpen: (picture: Duplicate) => void;
}

/** Offered while the review is open. */
export function useReviewActions({ groups, current, onKeepApart, onCompare, onOpen }: ReviewActionParts): void {
  const { t } = useTranslation();
  const isReadOnly = useIsReadOnly();
  const ids = useSelection((state) => state.ids);
  useActions(
    useMemo<readonly Action[]>(() => {
      const group = current === null ? undefined : groups[current.group];
      const apart = group === undefined || current === null ? null : apartFromGroup(group, current.place);
      const pair = group === undefined || current === null ? null : comparedPair([...ids], group, current.place);
      const needsPicture = t("duplicates.needsPicture");
      return [
        {
          id: "duplicates.apart",
          label: t("duplicates.keepApart"),
          group: "selection",
          icon: CopyX,
          shortcut: "N",
          enabled: apart !== null && !isReadOnly,
          unavailable: isReadOnly ? t("library.readOnly") : group === undefined ? needsPicture : t("duplicates.cannotKeepApart"),
          run: () => apart !== null && onKeepApart(apart),
        },
        {
          id: "duplicates.compare",
          label: t("duplicates.compare"),
          group: "selection",
          icon: Layers,
          shortcut: "C",
          enabled: pair !== null,
          unavailable: group === undefined ? needsPicture : t("duplicates.sameBytes"),
          run: () => pair !== null && onCompare(...pair),
        },
        {
          id: "duplicates.open",
          label: t("duplicates.openInLibrary"),
          group: "selection",
          icon: Images,
          enabled: current !== null,
          unavailable: needsPicture,
          run: () => current !== null && onOpen(current.picture),
        },
        { id: "duplicates.again", label: t("duplicates.lookAgain"), group: "library", icon: RefreshCw, run: lookAgain },
        explainedKey("duplicates.move", t("duplicates.move"), "← ↑ ↓ →"),
        explainedKey("duplicates.preview", t("ui.preview"), "Space"),
        explainedKey("duplicates.enter", t("duplicates.openInLibrary"), "Enter"),
      ];
    }, [t, groups, current, ids, isReadOnly, onKeepApart, onCompare, onOpen]),
  );
}

/** Two that are selected, else the picture and the best of its group, else the best and the next. null for a group of one picture. */
function comparedPair(
  [first, second]: readonly AssetId[],
  { pictures }: DuplicateGroup,
  place: number,
): readonly [AssetId, AssetId] | null {
  if (first !== undefined && second !== undefined) return [first, second];
  const best = pictures[0]?.asset.id;
  const other = pictures[place === 0 ? 1 : place]?.asset.id;
  return best === undefined || other === undefined ? null : [best, other];
}
