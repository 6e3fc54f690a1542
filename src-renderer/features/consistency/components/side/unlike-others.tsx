/** @file References and candidates whose scores lie far below those of the others: likely mistakes in the set itself, and the worst of what is checked. */
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import type { CheckCombine, CheckResult, MeasuredCheck } from "#shared/domain/check";
import { leaveOneOut } from "#shared/domain/check-combine";
import type { CheckRow } from "#shared/domain/check-split";
import { canStandOut, lowOutliers } from "#shared/domain/outliers";
import { formatScore } from "../../../../lib/format";
import { Section } from "../../../../ui/section";
import { PictureButtons } from "./picture-buttons";

export interface UnlikeOthersProps {
  readonly result: CheckResult;
  readonly measured: MeasuredCheck;
  /** Its place among the measures. */
  readonly measure: number;
  readonly rows: readonly CheckRow[];
  readonly combine: CheckCombine;
  readonly onSelect: (id: AssetId) => void;
}

/** References by their leave-one-out scores, candidates by their combined ones. */
export function UnlikeOthers({ result, measured, measure, rows, combine, onSelect }: UnlikeOthersProps): ReactNode {
  const { t } = useTranslation();
  const references = useMemo(() => leaveOneOut(measured, combine), [measured, combine]);
  const candidates = useMemo(() => rows.map(({ scores }) => scores[measure] ?? null), [rows, measure]);
  return (
    <Section title={t("check.side.unlike")}>
      <Outliers
        scores={references}
        assetAt={(index) => result.references[index]?.asset}
        words={{ few: t("check.side.fewReferences"), none: t("check.side.noUnlikeReference"), some: t("check.references") }}
      />
      <Outliers
        scores={candidates}
        assetAt={(index) => result.candidates[rows[index]?.candidate ?? -1]?.asset}
        words={{ few: t("check.side.fewCandidates"), none: t("check.side.noUnlikeCandidate"), some: t("check.candidates") }}
        onSelect={onSelect}
      />
    </Section>
  );
}

interface OutliersProps {
  readonly scores: readonly (number | null)[];
  readonly assetAt: (index: number) => AssetSummary | undefined;
  readonly words: { readonly few: string; readonly none: string; readonly some: string };
  readonly onSelect?: (id: AssetId) => void;
}

function Outliers({ scores, assetAt, words, onSelect }: OutliersProps): ReactNode {
  const apart = useMemo(() => lowOutliers(scores), [scores]);
  const pictures = apart.flatMap((index) => {
    const asset = assetAt(index);
    const score = scores[index] ?? null;
    return asset === undefined || score === null ? [] : [{ asset, note: formatScore(score) }];
  });
  if (pictures.length === 0) return <p className="m-0 text-2xs text-fg-3">{canStandOut(scores) ? words.none : words.few}</p>;
  return (
    <div className="mb-1">
      <p className="m-0 text-2xs text-fg-2">{words.some}</p>
      <PictureButtons pictures={pictures} {...(onSelect === undefined ? {} : { onSelect })} />
    </div>
  );
}
