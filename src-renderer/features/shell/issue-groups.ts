/** @file Skipped files by reason. */
import type { FileIssue } from "#shared/domain/library";

/** Reasons with words of their own; the rest share one group. */
export const issueGroupNames = ["image/unsupported", "image/undecodable", "image/too-large", "image/unreadable", "other"] as const;
export type IssueGroupName = (typeof issueGroupNames)[number];

export interface IssueGroup {
  readonly name: IssueGroupName;
  readonly issues: readonly FileIssue[];
}

/** Groups that have files, the largest first. */
export function groupIssues(issues: readonly FileIssue[]): readonly IssueGroup[] {
  const named = (issue: FileIssue): IssueGroupName => issueGroupNames.find((name) => name === issue.code) ?? "other";
  return issueGroupNames
    .map((name) => ({ name, issues: issues.filter((issue) => named(issue) === name) }))
    .filter((group) => group.issues.length > 0)
    .sort((a, b) => b.issues.length - a.issues.length);
}

/** The list as CSV: path, code, message. A cell that a spreadsheet would take for a formula gets a quote in front. */
export function issuesAsCsv(issues: readonly FileIssue[]): string {
  const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  return ["path,code,message", ...issues.map(({ path, code, message }) => [path, code, message].map(cell).join(","))].join("\r\n");
}
