import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberColumn } from "./number-column";
import { NumberSet } from "./number-set";

const numberArbitrary = fc.oneof(fc.nat(70), fc.nat(5_000));

test("law: a set of numbers is a Set, from the smallest up", () => {
  const step = fc.tuple(fc.constantFrom("add", "delete"), numberArbitrary);
  fc.assert(
    fc.property(fc.array(numberArbitrary), fc.array(step, { maxLength: 200 }), (initial, steps) => {
      const set = new NumberSet(initial);
      const model = new Set(initial);
      for (const [change, number] of steps) {
        const isChange = change === "add" ? !model.has(number) : model.has(number);
        expect(set[change](number)).toBe(isChange);
        model[change](number);
      }
      expect([...set]).toEqual([...model].sort((a, b) => a - b));
      expect(set.size).toBe(model.size);
      for (const number of [-1, 31, 32, 5_001, ...model]) expect(set.has(number)).toBe(model.has(number));
      set.clear();
      expect([set.size, ...set]).toEqual([0]);
    }),
  );
});

test("law: a column is an array that is 0 where it was not written", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(numberArbitrary, fc.double({ noNaN: true }))), (writes) => {
      const column = new NumberColumn(Float64Array);
      const model = new Map<number, number>();
      for (const [row, value] of writes) {
        column.set(row, value);
        model.set(row, value);
      }
      for (const row of [0, 63, 64, 9_999, ...model.keys()]) expect(column.get(row)).toBe(model.get(row) ?? 0);
    }),
  );
});
