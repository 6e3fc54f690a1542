/**
 * @file How many points were found: the percentage of correct keypoints, PCK@alpha.
 * Source: eval_spair.py of DIFT and correspondence_utils.py of generic-diffusion-feature (quirk 48).
 */
import type { PixelSize } from "./bilinear";
import type { Point } from "./correspondence";

/** A box in pixels: the corners at the top left and at the bottom right. */
export type KeypointBox = readonly [left: number, top: number, right: number, bottom: number];

export interface KeypointJudgement {
  /** Euclidean, in pixels, one a point. */
  readonly distances: readonly number[];
  readonly correct: readonly boolean[];
  /** The share of correct points in [0, 1]; null without points. */
  readonly share: number | null;
}

/** What a distance is measured by: the longer side of the object's box, or of the picture. */
export function longerSide(of: KeypointBox | PixelSize): number {
  if ("width" in of) return Math.max(of.width, of.height);
  const [left, top, right, bottom] = of;
  return Math.max(right - left, bottom - top);
}

/**
 * Judges the found points of one pair of pictures: correct is what lies within `alpha * side` of where it should be, the limit included.
 *
 * @param side PCK per box takes the longer side of the object's box, PCK per image that of the picture: {@link longerSide}
 */
export function judgeKeypoints(
  found: readonly Point[],
  expected: readonly Point[],
  { alpha, side }: { readonly alpha: number; readonly side: number },
): KeypointJudgement {
  const distances = found.map(({ x, y }, i) => Math.hypot(x - (expected[i]?.x ?? Number.NaN), y - (expected[i]?.y ?? Number.NaN)));
  const correct = distances.map((distance) => distance / side <= alpha);
  return { distances, correct, share: shareOf(correct) };
}

/** PCK of many pairs: the mean over the pairs, and the share of all their points together. Pairs without points count in neither. */
export function averageKeypoints(judgements: readonly KeypointJudgement[]): {
  readonly perPair: number | null;
  readonly perPoint: number | null;
} {
  const shares = judgements.flatMap(({ share }) => share ?? []);
  const perPair = shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { perPair, perPoint: shareOf(judgements.flatMap(({ correct }) => correct)) };
}

function shareOf(correct: readonly boolean[]): number | null {
  return correct.length === 0 ? null : correct.filter(Boolean).length / correct.length;
}
