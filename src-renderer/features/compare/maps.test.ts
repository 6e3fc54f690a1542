/** @file The maps of each view, their ranges and their marks. */
import { describe, expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { PairScore } from "#shared/domain/score";
import { brandId } from "#shared/lib/branded-id";
import { agreementMaps, mostAgreeingTile, similarityMaps } from "./maps";
import { wholePicture } from "./tile";
import type { TokenVectors } from "./token-vectors";

const areas = { a: wholePicture, b: wholePicture };
const a: TokenVectors = { grid: { rows: 1, columns: 2 }, channels: 2, data: Float32Array.of(1, 0, 0, 1) };
const b: TokenVectors = { grid: { rows: 2, columns: 1 }, channels: 2, data: Float32Array.of(0, 1, 0.6, 0.8) };

describe("similarity maps", () => {
  it("mark the tile that is read and its best match in the other picture", () => {
    const maps = similarityMaps({ a, b }, { side: "a", x: 0.75, y: 0.5 }, { areas, measure: "cosine", rangeMode: "fitted" });
    expect([...Array.from(maps.a.values)]).toEqual([0, 1]);
    expect(maps.a.marked).toEqual({ tile: 1, kind: "read", score: 1 });
    expect(maps.b.marked).toEqual({ tile: 0, kind: "best", score: 1 });
    expect(maps).toMatchObject({ ramp: "sequential", range: { min: 0, max: 1 } });
  });

  it("read the second picture as well", () => {
    const maps = similarityMaps({ a, b }, { side: "b", x: 0.5, y: 0.9 }, { areas, measure: "cosine", rangeMode: "fitted" });
    expect(maps.b.marked?.kind).toBe("read");
    expect(maps.a.marked).toEqual({ tile: 1, kind: "best", score: expect.closeTo(0.8, 5) });
  });

  it("diverge around zero only when zero has a meaning", () => {
    const place = { side: "a", x: 0.1, y: 0.5 } as const;
    expect(similarityMaps({ a, b }, place, { areas, measure: "centred", rangeMode: "fitted" })).toMatchObject({
      ramp: "diverging",
      range: { min: -1, max: 1 },
    });
    expect(similarityMaps({ a, b }, place, { areas, measure: "cosine", rangeMode: "fixed" }).range).toEqual({ min: 0, max: 1 });
  });
});

describe("agreement maps", () => {
  const side = (heat: readonly number[]) => ({
    assetId: brandId<AssetId>("0".repeat(32)),
    grid: { rows: 1, columns: heat.length },
    heat: [...heat],
    match: heat.map(() => 0),
  });
  const pair = { a: side([0.2, 0.9]), b: side([0.4, 0.5]) } as PairScore;

  it("share one range over both pictures", () => {
    expect(agreementMaps(pair, "fitted")?.range).toEqual({ min: 0.2, max: 0.9 });
    expect(agreementMaps(pair, "fixed")?.range).toEqual({ min: 0, max: 1 });
    expect(mostAgreeingTile(pair)).toBe(1);
  });

  it("are none for a metric without tokens", () => {
    expect(agreementMaps({ ...pair, a: null }, "fitted")).toBeNull();
    expect(mostAgreeingTile({ ...pair, a: null })).toBeNull();
  });
});
