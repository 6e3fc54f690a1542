/** @file Progress with three laws: it never falls, its total is constant once known, and a finished job ends at its total. */
import { assert } from "#shared/lib/assert";

/** Seconds of the past that the rate looks at: short enough to follow a change, long enough not to flicker. */
const rateWindowMs = 10_000;

export interface ProgressSnapshot {
  readonly done: number;
  readonly total: number | null;
  readonly imagesPerSecond: number | null;
  readonly etaSeconds: number | null;
}

export interface Progress {
  /** Declares how many steps there are. Once per run. */
  setTotal(total: number): void;
  /** Counts finished steps. */
  advance(steps?: number): void;
  /** Declares that nothing is left; the total becomes known if it was not. */
  finish(): void;
  /** Time that passed while the job stood still is not counted in the rate. */
  restartClock(): void;
  snapshot(): ProgressSnapshot;
}

/** Creates the progress of one run. `onChange` is called after every change; `now` is milliseconds. */
export function createProgress(onChange: () => void, now: () => number = Date.now): Progress {
  let done = 0;
  let total: number | null = null;
  let marks: { readonly atMs: number; readonly done: number }[] = [{ atMs: now(), done: 0 }];

  function imagesPerSecond(): number | null {
    const oldest = marks[0];
    if (oldest === undefined || done === oldest.done) return null;
    const elapsedMs = now() - oldest.atMs;
    return elapsedMs > 0 ? ((done - oldest.done) * 1000) / elapsedMs : null;
  }

  return {
    setTotal(value) {
      assert(total === null || total === value, "the total of a job is constant once known");
      assert(value >= done, "a job's total is not below what is done");
      total = value;
      marks = [{ atMs: now(), done }];
      onChange();
    },
    advance(steps = 1) {
      assert(steps >= 0, "progress never falls");
      done = total === null ? done + steps : Math.min(total, done + steps);
      marks.push({ atMs: now(), done });
      while (marks.length > 2 && (marks[0]?.atMs ?? 0) < now() - rateWindowMs) marks.shift();
      onChange();
    },
    finish() {
      total ??= done;
      done = total;
      onChange();
    },
    restartClock() {
      marks = [{ atMs: now(), done }];
    },
    snapshot() {
      const rate = imagesPerSecond();
      const left = total === null ? null : total - done;
      const etaSeconds = left === 0 ? 0 : rate === null || left === null ? null : left / rate;
      return { done, total, imagesPerSecond: rate, etaSeconds };
    },
  };
}
