import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCsv } from "./csv";
import { formatTriplets, parseTriplets } from "./triplet-file";

const triplet = { reference: "r.png", a: "a.png", b: "b.png", choice: "a", prompt: null, group: null };

describe("csv", () => {
  test("quotes, line breaks inside them, Windows line ends, a byte order mark, missing and empty cells", () => {
    const text = '\uFEFFname,text,last\r\n"a, ""b""","two\nlines",1\r\n\r\nx\r\n,,\r\n';
    const { columns, rows } = parseCsv(text);
    expect(columns).toEqual(["name", "text", "last"]);
    expect(rows.map(({ line, fields }) => [line, ...fields.values()])).toEqual([
      [2, 'a, "b"', "two\nlines", "1"],
      [5, "x", "", ""],
      [6, "", "", ""],
    ]);
  });

  test("a last line without an end, an empty last cell, a quote that is never closed", () => {
    expect([...(parseCsv("a,b\n1,2").rows[0]?.fields.values() ?? [])]).toEqual(["1", "2"]);
    expect([...(parseCsv("a,b\n1,").rows[0]?.fields.values() ?? [])]).toEqual(["1", ""]);
    expect([...(parseCsv('a,b\n1,"2').rows[0]?.fields.values() ?? [])]).toEqual(["1", '"2']);
    expect(parseCsv("")).toEqual({ columns: [], rows: [] });
  });
});

describe("triplets", () => {
  test("CSV in any order of columns, with what may be left out", () => {
    expect(parseTriplets("choice,b,a,reference\na,b.png,a.png,r.png\n", "x.csv")).toEqual({ layout: null, triplets: [triplet] });
    expect(parseTriplets("reference,a,b,choice,prompt,group\nr.png,a.png,b.png,b,a cat,val\n", "x.csv").triplets).toEqual([
      { ...triplet, choice: "b", prompt: "a cat", group: "val" },
    ]);
  });

  test("what is written is read again, whatever the files are called", () => {
    // Space around a cell is a person's layout, and counts for nothing.
    const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text === text.trim() && text.length > 0);
    const optional = fc.option(name);
    const one = fc.record({ reference: name, a: name, b: name, choice: fc.constantFrom("a", "b"), prompt: optional, group: optional });
    fc.assert(
      fc.property(fc.array(one), (triplets) => {
        expect(parseTriplets(formatTriplets(triplets), "x.csv").triplets).toEqual(triplets);
      }),
    );
  });

  test("JSON as a list and as a manifest", () => {
    const bare = { reference: "r.png", a: "a.png", b: "b.png", choice: "a" };
    expect(parseTriplets(JSON.stringify([bare]), "x.json")).toEqual({ layout: null, triplets: [triplet] });
    expect(parseTriplets(JSON.stringify({ layout: "cute", triplets: [bare] }), "x.json")).toEqual({ layout: "cute", triplets: [triplet] });
  });

  test.each([
    { text: "reference,a,b\nr,a,b\n", message: "x has no column choice." },
    { text: "", message: "x has no columns reference, a, b, choice." },
    { text: "reference,a,b,choice\nr,a,b,a\nr,a,b,left\n", message: /^Line 3 of x is no triplet: field "choice": / },
    { text: "reference,a,b,choice\n,a,b,a\n", message: /^Line 2 of x is no triplet: field "reference": / },
    { text: "[{", message: "x is not JSON." },
    { text: '[{"reference": "r"}]', message: /^x cannot be used: field "triplets\.0\.a": / },
  ])("$text is refused: $message", ({ text, message }) => {
    expect(() => parseTriplets(text, "x")).toThrow(message);
  });
});
