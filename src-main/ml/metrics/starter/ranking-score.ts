/**
 * @file The one number the starter ranks by. Its heads are not independent: pictures of the same thing also look alike to the style head, and
 * pictures of the same style to the subject head. So each ranking takes off a part of the other, and the subject adds its token AAS.
 *
 * The weights are those the model card gives for z-scored outputs (style - 0.1 subject; subject + AAS; subject - 0.4 style), converted by the
 * spread of random pairs of the sample library (style head 0.26, subject head 0.17, subject token AAS 0.10). Measured on its 144 pictures of
 * 12 subjects in 12 styles, which the model never saw: the nearest picture has the same style in 99 % (head alone 96 %), the same
 * subject in 73 % (head alone 50 %, chance 8 %).
 */
import type { StarterOutput } from "../../models/starter/config";

/** Cosines of a pair: the metric's own head, the other head, and the mean of both directions of the own tokens' AAS. */
export interface PairSimilarities {
  readonly own: number;
  readonly other: number;
  readonly alignment: number;
}

const weights: Readonly<Record<StarterOutput, PairSimilarities>> = {
  style: { own: 1, other: -0.15, alignment: 0 },
  subject: { own: 1, other: -0.27, alignment: 1.75 },
};

/** The score of a pair in a ranking: 1 for a picture with itself, lower for everything less alike. */
export function rankingScore(output: StarterOutput, pair: PairSimilarities): number {
  const weight = weights[output];
  const total = weight.own + weight.other + weight.alignment;
  return (weight.own * pair.own + weight.other * pair.other + weight.alignment * pair.alignment) / total;
}
