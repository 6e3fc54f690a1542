import { expect, test } from "vitest";
import type { FacetGroup } from "#shared/domain/facet";
import { listedGroups, statusRows } from "./facets";

function group(id: FacetGroup["id"], values: Readonly<Record<string, number>>, selected: readonly string[] = []): FacetGroup {
  const rows = Object.entries(values).map(([value, count]) => ({ value, count, isSelected: selected.includes(value) }));
  return { id, values: rows, total: rows.length };
}

test("the status list keeps its order, always has the flags, and the rest only where there is something", () => {
  const rows = statusRows([group("measured", { yes: 9, no: 3 }), group("missing", { no: 12 }), group("flag", { rejected: 2 })]);
  expect(rows.map(({ id, value, count }) => [id, value, count])).toEqual([
    ["flag", "picked", 0],
    ["flag", "rejected", 2],
    ["measured", "no", 3],
  ]);
});

test("groups that divide nothing are left out unless they are asked for", () => {
  const groups = [group("format", { png: 9 }), group("model", { sdxl: 9 }), group("tag", {}), group("flag", { picked: 1 })];
  expect(listedGroups(groups).map(({ id }) => id)).toEqual(["model"]);
  expect(listedGroups([group("format", { png: 9 }, ["png"])]).map(({ id }) => id)).toEqual(["format"]);
});
