import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberLists } from "./number-lists";

test("law: lists in one array are lists in a Map, however often they are replaced and deleted", () => {
  const list = fc.option(fc.array(fc.nat(2 ** 32 - 1), { maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(60), list), { maxLength: 200 }), (changes) => {
      const lists = new NumberLists();
      const model = new Map<number, readonly number[]>();
      for (const [row, numbers] of changes) {
        if (numbers === null) {
          lists.delete(row);
          model.delete(row);
        } else {
          lists.set(row, numbers);
          model.set(row, numbers);
        }
      }
      for (let row = -1; row <= 61; row += 1) {
        const found: number[] = [];
        lists.visit(row, (number) => found.push(number));
        expect([row, lists.has(row), found]).toEqual([row, model.has(row), model.get(row) ?? []]);
      }
    }),
  );
});
