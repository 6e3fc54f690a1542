/** @file Limits of a search: taken over, recognised, and taken off again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { freedFrom, isLimitedBy, limitedBy, type SearchScope } from "./search-scope";

const scope: fc.Arbitrary<SearchScope> = fc.record({
  folder: fc.constantFrom(null, "/a", "/b"),
  where: fc.constantFrom(null, "rating >= 4", "flag = picked"),
});

test("limits are there once they are taken over, and what they leave open outlasts them", () => {
  fc.assert(
    fc.property(scope, scope, (own, limits) => {
      const limited = limitedBy(own, limits);
      expect(isLimitedBy(limited, limits)).toBe(true);
      const freed = freedFrom(limited, limits);
      expect(freed).toEqual(freedFrom(own, limits));
      expect(isLimitedBy(freed, limits)).toBe(limits.folder === null && limits.where === null);
    }),
  );
});
