/** @file How many of the right answers a coarse order has among its first. */

/** Share of the `wanted` best by `exact` among the `kept` best by `coarse`, which name the same items in the same order. Larger is better in both. */
export function recallOf(
  exact: ArrayLike<number>,
  coarse: ArrayLike<number>,
  { wanted, kept }: { readonly wanted: number; readonly kept: number },
): number {
  const found = new Set(firstOf(coarse, kept));
  const right = firstOf(exact, wanted);
  return right.length === 0 ? 1 : right.filter((index) => found.has(index)).length / right.length;
}

function firstOf(scores: ArrayLike<number>, count: number): readonly number[] {
  const order = Array.from({ length: scores.length }, (_, index) => index);
  return order.sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b).slice(0, count);
}
