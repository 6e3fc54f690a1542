/** @file The head of a group: which one, how many pictures, and the way out of it. */
import { CopyX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { DuplicateGroup, DuplicateTier } from "#shared/domain/duplicates";
import { formatBytes, formatCount } from "../../../lib/format";
import { useIsReadOnly } from "../../../lib/read-only";
import { Button } from "../../../ui/button";
import { apartFromGroup, groupBytes } from "../groups";

/** Pixels. */
export const headWidth = 136;

export interface GroupHeadProps {
  readonly tier: DuplicateTier;
  readonly group: DuplicateGroup;
  readonly number: number;
  /** False in the further lines of a group. */
  readonly isShown: boolean;
  readonly onKeepApart: (ids: readonly AssetId[]) => void;
}

/** At the left of a group's first line. */
export function GroupHead({ tier, group, number, isShown, onKeepApart }: GroupHeadProps): ReactNode {
  const { t } = useTranslation();
  const isReadOnly = useIsReadOnly();
  if (!isShown) return <div role="presentation" style={{ width: headWidth }} className="shrink-0" />;
  const files = group.pictures.reduce((sum, picture) => sum + picture.files.length, 0);
  const apart = apartFromGroup(group, 0);
  const count = tier === "exact" ? files : group.pictures.length;
  return (
    <div role="rowheader" style={{ width: headWidth }} className="shrink-0 pr-3 text-2xs text-fg-3">
      <p className="text-xs font-medium text-fg-1">{t("duplicates.group", { number: formatCount(number) })}</p>
      <p>{t(tier === "exact" ? "duplicates.filesOf" : "duplicates.pictures", { count, formatted: formatCount(count) })}</p>
      <p>{formatBytes(groupBytes(group))}</p>
      {apart !== null && (
        <Button
          size="sm"
          variant="ghost"
          icon={CopyX}
          disabled={isReadOnly}
          title={isReadOnly ? t("library.readOnly") : t("duplicates.keepAllApartHint")}
          className="mt-1.5 -ml-2"
          onClick={() => onKeepApart(apart)}
        >
          {t("duplicates.keepApart")}
        </Button>
      )}
    </div>
  );
}
