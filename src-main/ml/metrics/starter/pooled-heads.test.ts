/** @file Both heads come back out of the stored vector, and a search hardly sees the other one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { cosine, dot } from "../../tensor/linear-algebra";
import { headCosines, packHeads } from "./pooled-heads";

const head = fc
  .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 96, maxLength: 96 })
  .map((numbers) => Float32Array.from(numbers))
  .filter((vector) => dot(vector, vector) > 1);

test("a packed vector has length one and gives back both cosines", () => {
  fc.assert(
    fc.property(head, head, head, head, (ownA, otherA, ownB, otherB) => {
      const [a, b] = [packHeads(ownA, otherA), packHeads(ownB, otherB)];
      const cosines = headCosines(a, b);
      expect(dot(a, a)).toBeCloseTo(1, 5);
      expect(cosines.own).toBeCloseTo(cosine(ownA, ownB), 5);
      expect(cosines.other).toBeCloseTo(cosine(otherA, otherB), 4);
      expect(Math.abs(cosine(a, b) - cosine(ownA, ownB))).toBeLessThan(0.01);
    }),
  );
});
