/** @file What every family of metrics says of the selected candidate, and the candidates on which they disagree. */
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import type { CheckCombine, CheckResult, CheckVerdict } from "#shared/domain/check";
import type { CheckRow } from "#shared/domain/check-split";
import { type CandidateVotes, countVotes, inWordsOf, type SilentVoter, type VoteReport } from "#shared/domain/vote-report";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { ErrorCard } from "../../../../ui/error-card";
import { ProgressBar } from "../../../../ui/progress";
import { Section } from "../../../../ui/section";
import type { ComparedPair } from "../../compared-pair";
import { useVotes } from "../../use-votes";
import { voteQueue } from "../../vote-queue";
import { Disagreements } from "./disagreements";
import { VoiceTable } from "./voice-table";

export interface VotesSectionProps {
  readonly result: CheckResult;
  readonly rows: readonly CheckRow[];
  readonly combine: CheckCombine;
  readonly selected: AssetId | null;
  readonly isReadOnly: boolean;
  readonly onSelect: (id: AssetId) => void;
  readonly onDecide: (ids: readonly AssetId[], verdict: CheckVerdict) => void;
  readonly onCompare: (pair: ComparedPair) => void;
}

/** Votes follow the way scores are combined at once; only other pictures are asked about anew. */
export function VotesSection(props: VotesSectionProps): ReactNode {
  const { t } = useTranslation();
  const { report, progress, error, start } = useVotes(props.result);
  if (props.result.candidates.length === 0) return null;
  return (
    <Section title={t("check.votes.title")} isCollapsible>
      {report !== null && <Counted {...props} report={report} />}
      {progress !== null && (
        <div role="status" className="flex items-center gap-2 text-2xs text-fg-3">
          <ProgressBar label={t("check.votes.title")} value={progress.total === 0 ? null : progress.done / progress.total} />
          {t("check.progress", { done: formatCount(progress.done), total: formatCount(progress.total) })}
        </div>
      )}
      {error !== null && <ErrorCard error={error} {...(start !== null && { onRetry: start })} />}
      {error === null && start !== null && (
        <Button size="sm" onClick={start}>
          {t("check.votes.ask", { count: props.result.candidates.length, formatted: formatCount(props.result.candidates.length) })}
        </Button>
      )}
    </Section>
  );
}

function Counted({
  report,
  result,
  rows,
  combine,
  selected,
  isReadOnly,
  onSelect,
  onDecide,
  onCompare,
}: VotesSectionProps & { readonly report: VoteReport }): ReactNode {
  const { t } = useTranslation();
  const { cutoffs, candidates } = useMemo(() => countVotes(inWordsOf(result, report), combine), [result, report, combine]);
  const byPicture = useMemo(
    () => new Map(candidates.flatMap((votes) => toEntry(report.check.candidates[votes.candidate]?.asset.id, votes))),
    [report, candidates],
  );
  const queue = useMemo(() => {
    const disputed = [...byPicture].flatMap(([id, { isDisputed }]) => (isDisputed ? [id] : []));
    return voteQueue(result, rows, new Set(disputed));
  }, [result, rows, byPicture]);
  const votes = selected === null ? undefined : byPicture.get(selected);
  const compare = (id: AssetId): void => {
    const row = rows.find(({ candidate }) => result.candidates[candidate]?.asset.id === id);
    const nearest = result.references[row?.nearest ?? 0];
    const measured = result.measures[0];
    if (nearest !== undefined && measured !== undefined) onCompare({ a: nearest.asset.id, b: id, metric: measured.measure.metric });
  };
  return (
    <>
      {votes === undefined ? (
        <p className="m-0 text-2xs text-fg-3">{t("check.votes.select")}</p>
      ) : (
        <>
          <VoiceTable voices={report.voices} {...{ cutoffs, votes }} />
          <p className="m-0 mt-1 text-2xs text-fg-2" role="status">
            <MajorityWords votes={votes} />
          </p>
        </>
      )}
      <Disagreements {...{ queue, selected, isReadOnly, onSelect, onDecide }} onCompare={compare} />
      <Silent voters={report.silent} />
    </>
  );
}

function toEntry(id: AssetId | undefined, votes: CandidateVotes): readonly (readonly [AssetId, CandidateVotes])[] {
  return id === undefined ? [] : [[id, votes]];
}

/** What most of the voices say, as a sentence. */
function MajorityWords({ votes: { readings, majority, isDisputed } }: { readonly votes: CandidateVotes }): ReactNode {
  const { t } = useTranslation();
  const ayes = readings.filter(({ vote }) => vote === true).length;
  const all = readings.filter(({ vote }) => vote !== null).length;
  if (majority === null) return t("check.votes.nobody");
  if (majority === "tie") return t("check.votes.tie");
  return t(`check.votes.${isDisputed ? "most" : "all"}.${majority}`, { count: majority === "yes" ? ayes : all - ayes, all });
}

/** Who has no voice here, and how to give it one. */
function Silent({ voters }: { readonly voters: readonly SilentVoter[] }): ReactNode {
  const { t } = useTranslation();
  if (voters.length === 0) return null;
  const names = voters.map(({ voter }) => t(`find.vote.${voter}`)).join(", ");
  const needsModel = voters.some(({ state }) => state === "needs-model");
  return (
    <p className="m-0 mt-2 text-2xs text-fg-3">
      {t("check.votes.notMeasured", { names })} {t(needsModel ? "check.votes.addModel" : "check.votes.measureInFind")}
    </p>
  );
}
