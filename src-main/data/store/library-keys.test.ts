import fc from "fast-check";
import { expect, test } from "vitest";
import { arrow, type Utf8, type Vector } from "./arrow";
import { createLibraryKeys, KeySet, type Numbering } from "./library-keys";

const columnOf = (keys: readonly (string | null)[]): Vector<Utf8> => arrow.vectorFromArray([...keys], new arrow.Utf8());

/** Few different ids, so that they come again, some of which differ in one digit or are all zeros. */
const idArbitrary = fc.oneof(
  fc.nat(40).map((index) => index.toString(16).padStart(32, "0")),
  fc.nat(5).map((index) => index.toString(16).padEnd(32, "f")),
  fc.stringMatching(/^[0-9a-f]{32}$/),
);
/** Paths that differ in their folder alone, in their name alone, in case, in what a byte would lose, and names of no length. */
const pathArbitrary = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("", "/", "/a", "/a/b", "/a b", "/Ä", "C:\\x"),
      fc.constantFrom("", "1.png", "1.PNG", "é.png", "e\u0301.png", "\ud800", "雪"),
    )
    .map(([folder, name]) => `${folder}/${name}`),
  fc.string({ unit: "binary", maxLength: 40 }),
);

const numberings = [
  { name: "ids of pictures", keys: idArbitrary, create: (): Numbering => createLibraryKeys().id },
  { name: "paths of files", keys: pathArbitrary, create: (): Numbering => createLibraryKeys().path },
];

for (const { name, keys, create } of numberings) {
  test(`law: ${name} get numbers from 0 up, keep them, and are found by them to the last character`, () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 300 }), fc.array(keys, { maxLength: 20 }), (added, others) => {
        const numbering = create();
        const model = new Map<string, number>();
        for (const key of added) {
          expect(numbering.numberOf(key)).toBe(model.get(key) ?? -1);
          if (!model.has(key)) model.set(key, model.size);
          expect(numbering.add(key)).toBe(model.get(key));
        }
        for (const [key, number] of model) expect([numbering.numberOf(key), numbering.textAt(number)]).toEqual([number, key]);
        for (const key of others) expect(numbering.numberOf(key)).toBe(model.get(key) ?? -1);
      }),
    );
  });

  test(`law: a column of ${name} is its keys one by one, none where there is none`, () => {
    const wellFormed = keys.filter((key) => !/\p{Surrogate}/u.test(key));
    fc.assert(
      fc.property(
        fc.array(wellFormed, { maxLength: 20 }),
        fc.array(fc.option(wellFormed), { minLength: 1, maxLength: 60 }),
        (before, column) => {
          const [byColumn, oneByOne] = [create(), create()];
          for (const key of before) expect(byColumn.add(key)).toBe(oneByOne.add(key));
          const expected = column.map((key) => (key === null ? -1 : oneByOne.add(key)));
          expect([...byColumn.addColumn(columnOf(column))]).toEqual(expected);
          // A batch may be a piece of a longer one.
          const piece = columnOf(["0".repeat(32), null, ...column]).slice(2);
          expect([...byColumn.addColumn(piece)]).toEqual(expected);
        },
      ),
    );
  });

  test(`law: a set of ${name} is a Set`, () => {
    const step = fc.tuple(fc.constantFrom("add", "delete"), keys);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.array(keys), (steps, others) => {
        const set = new KeySet(create());
        const model = new Set<string>();
        for (const [change, key] of steps) {
          set[change](key);
          model[change](key);
        }
        expect([set.size, new Set(set)]).toEqual([model.size, model]);
        for (const key of [...others, ...model]) expect(set.has(key)).toBe(model.has(key));
        set.clear();
        expect([set.size, ...set]).toEqual([0]);
      }),
    );
  });
}

test("what is no id of a picture is in no set, and cannot come into one", () => {
  const { id } = createLibraryKeys();
  id.add("a".repeat(32));
  for (const text of ["", "A".repeat(32), "a".repeat(31), "a".repeat(33), `${"a".repeat(31)}g`, `${"a".repeat(31)}š`]) {
    expect(id.numberOf(text)).toBe(-1);
    expect(() => id.add(text)).toThrow(`"${text}" is no id`);
    expect(() => id.addColumn(columnOf([text]))).toThrow("row 0");
  }
});

test("many keys are found among many", () => {
  const { id, path } = createLibraryKeys();
  const places = Array.from({ length: 20_000 }, (_, place) => place);
  const ids = places.map((place) => place.toString(16).padStart(32, "0"));
  const paths = places.map((place) => `/pictures ${place % 7}/${place}`);
  for (const [numbering, keys] of [
    [id, ids],
    [path, paths],
  ] as const) {
    expect(keys.map((key) => numbering.add(key))).toEqual(places);
    expect(keys.map((key) => numbering.numberOf(key))).toEqual(places);
    expect(places.map((place) => numbering.textAt(place))).toEqual(keys);
  }
});
