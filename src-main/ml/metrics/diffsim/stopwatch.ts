/** @file Adds up the time of the stages of one comparison. */
import type { CompareMilliseconds } from "../metric";

type Stage = Exclude<keyof CompareMilliseconds, "total">;

export class Stopwatch {
  readonly #started = performance.now();
  readonly #stages = new Map<Stage, number>();

  /** Runs `work` and counts its time towards `stage`. */
  async time<Result>(stage: Stage, work: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + performance.now() - started);
    }
  }

  /** The stages so far, and the time since the stopwatch was made. */
  milliseconds(): CompareMilliseconds {
    return { ...Object.fromEntries(this.#stages), total: performance.now() - this.#started };
  }
}
