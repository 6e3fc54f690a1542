/** @file Skipped files are grouped by reason and saved so that no spreadsheet runs them. */
import { expect, test } from "vitest";
import type { FileIssue, RootId } from "#shared/domain/library";
import { brandId } from "#shared/lib/branded-id";
import { groupIssues, issuesAsCsv } from "./issue-groups";

const rootId = brandId<RootId>("r");
const issue = (path: string, code: FileIssue["code"]): FileIssue => ({ path, rootId, code, message: `${path} was skipped.` });

test("the largest group comes first and unknown reasons share one", () => {
  const groups = groupIssues([
    issue("a", "disk/failed"),
    issue("b", "image/unsupported"),
    issue("c", "image/unsupported"),
    issue("d", "internal/fault"),
  ]);
  expect(groups.map(({ name, issues }) => [name, issues.length])).toEqual([
    ["image/unsupported", 2],
    ["other", 2],
  ]);
});

test("CSV quotes and disarms formulas", () => {
  const [, row] = issuesAsCsv([{ ...issue('=cmd|"x"', "image/undecodable"), message: "a, b" }]).split("\r\n");
  expect(row).toBe(`"'=cmd|""x""","image/undecodable","a, b"`);
});
