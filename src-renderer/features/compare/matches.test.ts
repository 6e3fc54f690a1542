/** @file Which patches are joined. */
import { describe, expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { PairSide } from "#shared/domain/score";
import { brandId } from "#shared/lib/branded-id";
import { bestMatches, mutualMatches } from "./matches";

const assetId = brandId<AssetId>("0".repeat(32));

describe("matches", () => {
  const side = (match: readonly number[], heat: readonly number[]): PairSide => ({
    assetId,
    grid: { rows: 1, columns: match.length },
    heat: [...heat],
    match: [...match],
  });

  it("join only patches that are each other's best, best first", () => {
    const a = side([2, 0, 1], [0.5, 0.9, 0.1]);
    const b = side([1, 0, 0], [0.9, 0.2, 0.5]);
    expect(mutualMatches(a, b, 8)).toEqual([
      { a: 1, b: 0, agreement: 0.9 },
      { a: 0, b: 2, agreement: 0.5 },
    ]);
    expect(mutualMatches(a, b, 1)).toHaveLength(1);
    expect(mutualMatches(a, b, 8, 0.5)).toHaveLength(1);
  });

  it("fall back to one-way matches when none is mutual", () => {
    const a = side([1, 1], [0.2, 0.4]);
    const b = side([0, 0], [0.2, 0.4]);
    expect(mutualMatches(side([1, 1], [0, 0]), side([0, 0], [0, 0]), 4)).toEqual([{ a: 0, b: 1, agreement: 0 }]);
    expect(bestMatches(side([1, 0], [0.3, 0.4]), side([1, 1], [0, 0]), 4).every(({ agreement }) => agreement >= 0)).toBe(true);
    expect(bestMatches(a, b, 4).length).toBeGreaterThan(0);
  });
});
