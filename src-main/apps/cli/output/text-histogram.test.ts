import { expect, test } from "vitest";
import { textHistogram } from "./text-histogram";

test("lines share a scale, each as high as its highest place, with marks and the ends below", () => {
  const text = textHistogram([{ label: "same", values: [1, 1, 0.5] }, { label: "other", values: [0] }], [{ letter: "A", value: 0.5 }]); // prettier-ignore
  const gap = " ".repeat(27);
  expect(text.split("\n")).toEqual([
    `same   ${" ".repeat(28)}▄${gap.slice(1)}█`,
    "other  █",
    `       ${" ".repeat(28)}A`,
    `       0.00${" ".repeat(48)}1.00`,
  ]);
});

test("one value, and none", () => {
  expect(textHistogram([{ label: "a", values: [0.3] }], [])).toBe(`a  █\n\n   0.30${" ".repeat(48)}0.30`);
  expect(textHistogram([{ label: "a", values: [] }], [])).toBe("");
});
