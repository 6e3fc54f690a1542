/** @file Exported tables can be read back, whatever a file is called. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Match, SearchEvent, SearchQuery } from "#shared/domain/search";
import { exportColumns, resultsToCsv, resultsToJson } from "./export-results";
import { passesVotes, votesInUse } from "./votes";

const matchOf = (name: string, votes: Partial<Match["votes"]> = {}): Match =>
  ({
    rank: 1,
    score: 0.871,
    rarity: null,
    againstScore: null,
    adjusted: null,
    path: `/p/${name}`,
    asset: { id: "0".repeat(32), name, width: 30, height: 20 },
    votes: { starter: true, diffsim: null, clip: null, dino: null, ...votes },
  }) as Match;
const event = { stage: "exact", measured: 3, total: 4, recipeId: "r" } as SearchEvent;
const query = { metric: "starter-style" } as SearchQuery;

/** A reader of RFC 4180, independent of the writer. */
function parseCsv(text: string): string[][] {
  const fields = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of fields) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("export", () => {
  it("writes every name so that it reads back, and none as a formula", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const [header, row] = parseCsv(resultsToCsv({ query, event, matches: [matchOf(name)], cutoff: 0.64 }));
        expect(header).toEqual([...exportColumns]);
        const written = row?.[exportColumns.indexOf("name")] ?? "";
        expect(written === name || written === `'${name}`).toBe(true);
        expect(written).not.toMatch(/^[=+\-@]/);
        expect(row).toHaveLength(exportColumns.length);
      }),
    );
  });

  it("leaves unknown numbers empty and keeps the recipe in JSON", () => {
    const [, row] = parseCsv(resultsToCsv({ query, event, matches: [matchOf("a.png")], cutoff: 0.9 }));
    expect(row?.slice(0, 5)).toEqual(["1", "0.871", "", "false", "a.png"]);
    expect(JSON.parse(resultsToJson({ query, event, matches: [matchOf("a.png")], cutoff: 0.9 }))).toMatchObject({
      recipeId: "r",
      cutoff: 0.9,
      matches: [{ score: 0.871 }],
    });
  });
});

describe("votes", () => {
  it("show only those that someone cast", () => {
    expect(votesInUse([matchOf("a"), matchOf("b", { dino: false })])).toEqual(["starter", "dino"]);
  });

  it("agree or differ among those that were cast", () => {
    const both = matchOf("a", { clip: false }).votes;
    expect([passesVotes(both, "any"), passesVotes(both, "agree"), passesVotes(both, "differ")]).toEqual([true, false, true]);
    expect(passesVotes(matchOf("a").votes, "agree")).toBe(true);
    expect(passesVotes({ starter: null, diffsim: null, clip: null, dino: null }, "agree")).toBe(false);
  });
});
