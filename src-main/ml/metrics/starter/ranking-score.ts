/** @file The one number the starter ranks by, made of its two: the cosine of the heads and the AAS of the tokens. */

/**
 * The score of a pair in a ranking.
 *
 * The head cosine alone: it was trained for the question asked, and the token score may not overrule it. The tokens give the
 * directions, the heat maps and the matched patches.
 *
 * @param head cosine of the style or subject heads, in [-1, 1]
 * @param _alignment mean of both directions of the token AAS, in [-1, 1]
 */
export function rankingScore(head: number, _alignment: number): number {
  return head;
}
