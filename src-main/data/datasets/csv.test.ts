/** @file Tables as text: written and read again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatCsv, parseCsv } from "./csv";

test("commas, quotes and line breaks are quoted, numbers are written whole", () => {
  expect(
    formatCsv([
      ["", 'a "b", c'],
      ["x\ny", 0.1 + 0.2],
    ]),
  ).toBe(',"a ""b"", c"\r\n"x\ny",0.30000000000000004\r\n');
});

test("what is written is read again", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", " ", ",", '"', "\n", "\r", "é") });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const table = parseCsv(formatCsv([["first", "second"], ...rows]));
      expect(table.rows.map(({ fields }) => [fields.get("first"), fields.get("second")])).toEqual(rows);
    }),
  );
});
