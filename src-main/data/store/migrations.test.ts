import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { readLibraryFormat, writeLibraryFormat } from "./library-format";
import { currentFormat, migrationPath, migrations } from "./migrations";

test("every format up to the current one has its step", () => {
  for (let format = 1; format <= currentFormat; format += 1)
    expect(migrationPath(format, currentFormat, migrations)).toHaveLength(currentFormat - format);
});

test("steps are taken in order, and a gap is an error", () => {
  const step = (from: number) => ({ from, run: async () => undefined });
  expect(migrationPath(2, 5, [step(4), step(2), step(1), step(3)]).map(({ from }) => from)).toEqual([2, 3, 4]);
  expect(() => migrationPath(1, 3, [step(2)])).toThrow(/from library format 1 to 2/);
});

test("the format file is written, read, and refused when it is damaged", async () => {
  const library = scratchFolder();
  expect(await readLibraryFormat(library)).toBeNull();
  await writeLibraryFormat(library);
  expect(await readLibraryFormat(library)).toBe(currentFormat);
  const text = readFileSync(join(library, "library.json"), "utf8");
  writeFileSync(join(library, "library.json"), text.slice(0, 7));
  await expect(readLibraryFormat(library)).rejects.toMatchObject({ code: "library/corrupt" });
  const folderInPlace = scratchFolder();
  mkdirSync(join(folderInPlace, "library.json"));
  await expect(readLibraryFormat(folderInPlace)).rejects.toMatchObject({ code: "library/corrupt" });
});
