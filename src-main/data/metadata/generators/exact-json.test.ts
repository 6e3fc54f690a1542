import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExactJson, parseJsonObject } from "./exact-json";

test("long whole numbers keep every digit, and what Python prints for no number is null", () => {
  expect(
    parseExactJson(
      '{"seed": 18446744073709551615, "n": -12345678901234567890, "x": [NaN, -Infinity], "small": 12, "f": 0.1234567890123456}',
    ),
  ).toEqual({
    seed: "18446744073709551615",
    n: "-12345678901234567890",
    x: [null, null],
    small: 12,
    f: 0.1234567890123456,
  });
});

test("texts stay as they are, whatever they look like", () => {
  expect(parseExactJson('{"a": "NaN 18446744073709551615 \\" NaN"}')).toEqual({ a: 'NaN 18446744073709551615 " NaN' });
});

test("what is no JSON is undefined, what is no object is null", () => {
  expect(parseExactJson('{"a": ')).toBeUndefined();
  expect(parseJsonObject("[1]")).toBeNull();
  expect(parseJsonObject(undefined)).toBeNull();
});

test("every value is read as JSON reads it, long whole numbers as their digits", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const isLong = (value: unknown): boolean => /^-?\d{16,}$/.test(String(value)) && !Number.isSafeInteger(value);
      const kept = (_key: string, value: unknown): unknown => (typeof value === "number" && isLong(value) ? String(value) : value);
      expect(parseExactJson(text)).toEqual(JSON.parse(text, kept));
    }),
  );
});

test("depth and length that a recursion would not survive", () => {
  expect(parseExactJson("[".repeat(200_000))).toBeUndefined();
  expect(parseExactJson(`{"a": "${'\\"'.repeat(500_000)}`)).toBeUndefined();
});
