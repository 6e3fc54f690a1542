/** @file What was decided of every triplet, as CSV: for those who want to look at where metrics and people disagree. */
import { formatCsv } from "../../data/datasets/csv";
import { decisionsOf, type ReportRequest } from "./report";

/** A row a triplet: its pictures, what people chose, then each metric's two scores and its choice (the ensemble has a choice alone). */
export function decisionTable(request: Pick<ReportRequest, "run" | "metrics" | "voters" | "mode">): string {
  const { judged } = request.run;
  const decisions = [...decisionsOf(request)];
  const hasScores = (name: string): boolean => request.metrics.some((metric) => metric.name === name);
  const heading = decisions.flatMap(([name]) => [...(hasScores(name) ? [`${name} a`, `${name} b`] : []), `${name} chose`]);
  const rows = judged.map(({ triplet, scores }, index) => [
    ...[triplet.reference, triplet.a, triplet.b, triplet.choice, triplet.prompt ?? "", triplet.group ?? ""],
    ...decisions.flatMap(([name, chosen]) => {
      const own = scores.get(name);
      return [...(own === undefined ? [] : [own.a, own.b]), chosen[index] ?? ""];
    }),
  ]);
  return formatCsv([["reference", "a", "b", "choice", "prompt", "group", ...heading], ...rows]);
}
