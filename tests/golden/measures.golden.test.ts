/** @file One tile against every tile in the seven published measures, from the published worker's own feature maps. */
import { describe, expect, test } from "vitest";
import type { FeatureMap } from "#main/ml/maps/feature-map";
import { measureTile, summarizeMap, tileMeasures } from "#main/ml/maps/tile-measures";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { type GoldenCase, goldenCases } from "../support/goldens";

const cases = goldenCases("measures");

test("no case is lost, and all published measures are there", () => {
  expect(cases).toHaveLength(5);
  for (const golden of cases) expect(golden.parameters["measures"]).toEqual(tileMeasures);
});

interface Summary {
  readonly mean: number | null;
  readonly std: number | null;
  readonly best: readonly [row: number, column: number] | null;
}

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const tensors = readGoldenTensors(golden);
  const numbersOf = (name: string): Float32Array => goldenTensor(tensors, name, Float32Array).data;
  const mapOf = (name: "a" | "b"): FeatureMap => {
    const [rows = 0, columns = 0, channels = 0] = tensors.get(name)?.shape ?? [];
    return { rows, columns, channels, data: numbersOf(name) };
  };
  const tiles = golden.parameters["tiles"] as readonly (readonly [number, number])[];
  const maps = tileMeasures.flatMap((measure) =>
    tiles.map(([row, column]) => [`${measure}.r${row}c${column}`, measure, row, column] as const),
  );

  test.each(maps)("%s", (name, measure, row, column) => {
    const [of, over] = [mapOf("a"), mapOf("b")];
    const values = measureTile({ measure, of, tile: row * of.columns + column, over, mode: "published" });
    expectSame(values, numbersOf(name), golden);
    const expected = golden.outputs[name] as Summary;
    const summary = summarizeMap(values);
    if (expected.mean === null || expected.std === null || expected.best === null) return expect(summary).toBeNull();
    const tolerance = golden.tolerance["score"] ?? 0;
    expect(Math.abs((summary?.mean ?? Number.NaN) - expected.mean)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs((summary?.std ?? Number.NaN) - expected.std)).toBeLessThanOrEqual(tolerance);
    expect(summary?.best).toBe(expected.best[0] * over.columns + expected.best[1]);
  });
});

/** Equal within the tolerance, and no number exactly where the published code has none. */
function expectSame(actual: Float32Array, expected: Float32Array, golden: GoldenCase): void {
  expect(actual).toHaveLength(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
  const limit = (golden.tolerance["tensors"] ?? 0) * Math.max(scale, 1e-3);
  const wrong = [...actual.entries()].filter(([tile, value]) => {
    const wanted = expected[tile] ?? 0;
    return Number.isNaN(wanted) ? !Number.isNaN(value) : !(Math.abs(value - wanted) <= limit);
  });
  expect(wrong).toEqual([]);
}
