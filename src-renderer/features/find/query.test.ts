/** @file The question: URL round trip, edits and undo. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssetId } from "#shared/domain/asset";
import type { Match, SearchReference } from "#shared/domain/search";
import { brandId } from "#shared/lib/branded-id";
import { parseCutoff, splitByCutoff, steppedCutoff } from "./cutoff";
import { findSearchSchema, formatReferences, parseReferences } from "./find-search";
import {
  type FindQuery,
  type QueryAction,
  emptyQuery,
  fromFindSearch,
  reduceQuery,
  searchQueryOf,
  startHistory,
  toFindSearch,
} from "./query";

const idOf = (index: number): AssetId => brandId<AssetId>(index.toString(16).padStart(32, "0"));
const [a, b, c] = [idOf(1), idOf(2), idOf(3)];

const referenceArbitrary: fc.Arbitrary<SearchReference> = fc.record({
  assetId: fc.integer({ min: 0, max: 1000 }).map(idOf),
  weight: fc.integer({ min: -100, max: 100 }).map((percent) => percent / 100 + 0),
  crop: fc.option(
    fc.record({
      x: fc.integer({ min: 0, max: 5000 }).map((share) => share / 10000),
      y: fc.integer({ min: 0, max: 5000 }).map((share) => share / 10000),
      width: fc.integer({ min: 1, max: 5000 }).map((share) => share / 10000),
      height: fc.integer({ min: 1, max: 5000 }).map((share) => share / 10000),
    }),
  ),
});
const referencesArbitrary = fc.uniqueArray(referenceArbitrary, { selector: ({ assetId }) => assetId, maxLength: 32 });

function apply(query: FindQuery, ...actions: readonly QueryAction[]) {
  return actions.reduce(reduceQuery, startHistory(query));
}

describe("references in the URL", () => {
  it("survive the round trip", () => {
    fc.assert(
      fc.property(referencesArbitrary, (references) => {
        expect(parseReferences(formatReferences(references))).toEqual(references);
      }),
    );
  });

  it("never throw, and never give what the engine would refuse", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789abcdef:,.-"), maxLength: 400 }), (text) => {
        for (const { weight, assetId } of parseReferences(text)) {
          expect(Math.abs(weight)).toBeLessThanOrEqual(1);
          expect(assetId).toMatch(/^[0-9a-f]{32}$/);
        }
      }),
    );
  });

  it("leave out a broken entry and keep its neighbours", () => {
    expect(parseReferences(`${a}:1,${b}:nonsense,${c}:-0.5:0.1,0.2,0.3,0.4`)).toEqual([
      { assetId: a, weight: 1, crop: null },
      { assetId: c, weight: -0.5, crop: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 } },
    ]);
    expect(parseReferences(`${a}:1,${a}:-1`)).toEqual([{ assetId: a, weight: 1, crop: null }]);
  });

  it("drop unreadable parameters instead of failing", () => {
    expect(findSearchSchema.parse({ metric: "No Metric", cutoff: "high", where: "rating >=", refs: `${a}:1` })).toEqual({ refs: `${a}:1` });
  });

  it("carry the whole question", () => {
    const query: FindQuery = {
      references: [{ assetId: a, weight: 0.6, crop: null }],
      metric: "clip-i",
      combine: "max",
      scope: { folder: "/p", where: "rating >= 4 and tag = ink" },
      exact: true,
      cutoff: 0.64,
      against: 0.35,
    };
    expect(fromFindSearch(findSearchSchema.parse(toFindSearch(query)))).toEqual(query);
    const asText = Object.fromEntries(Object.entries(toFindSearch(query)).map(([name, value]) => [name, String(value)]));
    expect(fromFindSearch(findSearchSchema.parse(asText))).toEqual(query);
    expect(fromFindSearch(toFindSearch(emptyQuery))).toEqual(emptyQuery);
  });
});

describe("editing the question", () => {
  it("adds more and less like this at a half, and moves what is there", () => {
    const { present } = apply(
      emptyQuery,
      { type: "add", assetId: a },
      { type: "nudge", assetId: b, by: 0.5 },
      { type: "nudge", assetId: c, by: -0.5 },
      { type: "nudge", assetId: b, by: -0.5 },
    );
    expect(present.references).toEqual([
      { assetId: a, weight: 1, crop: null },
      { assetId: b, weight: 0, crop: null },
      { assetId: c, weight: -0.5, crop: null },
    ]);
  });

  it("makes a dragged slider one step of undo", () => {
    const dragged = apply(
      emptyQuery,
      { type: "add", assetId: a },
      { type: "weigh", assetId: a, weight: 0.9 },
      { type: "weigh", assetId: a, weight: 0.4 },
      { type: "settle" },
      { type: "weigh", assetId: a, weight: 0.2 },
    );
    expect(dragged.present.references[0]?.weight).toBe(0.2);
    const once = reduceQuery(dragged, { type: "undo" });
    expect(once.present.references[0]?.weight).toBe(0.4);
    expect(reduceQuery(once, { type: "undo" }).present.references[0]?.weight).toBe(1);
  });

  it("undoes every edit back to the start, and no further", () => {
    const edit: fc.Arbitrary<QueryAction> = fc.oneof(
      fc.record({ type: fc.constant("add" as const), assetId: fc.constantFrom(a, b, c) }),
      fc.record({ type: fc.constant("remove" as const), assetId: fc.constantFrom(a, b, c) }),
      fc.record({
        type: fc.constant("weigh" as const),
        assetId: fc.constantFrom(a, b, c),
        weight: fc.double({ min: -2, max: 2, noNaN: true }),
      }),
      fc.record({ type: fc.constant("nudge" as const), assetId: fc.constantFrom(a, b, c), by: fc.constantFrom(0.5, -0.5) }),
      fc.record({ type: fc.constant("cutoff" as const), cutoff: fc.constantFrom(null, 0.5, 0.6) }),
      fc.record({ type: fc.constant("against" as const), weight: fc.constantFrom(0, 0.1, 1) }),
      fc.record({ type: fc.constant("clear" as const) }),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 60 }), (edits) => {
        let history = apply(emptyQuery, ...edits);
        expect(history.present.references.every(({ weight }) => Math.abs(weight) <= 1)).toBe(true);
        while (history.past.length > 0) history = reduceQuery(history, { type: "undo" });
        expect(history.present).toEqual(emptyQuery);
        expect(reduceQuery(history, { type: "undo" })).toBe(history);
      }),
    );
  });

  it("keeps at most a hundred steps, and none for an edit that changes nothing", () => {
    let history = startHistory(emptyQuery);
    for (let step = 0; step < 150; step++) history = reduceQuery(history, { type: "scope", scope: { folder: `/${step}`, where: null } });
    expect(history.past).toHaveLength(100);
    expect(reduceQuery(history, { type: "scope", scope: { folder: "/149", where: null } })).toBe(history);
  });

  it("forgets the cut-off and what is looked past when the metric changes, because scores share no scale", () => {
    const { present } = apply({ ...emptyQuery, cutoff: 0.6, against: 0.3 }, { type: "metric", metric: "clip-i" });
    expect(present).toMatchObject({ cutoff: null, against: 0 });
  });

  it("asks only when a picture counts", () => {
    expect(searchQueryOf(emptyQuery, "starter-style", null)).toBeNull();
    const { present } = apply(emptyQuery, { type: "add", assetId: a, weight: 0 });
    expect(searchQueryOf(present, "starter-style", null)).toBeNull();
    expect(searchQueryOf(apply(present, { type: "weigh", assetId: a, weight: -1 }).present, null, null)).toBeNull();
    const against = { metric: "starter-subject", weight: 0.1 };
    expect(searchQueryOf(apply(present, { type: "weigh", assetId: a, weight: -1 }).present, "starter-style", against)).toMatchObject({
      references: [{ assetId: a }],
      against,
    });
  });
});

describe("cut-off", () => {
  const matchOf = (score: number): Match => ({ score }) as Match;

  it("splits without losing or reordering a match", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true })), fc.double({ min: -1, max: 1, noNaN: true }), (scores, cutoff) => {
        const matches = scores.toSorted((x, y) => y - x).map(matchOf);
        const { above, below } = splitByCutoff(matches, cutoff);
        expect([...above, ...below]).toEqual(matches);
        expect(above.every(({ score }) => score >= cutoff)).toBe(true);
        expect(below.every(({ score }) => score < cutoff)).toBe(true);
      }),
    );
    expect(splitByCutoff([matchOf(0.1)], null).above).toHaveLength(1);
  });

  it("steps in thousandths inside the scale", () => {
    expect(steppedCutoff(0.64, 0.01, { min: 0, max: 1 })).toBe(0.65);
    expect(steppedCutoff(0.6404999, -0.001, { min: 0, max: 1 })).toBe(0.639);
    expect(steppedCutoff(0.999, 0.01, { min: 0, max: 1 })).toBe(1);
  });

  it("reads numbers as people type them", () => {
    expect([" 0.612", "0,612", "", "abc", "-0.2"].map(parseCutoff)).toEqual([0.612, 0.612, null, null, -0.2]);
  });
});
