/** @file What Trust shows, as it stands in the address. */
import { z } from "zod";
import type { BenchmarkSet, TripletFilter } from "#shared/domain/benchmark";

/** `filter` as {@link filterOf} reads it, `at` the place of the triplet among those that pass. What cannot be read is left out. */
export const trustSearchSchema = z.object({
  set: z.coerce.string().optional().catch(undefined),
  filter: z.coerce.string().optional().catch(undefined),
  at: z.coerce.number().int().nonnegative().optional().catch(undefined),
});
export type TrustSearch = z.infer<typeof trustSearchSchema>;

/** "disagree", "all", "vote-wrong", "wrong:clip-i" or "right:clip-i+diffsim-s"; anything else is where metrics disagree. */
export function filterOf(text: string | undefined): TripletFilter {
  const [kind, names = ""] = (text ?? "disagree").split(":");
  if (kind === "all" || kind === "vote-wrong") return { kind };
  if (kind === "wrong" && names !== "") return { kind, metric: names };
  if (kind === "right") return { kind, metrics: names.split("+").filter((name) => name !== "") };
  return { kind: "disagree" };
}

/** The text {@link filterOf} reads. */
export function filterText(filter: TripletFilter): string {
  if (filter.kind === "wrong") return `wrong:${filter.metric}`;
  return filter.kind === "right" ? `right:${filter.metrics.join("+")}` : filter.kind;
}

/** The set the address names. One's own judgements change their id with each of them; without a name it is the first that was run, else the first. */
export function chosenSet(sets: readonly BenchmarkSet[], asked: string | undefined): BenchmarkSet | null {
  const named = sets.find(({ id }) => id === asked) ?? (asked?.startsWith("own-") ? sets.find(({ kind }) => kind === "own") : undefined);
  return named ?? sets.find(({ latest }) => latest !== null) ?? sets[0] ?? null;
}
