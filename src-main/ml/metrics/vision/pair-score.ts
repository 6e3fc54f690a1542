/** @file An aligned score as Compare shows it: patches only, without class and register tokens. */
import type { AlignedCosines, AlignedScore } from "../../scoring/aligned-attention";
import type { AttentionGrid } from "../../scoring/attention-features";
import type { PairMap, PairScore } from "../metric";

/** A score that a metric makes of its own, and how much of it the mean of both directions is: 0 where tokens only show where pictures agree. */
export interface OwnScore {
  readonly score: number;
  readonly alignmentShare: number;
}

/** The pair score of two directions alone. */
export function scoreAlone({ ab, ba }: AlignedCosines, score = (ab + ba) / 2): PairScore {
  return { score, directions: { ab, ba }, a: null, b: null };
}

/** The pair score of two token grids; it is the mean of both directions unless the metric has one of its own. */
export function pairScore(
  aligned: AlignedScore,
  grids: { readonly a: AttentionGrid; readonly b: AttentionGrid },
  { score, alignmentShare }: OwnScore = { score: (aligned.ab + aligned.ba) / 2, alignmentShare: 1 },
): PairScore {
  return {
    ...scoreAlone(aligned, score),
    a: pairMap(aligned.heatA, aligned.matchA, grids),
    b: pairMap(aligned.heatB, aligned.matchB, { a: grids.b, b: grids.a }),
    ...(alignmentShare === 0 ? {} : { alignment: { share: alignmentShare, a: aligned.partsA, b: aligned.partsB } }),
  };
}

/** Heat and matches of the patches of `a`; matches become patch indices of `b`. */
function pairMap(heat: Float32Array, match: Int32Array, { a, b }: { readonly a: AttentionGrid; readonly b: AttentionGrid }): PairMap {
  return {
    grid: { rows: a.rows, columns: a.columns },
    heat: heat.slice(a.prefix),
    match: match.slice(a.prefix).map((token) => token - b.prefix),
  };
}
