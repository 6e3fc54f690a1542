/** @file The matrix of a check: what is known from the check itself, what the engine adds, and both orders. */
import { describe, expect, it } from "vitest";
import type { CheckMatrix } from "#shared/domain/check-matrix";
import { assetIdOf, checkResultOf, measuredOf } from "../../../tests/support/checks";
import { matrixIds, orderedByLikeness, pairMatrix, rowOf } from "./pair-matrix";

const measured = measuredOf({
  references: [
    [1, 0.8],
    [0.8, 1],
  ],
  candidates: [
    [0.3, 0.2],
    [0.7, null],
  ],
});
const result = checkResultOf([measured]);
const listed = [1, 0];
/** Candidate 1, reference 1 and candidate 0; the engine lists what it could measure, in any order. */
const matrix: Pick<CheckMatrix, "assetIds" | "scores"> = {
  assetIds: [assetIdOf(1), assetIdOf(1001), assetIdOf(0)],
  scores: [[1, 0.65, 0.4], [1, 0.21], [1]],
};

describe("the matrix of a check", () => {
  it("has the scores with references at once, references first and candidates as they are listed", () => {
    const { pictures, values, divider } = pairMatrix({ result, measured, listed, matrix: null });
    expect(pictures.map(({ kind, index }) => `${kind} ${index}`)).toEqual(["reference 0", "reference 1", "candidate 1", "candidate 0"]);
    expect(divider).toBe(2);
    const unknown = Number.NaN;
    const expected = [1, 0.8, 0.7, 0.3, 0.8, 1, unknown, 0.2, 0.7, unknown, unknown, unknown, 0.3, 0.2, unknown, unknown];
    expect(values).toEqual(Float32Array.from(expected));
  });

  it("takes what the engine measured, by picture and whichever way round", () => {
    const { values } = pairMatrix({ result, measured, listed, matrix: matrix as CheckMatrix });
    const expected = [1, 0.8, 0.7, 0.3, 0.8, 1, 0.65, 0.21, 0.7, 0.65, 1, 0.4, 0.3, 0.21, 0.4, 1];
    expect(values).toEqual(Float32Array.from(expected));
  });

  it("has like beside like on request, with every score at its pair", () => {
    const known = pairMatrix({ result, measured, listed, matrix: matrix as CheckMatrix });
    const ordered = orderedByLikeness(known);
    expect(ordered.divider).toBeNull();
    expect(ordered.pictures.at(-1)).toMatchObject({ kind: "candidate", index: 0 });
    const scoreOf = ({ pictures, values }: typeof known, a: string, b: string): number | undefined => {
      const placeOf = (id: string): number => pictures.findIndex(({ asset }) => asset.id === id);
      return values[placeOf(a) * pictures.length + placeOf(b)];
    };
    for (const a of matrixIds(result)) for (const b of matrixIds(result)) expect(scoreOf(ordered, a, b)).toBe(scoreOf(known, a, b));
  });

  it("lists one picture with all others, unknown ones last", () => {
    const known = pairMatrix({ result, measured, listed, matrix: null });
    expect(rowOf(known, 1)).toEqual([
      { place: 0, score: expect.closeTo(0.8) as number },
      { place: 3, score: expect.closeTo(0.2) as number },
      { place: 2, score: null },
    ]);
  });
});
