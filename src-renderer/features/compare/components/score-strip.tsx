/** @file The score of the pair: the number as Find shows it, how rare it is, and both directions. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PairScore } from "#shared/domain/score";
import { RarityBar } from "../../../charts/rarity-bar";
import { isTooCommon, rarityFill } from "../../../charts/rarity";
import { formatScore } from "../../../lib/format";

export interface ScoreStripProps {
  readonly pair: PairScore | null;
  readonly metricTitle: string;
  readonly pairs: number;
  readonly rarityText: string;
}

/** One line above the pictures. A dash stands for a score that is still computed, never the previous one. */
export function ScoreStrip({ pair, metricTitle, pairs, rarityText }: ScoreStripProps): ReactNode {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex h-9 shrink-0 items-center gap-3 overflow-hidden px-4 pt-1 whitespace-nowrap">
      <span className="text-fg-2">{metricTitle}</span>
      <span className="text-md font-semibold">{pair === null ? "–" : formatScore(pair.score)}</span>
      {pair !== null && (
        <>
          <span className="flex w-28 items-center">
            <RarityBar fill={rarityFill(pair.rarity, pairs)} tick={0.5} label={rarityText} isNegative={isTooCommon(pair.rarity)} />
          </span>
          <span className="truncate text-2xs text-fg-2">{rarityText}</span>
          <span className="ml-auto" />
          <Direction label={t("compare.aToB")} value={pair.directions.ab} />
          <Direction label={t("compare.bToA")} value={pair.directions.ba} />
        </>
      )}
    </div>
  );
}

function Direction({ label, value }: { readonly label: string; readonly value: number | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <span className="text-2xs text-fg-3" title={t("compare.directionHint")}>
      {label} <span className="text-xs text-fg-1">{value === null ? t("compare.notAvailable") : formatScore(value)}</span>
    </span>
  );
}
