/** @file Cosine maps against a slow and obvious version of the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TokenVectors, bestTile, centredTogether, mapSummary, parseTokenVectors, similarityMap } from "./token-vectors";

function vectorsArbitrary(channels: number): fc.Arbitrary<TokenVectors> {
  return fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
    fc
      .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: rows * columns * channels, maxLength: rows * columns * channels })
      .map((values) => {
        const data = Float32Array.from(values);
        for (let start = 0; start < data.length; start += channels) {
          const norm = Math.hypot(...data.subarray(start, start + channels));
          if (norm > 1e-3) for (let channel = 0; channel < channels; channel++) data[start + channel] = (data[start + channel] ?? 0) / norm;
          else data.set([1, ...Array.from({ length: channels - 1 }, () => 0)], start);
        }
        return { grid: { rows, columns }, channels, data };
      }),
  );
}

function naiveCosine(a: TokenVectors, i: number, b: TokenVectors, j: number): number {
  const x = [...a.data.slice(i * a.channels, (i + 1) * a.channels)];
  const y = [...b.data.slice(j * b.channels, (j + 1) * b.channels)];
  const dot = x.reduce((sum, value, channel) => sum + value * (y[channel] ?? 0), 0);
  return dot / (Math.hypot(...x) * Math.hypot(...y));
}

describe("similarity map", () => {
  it("equals the cosine of each pair of vectors, tile by tile", () => {
    fc.assert(
      fc.property(vectorsArbitrary(5), vectorsArbitrary(5), fc.nat(), (a, b, seed) => {
        const tile = seed % (a.grid.rows * a.grid.columns);
        const map = similarityMap(a, tile, b);
        expect(map).toHaveLength(b.grid.rows * b.grid.columns);
        for (const [index, value] of map.entries()) expect(value).toBeCloseTo(naiveCosine(a, tile, b, index), 5);
        expect(similarityMap(a, tile, a)[tile]).toBeCloseTo(1, 5);
      }),
    );
  });

  it("refuses vectors of another recipe", () => {
    const vectors = (channels: number): TokenVectors => ({ grid: { rows: 1, columns: 1 }, channels, data: new Float32Array(channels) });
    expect(() => similarityMap(vectors(4), 0, vectors(5))).toThrow(/4 and 5/);
  });

  it("is ready within a frame for the largest grid", () => {
    const grid = { rows: 64, columns: 64 };
    const vectors: TokenVectors = { grid, channels: 640, data: new Float32Array(64 * 64 * 640).fill(0.04) };
    similarityMap(vectors, 0, vectors);
    const start = performance.now();
    similarityMap(vectors, 7, vectors);
    expect(performance.now() - start).toBeLessThan(120); // a loaded machine is allowed to be slow; on an idle one this takes about 5 ms
  });

  it("centres both pictures on their common mean", () => {
    fc.assert(
      fc.property(vectorsArbitrary(4), vectorsArbitrary(4), (a, b) => {
        const [first, second] = centredTogether(a, b);
        const tiles = [a, b].flatMap(({ data }) =>
          Array.from({ length: data.length / 4 }, (_, index) => data.slice(index * 4, index * 4 + 4)),
        );
        const mean = [0, 1, 2, 3].map((channel) => tiles.reduce((sum, tile) => sum + (tile[channel] ?? 0), 0) / tiles.length);
        const expected = tiles.map((tile) => {
          const rest = [...tile].map((value, channel) => value - (mean[channel] ?? 0));
          const norm = Math.hypot(...rest);
          return norm > 1e-3 ? rest.map((value) => value / norm) : null;
        });
        const actual = [...first.data, ...second.data];
        for (const [index, tile] of expected.entries())
          if (tile) expect(actual.slice(index * 4, index * 4 + 4)).toEqual(tile.map((value) => expect.closeTo(value, 2)));
      }),
    );
  });

  it("finds the best tile other than the tile itself", () => {
    expect(bestTile([0.2, 0.9, 0.5])).toEqual({ tile: 1, score: 0.9 });
    expect(bestTile([1, 0.3, 0.5], 0)).toEqual({ tile: 2, score: 0.5 });
    expect(mapSummary([0, 1])).toEqual({ mean: 0.5, spread: 0.5 });
  });
});

describe("token vectors on the wire", () => {
  it("are read as float32, row by row", () => {
    const body = Float32Array.of(1, 0, 0, 1, 0.6, 0.8).buffer;
    expect(parseTokenVectors(body, "1,3,2")).toEqual({
      grid: { rows: 1, columns: 3 },
      channels: 2,
      data: Float32Array.of(1, 0, 0, 1, 0.6, 0.8),
    });
  });

  it("are refused when header and body disagree", () => {
    expect(() => parseTokenVectors(new ArrayBuffer(8), "1,3,2")).toThrow(/8 bytes, expected 24/);
    expect(() => parseTokenVectors(new ArrayBuffer(8), null)).toThrow(/shape/);
    expect(() => parseTokenVectors(new ArrayBuffer(8), "1,2.5,1")).toThrow(/shape/);
  });
});
