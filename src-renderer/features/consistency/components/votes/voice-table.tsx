/** @file What each voice says of one candidate: yes or no, its score, how it stands among random pairs, and from where on it says yes. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type CandidateVotes, cutoffInUse, type Voice, type VoiceCutoffs } from "#shared/domain/vote-report";
import { VoteDots } from "../../../../charts/vote-dots";
import { formatPercent, formatScore } from "../../../../lib/format";
import { letterOf } from "../../../../lib/vote-names";

export interface VoiceTableProps {
  readonly voices: readonly Voice[];
  readonly cutoffs: readonly VoiceCutoffs[];
  readonly votes: CandidateVotes;
}

/** One row a voice. */
export function VoiceTable({ voices, cutoffs, votes }: VoiceTableProps): ReactNode {
  const { t } = useTranslation();
  const scoreOf = (score: number | null): string => (score === null ? t("check.noReading") : formatScore(score));
  return (
    <table className="w-full table-fixed border-collapse text-2xs">
      <thead>
        <tr className="h-5 text-left text-fg-3 [&>th]:font-normal">
          <th scope="col">{t("check.metric")}</th>
          <th scope="col" className="w-13 text-right">
            {t("check.votes.score")}
          </th>
          <th scope="col" className="w-15 text-right" title={t("check.votes.beatsHint")}>
            {t("check.votes.beats")}
          </th>
          <th scope="col" className="w-15 text-right">
            {t("check.votes.yesFrom")}
          </th>
        </tr>
      </thead>
      <tbody>
        {voices.map(({ voter, metric, title }, index) => {
          const { score, percentile, vote } = votes.readings[index] ?? { score: null, percentile: null, vote: null };
          const cutoff = cutoffs[index] ?? { usual: null, calibrated: null };
          const said = t(vote === null ? "find.voteNone" : vote ? "find.voteYes" : "find.voteNo");
          return (
            <tr key={metric} className="h-6">
              <th scope="row" className="truncate text-left font-normal" title={title}>
                <VoteDots votes={[{ letter: letterOf(voter), value: vote }]} label={said} className="mr-1.5 align-middle" />
                {title}
              </th>
              <td className="text-right text-fg-1">{scoreOf(score)}</td>
              <td className="text-right">
                {percentile === null ? t("check.noReading") : formatPercent(Math.floor(percentile * 1000) / 10)}
              </td>
              <td className="text-right" title={t(cutoff.calibrated === null ? "check.votes.usual" : "check.votes.calibrated")}>
                {scoreOf(cutoffInUse(cutoff))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
