/** @file How rare a score is among random pairs, put so that a person can read it. */
import { voteRarity } from "#shared/domain/rarity";

/** A rarity in words. `one-in`: 1 in `count`. `in-ten`: `count` in 10. `beyond`: no random pair reached it, so rarer than 1 in `count`. */
export type RarityPhrase =
  | { readonly kind: "one-in"; readonly count: number }
  | { readonly kind: "in-ten"; readonly count: number }
  | { readonly kind: "beyond"; readonly count: number }
  | { readonly kind: "unknown" };

/** The bar's right end: 1 in 10,000. Each quarter is ten times rarer. */
const barDecades = 4;

/**
 * Puts a rarity in words.
 *
 * @param rarity share of random pairs that score at least as high, 0..1; null when there are too few pairs
 * @param pairs  how many random pairs were scored: no finer statement than 1 in `pairs` can be made
 */
export function rarityPhrase(rarity: number | null, pairs: number): RarityPhrase {
  if (rarity === null || Number.isNaN(rarity)) return { kind: "unknown" };
  if (rarity <= 0) return pairs > 0 ? { kind: "beyond", count: pairs } : { kind: "unknown" };
  if (rarity > 0.55) return { kind: "in-ten", count: Math.min(10, Math.round(rarity * 10)) };
  return { kind: "one-in", count: roundedToTwoDigits(1 / rarity) };
}

/** 3987 becomes 4000, 248 becomes 250, 17.4 becomes 17, 2.4 becomes 2. */
export function roundedToTwoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

/** How far the logarithmic rarity bar is filled, 0..1. A score that no random pair reached fills it as far as `pairs` can prove. */
export function rarityFill(rarity: number | null, pairs: number): number {
  if (rarity === null || Number.isNaN(rarity)) return 0;
  const provable = rarity > 0 ? rarity : 1 / Math.max(1, pairs);
  return Math.min(1, Math.max(0, -Math.log10(provable) / barDecades));
}

/** Whether a score is so common among random pairs that it must not be called a match. */
export function isTooCommon(rarity: number | null): boolean {
  return rarity !== null && rarity > voteRarity;
}
