/** @file A human judgement: which of two pictures is more like a third. What every benchmark is made of. */
import { z } from "zod";

/** Paths are relative to the folder of the dataset, with forward slashes, or absolute. */
export interface Triplet {
  readonly reference: string;
  readonly a: string;
  readonly b: string;
  /** The picture that people find more like the reference, or that is so by how the set was made. */
  readonly choice: "a" | "b";
  /** What a text-guided model is told about the pictures; null leaves it to the benchmark's setting. */
  readonly prompt: string | null;
  /** Part of the set that is also counted by itself, such as a split or a category. */
  readonly group: string | null;
}

const path = z.string().min(1);

export const tripletSchema = z.object({
  reference: path,
  a: path,
  b: path,
  choice: z.enum(["a", "b"]),
  prompt: z.string().nullable().default(null),
  group: z.string().nullable().default(null),
}) satisfies z.ZodType<Triplet>;

/** Judgements of one kind that could not be taken, and why. */
export interface Skipped {
  /** The end of a sentence that begins with how many there are. */
  readonly reason: string;
  readonly count: number;
}

/** What lies in the folder of a dataset. */
export interface DatasetReading {
  readonly triplets: readonly Triplet[];
  readonly skipped: readonly Skipped[];
  /** What a reader of the numbers must know about this folder. */
  readonly notes: readonly string[];
  /** What this copy of the set lacks, in a sentence; left out where it lacks nothing. */
  readonly partial?: string;
}

/** Counts what is left out, by reason, in the order of the first of each. */
export class SkipCounter {
  private readonly counts = new Map<string, number>();

  add(reason: string, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  list(): readonly Skipped[] {
    return [...this.counts].map(([reason, count]) => ({ reason, count }));
  }
}
