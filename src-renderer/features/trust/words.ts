/** @file Names of metrics and pictures in the words of a result. */
import type { BenchmarkResult, BenchmarkTriplet, TripletSide } from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";

/** A metric as the result calls it. */
export function titleOf({ metrics }: Pick<BenchmarkResult, "metrics">, metric: MetricName): string {
  return metrics.find((each) => each.metric === metric)?.title ?? metric;
}

/** The name of the file behind a path, on any system. */
export function fileNameOf(path: string): string {
  return path.replace(/^.*[/\\]/, "");
}

/** `a` is shown on the left, `b` on the right. */
export const sideKeys = { a: "trust.left", b: "trust.right2" } as const satisfies Readonly<Record<TripletSide, string>>;

/** Everything about a triplet as plain text, for a note to somebody else. */
export function tripletDetails(result: Pick<BenchmarkResult, "metrics" | "set">, triplet: BenchmarkTriplet): string {
  const { index, reference, a, b, choice, group, decisions } = triplet;
  const lines = decisions.map((decision) => {
    const scores = decision.a === null || decision.b === null ? "" : ` (${decision.a.toFixed(4)} / ${decision.b.toFixed(4)})`;
    return `${titleOf(result, decision.metric)}: ${decision.chose}${scores}`;
  });
  return [
    `${result.set.title}, triplet ${index + 1}${group === null ? "" : `, ${group}`}`,
    `reference: ${reference.path}`,
    `a: ${a.path}`,
    `b: ${b.path}`,
    `choice: ${choice}`,
    ...lines,
  ].join("\n");
}
