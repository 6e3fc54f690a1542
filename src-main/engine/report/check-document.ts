/** @file A check as JSON. */
import type { AssetId } from "#shared/domain/asset";
import type { CheckMeasure, CheckVerdict } from "#shared/domain/check";
import { type Calibration, type Cutoffs, errorRates, shareBelow } from "#shared/domain/check-calibration";
import type { CheckRow } from "#shared/domain/check-split";
import { defined } from "#shared/lib/assert";
import type { FinishedCheck } from "./finished-check";

/** `threshold` is null where none is known. */
interface MeasureDocument extends CheckMeasure {
  readonly model: string;
  readonly threshold: ThresholdDocument | null;
  readonly standing: Calibration["standing"];
  readonly genuine: readonly number[];
  readonly impostors: { readonly count: number; readonly bundled: number; readonly nearest: FinishedCheck["nearestImpostors"][number] };
  readonly recipe: unknown;
}

type ThresholdDocument = Cutoffs & {
  readonly from: "calibrated" | "given";
  readonly errorRate: Pick<Calibration, "falseAccept" | "falseReject">;
};

/** Shares of impostors and of random pairs that score lower, in [0, 1]; null where nobody knows. */
interface ScoreDocument extends CheckMeasure {
  readonly score: number | null;
  readonly aboveImpostors: number | null;
  readonly aboveRandom: number | null;
}

/** `score` is that of the first measure. */
export interface CandidateDocument {
  readonly path: string;
  readonly assetId: AssetId;
  readonly score: number | null;
  readonly scores: readonly ScoreDocument[];
  readonly verdict: CheckVerdict;
  readonly byHand: boolean;
  readonly nearestReference: string | null;
  readonly nearCopy: boolean;
}

/** The document of `semblance check`; `metric` and `threshold` are those of the first measure. */
export function checkDocument(check: FinishedCheck) {
  const { result, split, settings } = check;
  const measures = result.measures.map((_, index) => measureDocument(check, index));
  const candidates = split.rows.flatMap((row) => candidateDocuments(check, row));
  const counts = { accepted: 0, undecided: 0, rejected: 0 };
  for (const { verdict } of candidates) counts[verdict] += 1;
  return {
    references: result.references.map(({ path }) => path),
    metric: measures[0]?.metric,
    combine: settings.combine,
    threshold: measures[0]?.threshold ?? null,
    counts,
    candidates,
    measures,
    skipped: result.skipped,
    blindSpots: check.blindSpots,
    device: result.device,
    milliseconds: result.milliseconds,
  };
}

function measureDocument({ result, split, settings, nearestImpostors, bundledImpostors }: FinishedCheck, index: number): MeasureDocument {
  const measured = defined(result.measures[index], "a measure");
  const calibration = defined(split.calibrations[index], "a calibration a measure");
  const cutoffs = split.cutoffs[index] ?? null;
  const from = (settings.cutoffs[index] ?? null) === null ? "calibrated" : "given";
  return {
    ...measured.measure,
    model: measured.modelName,
    threshold: cutoffs === null ? null : { ...cutoffs, from, errorRate: errorRates(calibration, cutoffs) },
    standing: calibration.standing,
    genuine: calibration.genuine,
    impostors: { count: calibration.impostors.length, bundled: bundledImpostors, nearest: nearestImpostors[index] ?? null },
    recipe: measured.recipe,
  };
}

/** One a path: the same bytes are judged once, and every file that holds them is told of. */
function candidateDocuments({ result, split, pathsOf }: FinishedCheck, row: CheckRow): readonly CandidateDocument[] {
  const { asset, path } = defined(result.candidates[row.candidate], "a row is of a candidate");
  const scores = result.measures.map(({ measure, random }, index): ScoreDocument => {
    const score = row.scores[index] ?? null;
    const aboveIn = (scale: readonly number[]): number | null => (score === null ? null : shareBelow(scale, score));
    return { ...measure, score, aboveImpostors: aboveIn(split.calibrations[index]?.impostors ?? []), aboveRandom: aboveIn(random) };
  });
  return (pathsOf.get(asset.id) ?? [path]).map((each) => ({
    path: each,
    assetId: asset.id,
    score: row.scores[0] ?? null,
    scores,
    verdict: row.verdict,
    byHand: row.isByHand,
    nearestReference: row.nearest === null ? null : (result.references[row.nearest]?.path ?? null),
    nearCopy: row.isNearCopy,
  }));
}
