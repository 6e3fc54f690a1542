import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText } from "./natural-key";
import { PathNumbers } from "./path-numbers";
import { folderTest, isInFolder, wordsTest } from "./path-test";

const partArbitrary = fc.constantFrom("a", "b", "ab", "É", "e\u0301", "\u0301x", "ΑΣ", "ß", "İ", "1 2");
const pathArbitrary = fc.array(partArbitrary, { minLength: 1, maxLength: 4 }).map((parts) => `/r/${parts.join("/")}`);

test("law: a test of many files by folders is the test of each path", () => {
  const wordArbitrary = fc.array(fc.constantFrom("a", "b", "e", "α", "ς", "σ", "s", "/", "r", "x", "\u0301", "1"), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(pathArbitrary, { maxLength: 20 }),
      fc.oneof(pathArbitrary, fc.constantFrom("/", "/r", "/r/", "/q")),
      fc.array(wordArbitrary, { minLength: 1, maxLength: 2 }),
      fc.boolean(),
      (paths, folder, parts, hasRoot) => {
        const words = parts.map((letters) => foldText(letters.join(""))).filter((word) => word !== "");
        const numbers = new PathNumbers();
        const files = paths.map((path) => numbers.add(path));
        expect(files.filter(folderTest(numbers, folder))).toEqual(files.filter((file) => isInFolder(numbers.textAt(file), folder)));
        const expected = paths.filter((path) => words.every((word) => foldText(hasRoot ? path.slice(1) : path).includes(word)));
        expect(files.filter(wordsTest(numbers, hasRoot ? ["/q", "/r"] : [], words)).map((file) => numbers.textAt(file))).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});
