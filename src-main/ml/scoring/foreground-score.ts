/**
 * @file The Aligned Attention Score of what stands in front: of the tokens of the foreground alone, in both directions, out of a pair that was scored as a whole.
 *
 *   weight of a patch = 1 in the foreground, else 0        weight of a class or register token = the mean weight of the patches
 *   direction         = sum of weight * agreement / sqrt(sum of weight * crossed * sum of weight * own)
 *
 * Tokens of the foreground still look at the whole other picture. Where a score is a blend, its other parts are of whole pictures, so they count less the
 * smaller the foreground is: by the mean share of foreground of both. With everything in the foreground it is the score of the pair to the last bit, whatever
 * the metric. What this gains, and why keys are left alone: docs/foreground.md.
 */
import { appError } from "#shared/domain/app-error";
import type { TileMask } from "../maps/tile-mask";
import type { TokenParts } from "./token-parts";

/** What a pair's score owes to its tokens. */
export interface PairAlignment {
  /** How much of the score the mean of both directions makes: 1 where it is all. */
  readonly share: number;
  readonly a: TokenParts;
  readonly b: TokenParts;
}

/** A scored pair; `alignment` is left out where the score is not made of tokens. */
export interface AlignablePair {
  readonly score: number;
  readonly alignment?: PairAlignment;
}

/**
 * The score of the foregrounds of a pair, on the scale of its score; null where the score is not made of tokens or a side has no foreground.
 *
 * @param masks one byte for each patch of a side, row by row: 1 is foreground
 * @throws scoring/incompatible-features when a mask has more tiles than its side has tokens
 */
export function foregroundScore({ score, alignment }: AlignablePair, masks: { readonly a: TileMask; readonly b: TileMask }): number | null {
  if (alignment === undefined || !masks.a.includes(1) || !masks.b.includes(1)) return null;
  const foreground = (weighted(alignment.a, masks.a) + weighted(alignment.b, masks.b)) / 2;
  const whole = (weighted(alignment.a, everything(masks.a)) + weighted(alignment.b, everything(masks.b))) / 2;
  const { share } = alignment;
  const leftOut = 1 - (shareOf(masks.a) + shareOf(masks.b)) / 2;
  // (score - share * whole) are the parts that see whole pictures; of their weight, 1 - share, goes as much as is left out of the pictures.
  const blended = score + share * (foreground - whole) - leftOut * (score - share * whole);
  return Math.min(Math.max(1, score), blended / (1 - leftOut * (1 - share)));
}

const shareOf = (mask: TileMask): number => mask.reduce((sum, tile) => sum + tile, 0) / mask.length;

const everything = (mask: TileMask): TileMask => new Uint8Array(mask.length).fill(1);

/** One direction over the tokens that count. */
function weighted({ agreement, crossed, own }: TokenParts, mask: TileMask): number {
  const prefix = agreement.length - mask.length;
  if (prefix < 0) {
    throw appError("scoring/incompatible-features", `A mask of ${mask.length} tiles does not fit ${agreement.length} tokens.`, {
      hint: "A mask must lie on the grid of the metric it is used with.",
    });
  }
  const ofPrefix = shareOf(mask);
  const total = (parts: Float32Array): number =>
    parts.reduce((sum, part, token) => sum + part * (token < prefix ? ofPrefix : (mask[token - prefix] ?? 0)), 0);
  const lengths = Math.sqrt(total(crossed) * total(own));
  return lengths === 0 ? 0 : total(agreement) / lengths;
}
