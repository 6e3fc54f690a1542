/** @file A check survives its way through the address, and what cannot be read opens the page all the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import { checkAreaSchema, checkCombineSchema } from "#shared/domain/check";
import { metricNameSchema } from "#shared/domain/feature-recipe";
import { type CheckSetup, changesScale, checkModes, checkOrders, checkQueryOf, emptySetup, measuresOf } from "./check-setup";
import { consistencySearchSchema, fromConsistencySearch, toConsistencySearch } from "./consistency-search";

const id = fc.bigInt(0n, 2n ** 128n - 1n).map((value) => value.toString(16).padStart(32, "0") as AssetId);
const ids = (maxLength: number): fc.Arbitrary<AssetId[]> => fc.uniqueArray(id, { minLength: 1, maxLength });
const cutoffs = fc
  .tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -9999, max: 9999 }))
  .map(([a, b]) => ({ reject: Math.min(a, b) / 10_000, accept: Math.max(a, b) / 10_000 }));
const metric = fc.constantFrom("starter-style", "diffsim", "colour").map((name) => metricNameSchema.parse(name));

const setup: fc.Arbitrary<CheckSetup> = fc.record({
  references: fc.oneof(fc.constant([]), ids(8)),
  boardId: fc.option(fc.uuid()),
  candidates: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constant("assets" as const), assetIds: ids(90) }),
      fc.record({
        kind: fc.constant("folder" as const),
        path: fc.constantFrom("/a/b c", "C:\\out & more", "/ü?#"),
        where: fc.option(fc.constant("rating >= 4")),
      }),
    ),
  ),
  mode: fc.constantFrom(...checkModes),
  metrics: fc.record({ style: fc.option(metric), instance: fc.option(metric) }),
  area: fc.constantFrom(...checkAreaSchema.options),
  combine: fc.constantFrom(...checkCombineSchema.options),
  cutoffs: fc.oneof(
    fc.constant([]),
    fc.array(fc.option(cutoffs), { minLength: 1, maxLength: 3 }).filter((list) => list.some((each) => each !== null)),
  ),
  order: fc.constantFrom(...checkOrders),
});

test("a check that is written into an address is read from it again", () => {
  fc.assert(
    fc.property(setup, (check) => {
      const text = new URLSearchParams(
        Object.entries(toConsistencySearch(check)).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ).toString();
      const search = consistencySearchSchema.parse(Object.fromEntries(new URLSearchParams(text)));
      expect(fromConsistencySearch(search)).toEqual(check);
    }),
  );
});

test("many pictures leave the address short", () => {
  const assetIds = Array.from({ length: 20_000 }, (_, index) => (index + 1).toString(16).padStart(32, "0") as AssetId);
  const search = toConsistencySearch({ ...emptySetup, candidates: { kind: "assets", assetIds } });
  expect(search.ids?.length).toBeLessThan(40);
  expect(fromConsistencySearch(search).candidates).toEqual({ kind: "assets", assetIds });
});

test("whatever an address says, there is a check", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("refs", "ids", "in", "cut", "by", "combine", "at"), fc.string()), (parameters) => {
      const { cutoffs: read } = fromConsistencySearch(consistencySearchSchema.parse(parameters));
      for (const each of read) expect(each === null || each.reject <= each.accept).toBe(true);
    }),
  );
  expect(fromConsistencySearch(consistencySearchSchema.parse({ ids: "kept:gone", cut: "0.8,0.2;x" }))).toEqual({
    ...emptySetup,
    cutoffs: [null, null],
  });
});

test("both questions are asked one after the other, and no metric twice", () => {
  const names = (...list: readonly string[]) => list.map((name) => metricNameSchema.parse(name));
  const recommended = { style: names("starter-style"), instance: names("starter-subject", "colour") };
  const metricsOf = (change: Partial<CheckSetup>): readonly string[] =>
    measuresOf({ ...emptySetup, ...change }, recommended).map((measure) => measure.metric);
  expect(metricsOf({})).toEqual(["starter-subject", "colour"]);
  expect(metricsOf({ mode: "both" })).toEqual(["starter-style", "starter-subject", "colour"]);
  const [colour = null] = names("colour");
  expect(metricsOf({ mode: "both", metrics: { style: colour, instance: null } })).toEqual(["colour", "starter-subject"]);
  expect(checkQueryOf(emptySetup, measuresOf(emptySetup, recommended))).toBeNull();
});

test("cut-offs are given up only where scores mean something else", () => {
  expect(changesScale({ combine: "max" })).toBe(true);
  expect(changesScale({ order: "name", references: [] })).toBe(false);
});
