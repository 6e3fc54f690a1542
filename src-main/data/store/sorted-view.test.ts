import fc from "fast-check";
import { expect, test } from "vitest";
import { createSortedView, type FileOrder } from "./sorted-view";

/** Files by number; keys come again, so that equal ones are there to be told apart. */
const keyArbitrary = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { minLength: 80, maxLength: 80 });

test("law: however files come and go, few or many between two looks, the order is that of sorting them", () => {
  const changeArbitrary = fc.array(fc.tuple(fc.constantFrom("add", "remove", "change", "look"), fc.nat(79)), { maxLength: 60 });
  fc.assert(
    fc.property(keyArbitrary, fc.uniqueArray(fc.nat(79)), changeArbitrary, (initialKeys, initial, changes) => {
      const keys = [...initialKeys];
      const order: FileOrder = { keyOf: (file) => keys[file] as number, compareEqual: (a, b) => b - a };
      const view = createSortedView(order, initial);
      const files = new Set(initial);
      for (const [kind, file] of changes) {
        if (kind === "look") view.files();
        if ((kind === "remove" || kind === "change") && files.delete(file)) view.remove(file);
        // Between the two its key may change, as that of a file does that was written again.
        if (kind === "change") keys[file] = (keys[file] as number) + 1;
        if ((kind === "add" || kind === "change") && !files.has(file)) {
          files.add(file);
          view.add(file);
        }
      }
      const expected = [...files].sort((a, b) => (keys[a] as number) - (keys[b] as number) || b - a);
      expect([...view.files()]).toEqual(expected);
    }),
  );
});
