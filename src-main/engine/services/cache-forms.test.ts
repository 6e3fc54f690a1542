import { describe, expect, test } from "vitest";
import type { FormCheck } from "#shared/domain/feature-cache";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { openStore } from "../../data/store/store";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { createFeatureForms, formUnder, largeFeatureBytes } from "./cache-forms";

const check: FormCheck = {
  queries: 20,
  pictures: 150,
  tau: 0.997,
  recall: 0.999,
  identity: 3e-5,
  bytesPerPicture: 2_600_000,
  isAccepted: true,
  checkedMs: 1,
};

describe("the form of a recipe", () => {
  test("is float16 until a check accepts eight bits for features that are large", () => {
    expect(formUnder({ choice: "auto", check: null })).toBe("float16");
    expect(formUnder({ choice: "auto", check: { ...check, isAccepted: false } })).toBe("float16");
    expect(formUnder({ choice: "auto", check: { ...check, bytesPerPicture: largeFeatureBytes - 1 } })).toBe("float16");
    expect(formUnder({ choice: "auto", check: { ...check, bytesPerPicture: largeFeatureBytes } })).toBe("int8");
  });

  test("is what a person chose, whatever a check says", () => {
    expect(formUnder({ choice: "float16", check })).toBe("float16");
    expect(formUnder({ choice: "int8", check: { ...check, isAccepted: false } })).toBe("int8");
  });
});

test("choices, checks and counts outlive the library's closing; a read-only one keeps its counts to itself", async () => {
  const [path, id] = [scratchFolder(), "0123456789abcdef" as RecipeId];
  const store = await openStore(path);
  const forms = createFeatureForms(store);
  await store.featureRecords.change(id, () => ({ choice: "int8", check }));
  for (const isFound of [true, true, false]) forms.noteRead(id, isFound);
  expect(forms.of(id)).toBe("int8");
  expect(forms.reads(id)).toEqual({ hits: 2, misses: 1 });
  await forms.save();
  expect(forms.reads(id)).toEqual({ hits: 2, misses: 1 });
  await store.close();

  const reader = await openStore(path, { readOnly: true });
  const readOnly = createFeatureForms(reader);
  readOnly.noteRead(id, true);
  await readOnly.save();
  expect(readOnly.reads(id)).toEqual({ hits: 3, misses: 1 });
  expect(reader.featureRecords.get(id)).toEqual({ choice: "int8", check, hits: 2, misses: 1 });
  await reader.close();
});
