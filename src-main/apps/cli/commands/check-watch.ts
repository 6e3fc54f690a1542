/** @file `semblance check --watch`: judges what is there and then every picture that comes, by the cuts of the beginning. */
import type { CheckVerdict } from "#shared/domain/check";
import type { Engine } from "../../../engine/engine";
import { type CandidateDocument, checkDocument } from "../../../engine/report/check-document";
import { countsText } from "../../../engine/report/check-words";
import type { FinishedCheck } from "../../../engine/report/finished-check";
import { watchPictures } from "../../../engine/services/picture-watch";
import type { CommandContext } from "../command-context";
import { calibrationText } from "../output/check-text";
import { printable, scoreText } from "../output/table";
import type { CheckOptions } from "./check-question";
import { runCheckOf } from "./check-run";

/** Runs until Ctrl-C and answers how often each verdict was given. */
export async function watchCandidates(
  context: CommandContext,
  engine: Engine,
  options: CheckOptions,
): Promise<Readonly<Record<CheckVerdict, number>>> {
  const { output, signal } = context;
  const counts = { accepted: 0, undecided: 0, rejected: 0 };
  let cutoffs = options.threshold ?? [];
  let isFirst = true;
  for await (const paths of watchPictures(options.candidates, signal)) {
    const check = await runCheckOf(context, engine, { ...options, candidates: paths, threshold: cutoffs });
    output.progress.clear();
    if (isFirst) tellStart(context, check);
    isFirst = false;
    // What was accepted an hour ago must not be rejected now because other pictures came.
    cutoffs = check.split.cutoffs;
    for (const candidate of checkDocument(check).candidates) {
      counts[candidate.verdict] += 1;
      tellCandidate(context, candidate);
    }
  }
  output.note(`Stopped. ${countsText(counts)}`);
  return counts;
}

function tellStart({ output }: CommandContext, check: FinishedCheck): void {
  for (const index of check.result.measures.keys()) output.note(calibrationText(check, index));
  output.note("Waiting for pictures. Ctrl-C stops.");
}

function tellCandidate({ output }: CommandContext, candidate: CandidateDocument): void {
  if (output.isJson) return output.jsonLine(candidate);
  const scores = candidate.scores.map(({ score }) => scoreText(score)).join("  ");
  output.result({ document: candidate, text: () => `${candidate.verdict.padEnd(9)}  ${scores}  ${printable(candidate.path)}` });
}
