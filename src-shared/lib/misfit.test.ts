import { expect, test } from "vitest";
import { z } from "zod";
import { misfit } from "./misfit";

const schema = z.object({ size: z.number().int().positive(), form: z.union([z.string(), z.boolean()]) }).strict();

test.each([
  [{ size: 0, form: "a" }, 'field "size": it must be > 0'],
  [{ size: 1.5, form: "a" }, 'field "size": it must be a whole number'],
  [{ size: "x", form: "a" }, 'field "size": expected number, received string'],
  [{ size: 1, form: 3 }, 'field "form": it is not of any form that is understood'],
  [{ size: 1, form: "a", foo: 1 }, '"foo"'],
  [[], "expected object, received array"],
])("%j: %s", (value, words) => {
  const { error } = schema.safeParse(value);
  expect(error === undefined ? null : misfit(error)).toBe(words);
});
