import { describe, expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { ImageFeatures } from "../../ml/metrics/metric";
import { createLanes } from "../jobs/lanes";
import { createExactRanking, type ExactRankingParts, type Scored } from "./exact-ranking";
import type { FeatureSource } from "./feature-source";
import type { MeasureRecipe } from "./measure-recipes";

const count = 100;
const recipe = { id: "0".repeat(16), key: { metric: "diffsim-s", modelPath: null } } as MeasureRecipe;
const coarse = Array.from({ length: count }, (_, index): Scored => ({ assetId: String(index).padStart(32, "0") as AssetId, score: -1 }));

/** Pictures whose only feature is their number, read into the memory that is given; later ones are often read earlier. */
function numbersIn(buffers: Set<ArrayBufferLike>, isGone: (number: number) => boolean = () => false): FeatureSource["of"] {
  return async (_recipe, assetId, { allocate } = {}) => {
    const number = Number(assetId);
    await new Promise((resolve) => setTimeout(resolve, number % 3));
    const bytes = allocate?.(4) ?? new Uint8Array(4);
    buffers.add(bytes.buffer);
    const pooled = new Float32Array(bytes.buffer, bytes.byteOffset, 1).fill(number);
    if (isGone(number)) throw new Error("The file is gone");
    return { pooled, attention: null };
  };
}

/** A score is the number that a target holds once the run ends. */
const score: ExactRankingParts["inference"]["score"] = async (_key, _query, targets) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return targets.map(({ pooled }) => ({ score: pooled[0] ?? NaN, directions: { ab: null, ba: null }, a: null, b: null }));
};

async function ranked(of: FeatureSource["of"], references: number) {
  const rank = createExactRanking({ features: { of, exact: of }, inference: { score }, lanes: createLanes() });
  const ofReferences = Array.from({ length: references }, (): ImageFeatures => ({ pooled: Float32Array.of(1), attention: null }));
  const question = {
    query: { exact: false, combine: "mean" as const },
    recipe,
    references: ofReferences,
    weights: ofReferences.map(() => 1),
  };
  return rank(question, coarse);
}

describe("exact ranking", () => {
  it("scores each candidate by its own features, in memory that is used again", async () => {
    const buffers = new Set<ArrayBufferLike>();
    const { scored, unranked } = await ranked(numbersIn(buffers), 2);
    expect(scored).toEqual(coarse.map(({ assetId }) => ({ assetId, score: Number(assetId) })).reverse());
    expect(unranked).toBe(0);
    expect(buffers.size).toBeLessThan(count / 2);
  });

  it("leaves a candidate whose picture is gone its coarse score", async () => {
    const { scored, unranked } = await ranked(
      numbersIn(new Set(), (number) => number % 10 === 0),
      1,
    );
    expect(unranked).toBe(count / 10);
    expect(scored.filter(({ score: kept }) => kept === -1)).toHaveLength(count / 10);
    for (const { assetId, score: given } of scored) if (given !== -1) expect(given).toBe(Number(assetId));
  });
});
