import { expect, test } from "vitest";
import { filterChips } from "./filter-chips";

test("a chip a condition, each with the filter that is left without it", () => {
  expect(filterChips('rating >= 4 and model in ("a*b[*]", sdxl) and flag = picked')).toEqual([
    { kind: "text", text: "rating >= 4", without: 'model in ("a*b[*]", sdxl) and flag = picked' },
    { kind: "values", id: "model", values: ["a*b*", "sdxl"], without: "rating >= 4 and flag = picked" },
    { kind: "values", id: "flag", values: ["picked"], without: 'rating >= 4 and model in ("a*b[*]", sdxl)' },
  ]);
  expect(filterChips("flag = picked")).toEqual([{ kind: "values", id: "flag", values: ["picked"], without: null }]);
  expect([filterChips(null), filterChips("rating >=")]).toEqual([[], []]);
});
