/** @file What a check found, in sentences that the command line and reports share. */
import type { CheckVerdict } from "#shared/domain/check";
import type { Calibration, ErrorRate } from "#shared/domain/check-calibration";

/** A score or n/a, with three decimals. */
export function scoreText(score: number | null): string {
  return score === null ? "n/a" : score.toFixed(3);
}

/** A share as a percentage that is 100 % only where it is all. */
export function shareText(share: number | null): string {
  if (share === null) return "n/a";
  return share === 1 ? "100 %" : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}

/** `2 accepted, 1 undecided, 0 rejected.` */
export function countsText({ accepted, undecided, rejected }: Readonly<Record<CheckVerdict, number>>): string {
  return `${accepted} accepted, ${undecided} undecided, ${rejected} rejected.`;
}

/** The errors to expect from cuts. */
export function errorsText({ falseAccept, falseReject }: Pick<Calibration, "falseAccept" | "falseReject">): string {
  return `Of pictures that are something else ${mostText(falseAccept)} would be accepted, of good ones ${mostText(falseReject)} rejected.`;
}

/** What can be concluded from references and impostors, and the errors to expect from the suggested cuts. */
export function standingText({ standing, ...rates }: Calibration): string {
  const errors = errorsText(rates);
  switch (standing) {
    case "separate":
      return `References and impostors lie apart; what lies between them is undecided. ${errors}`;
    case "overlapping":
      return `Some impostors are as alike as references may be; what both reach is undecided. ${errors}`;
    case "few-references":
      return `So few references tell little about how much good pictures differ. ${errors}`;
    case "few-impostors":
      return "There are too few pictures of something else to say how rare a score is; add folders to the library.";
    case "one-reference":
      return "One reference says nothing of how much good pictures differ. Accepted is what at most 1 in 100 impostors reaches, rejected only what is less alike than 95 in 100 of them.";
    case "nothing":
      return "There is nothing to compare with: one reference, and no pictures of something else.";
  }
}

function mostText(rate: ErrorRate | null): string {
  return rate === null ? "nobody knows how many" : `at most ${(rate.interval[1] * 100).toFixed(1)} %`;
}
