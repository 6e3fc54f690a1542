/**
 * @file What each family of metrics says of candidates against the same references, what most of them say, and where they disagree.
 *
 * Every voice judges on a scale of its own, so that only its yes or no is counted together with others, never its score.
 */
import { z } from "zod";
import { assetIdSchema } from "./asset";
import { type CheckCombine, checkQuerySchema, type CheckResult, checkResultSchema, type MeasuredCheck } from "./check";
import { calibrationOf, shareBelow } from "./check-calibration";
import { combinedScores } from "./check-combine";
import { metricNameSchema } from "./feature-recipe";
import { minimumPairs, scoreReachedBy, voteRarity } from "./rarity";
import { votesSchema } from "./search";

/** `metric` is what the person goes by; families answer with the metric nearest to it. null lets each answer with its usual one. */
export const votesQuerySchema = z.object({
  references: checkQuerySchema.shape.references,
  assetIds: z.array(assetIdSchema).min(1).max(20_000),
  metric: metricNameSchema.nullable(),
});
export type VotesQuery = Readonly<z.infer<typeof votesQuerySchema>>;

export const voterSchema = votesSchema.keyof();
export type Voter = z.infer<typeof voterSchema>;

/** A family and the metric that speaks for it. Where the starter is all there is, its metrics speak each for itself. */
export const voiceSchema = z.object({ voter: voterSchema, metric: metricNameSchema, title: z.string() });
export type Voice = Readonly<z.infer<typeof voiceSchema>>;

/** A family without a voice: its model is known and the library is not measured with it, or there is no model. */
export const silentVoterSchema = voiceSchema.extend({ state: z.enum(["not-measured", "needs-model"]) });
export type SilentVoter = Readonly<z.infer<typeof silentVoterSchema>>;

/** `voices` are the measures of the check, in their order. */
export const voteReportSchema = z.object({ check: checkResultSchema, voices: z.array(voiceSchema), silent: z.array(silentVoterSchema) });
export type VoteReport = Readonly<z.infer<typeof voteReportSchema>>;

/** Pictures measured so far; the report comes with the last event. */
export const votesEventSchema = z.object({
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  report: voteReportSchema.nullable(),
});
export type VotesEvent = Readonly<z.infer<typeof votesEventSchema>>;

/**
 * From where on a voice says yes: `calibrated`, by what it makes of the references and of impostors, where there are enough of both; else
 * `usual`, the score that 1 in 100 random pairs reaches. Both null where the library is too small to say.
 */
export interface VoiceCutoffs {
  readonly usual: number | null;
  readonly calibrated: number | null;
}

/** `percentile` is the share of random pairs that score lower. null: no score, or nothing to measure it by. */
export interface VoiceReading {
  readonly score: number | null;
  readonly percentile: number | null;
  readonly vote: boolean | null;
}

export type Majority = "yes" | "no" | "tie";

/** One candidate; `candidate` is its place in the check, `readings` has one entry a voice. null: nobody votes. */
export interface CandidateVotes {
  readonly candidate: number;
  readonly readings: readonly VoiceReading[];
  readonly majority: Majority | null;
  readonly isDisputed: boolean;
}

export interface VoteCount {
  readonly cutoffs: readonly VoiceCutoffs[];
  readonly candidates: readonly CandidateVotes[];
}

/**
 * The report where a check of the same pictures is shown beside it: its measures speak in the words of that check, whose impostors may be others, so
 * that a metric has one cut-off on screen.
 */
export function inWordsOf({ measures, candidates }: CheckResult, report: VoteReport): VoteReport {
  const { check } = report;
  if (candidates.some(({ asset }, index) => asset.id !== check.candidates[index]?.asset.id)) return report;
  const own = (voice: MeasuredCheck): MeasuredCheck =>
    measures.find(({ measure }) => measure.metric === voice.measure.metric && measure.area === voice.measure.area) ?? voice;
  return { ...report, check: { ...check, measures: check.measures.map(own) } };
}

/** Counts the votes under one way to combine references; nothing is measured for it. */
export function countVotes({ check }: VoteReport, combine: CheckCombine): VoteCount {
  const cutoffs = check.measures.map((measured) => cutoffsOf(measured, combine));
  const scores = check.measures.map((measured) => combinedScores(measured, "candidates", combine));
  const candidates = check.candidates.map((_, candidate): CandidateVotes => {
    const readings = check.measures.map((measured, voice) =>
      readingOf(measured, scores[voice]?.[candidate] ?? null, cutoffs[voice] ?? null),
    );
    const votes = readings.flatMap(({ vote }) => (vote === null ? [] : [vote]));
    return { candidate, readings, majority: majorityOf(votes), isDisputed: new Set(votes).size > 1 };
  });
  return { cutoffs, candidates };
}

/** The cut-off that decides. */
export function cutoffInUse({ usual, calibrated }: VoiceCutoffs): number | null {
  return calibrated ?? usual;
}

function cutoffsOf(measured: MeasuredCheck, combine: CheckCombine): VoiceCutoffs {
  const { standing, suggested } = calibrationOf(measured, combine);
  const isKnown = standing === "separate" || standing === "overlapping";
  return { usual: scoreReachedBy(measured.random, voteRarity), calibrated: isKnown ? (suggested?.accept ?? null) : null };
}

function readingOf({ random }: MeasuredCheck, score: number | null, cutoffs: VoiceCutoffs | null): VoiceReading {
  const cutoff = cutoffs === null ? null : cutoffInUse(cutoffs);
  return {
    score,
    percentile: score === null || random.length < minimumPairs ? null : shareBelow(random, score),
    vote: score === null || cutoff === null ? null : score >= cutoff,
  };
}

function majorityOf(votes: readonly boolean[]): Majority | null {
  if (votes.length === 0) return null;
  const ayes = votes.filter(Boolean).length;
  return 2 * ayes === votes.length ? "tie" : 2 * ayes > votes.length ? "yes" : "no";
}
