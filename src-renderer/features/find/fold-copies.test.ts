/** @file Folding near-duplicates loses no match. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Match } from "#shared/domain/search";
import { foldCopies } from "./fold-copies";

const matchOf = (id: string, copyOf: string | null = null): Match => ({ asset: { id }, copyOf }) as Match;

it("shows the first of each family, whichever order they are in", () => {
  const [best, copy, other] = [matchOf("a"), matchOf("b", "a"), matchOf("c")] as const;
  expect(foldCopies([best, copy, other])).toEqual({ shown: [best, other], copyCounts: new Map([["a", 1]]) });
  expect(foldCopies([other, copy, best])).toEqual({ shown: [other, copy], copyCounts: new Map([["b", 1]]) });
});

it("counts every match once, shown or under one that is", () => {
  const families = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
  fc.assert(
    fc.property(families, (drawn) => {
      const matches = drawn.map((family, index) =>
        matchOf(`${family}-${index}`, drawn.indexOf(family) === index ? null : `${family}-${drawn.indexOf(family)}`),
      );
      const { shown, copyCounts } = foldCopies(matches);
      expect(shown).toHaveLength(new Set(drawn).size);
      expect([...copyCounts.values()].reduce((sum, count) => sum + count, shown.length)).toBe(matches.length);
    }),
  );
});
