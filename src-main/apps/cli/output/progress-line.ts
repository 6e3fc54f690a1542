/** @file Progress on stderr: a bar that redraws itself on a terminal, a plain line now and then elsewhere. */
import type { Job } from "#shared/domain/job";

const barWidth = 24;
const plainIntervalMs = 5000;

export interface ProgressLine {
  show(job: Job): void;
  /** The same for work that is no job: `done` of `total` things, called `what`, e.g. "judgements". The time left follows from how it went so far. */
  count(done: number, total: number, what: string): void;
  /** Removes the bar so that other text can be written. */
  clear(): void;
}

/** Text such as `Measuring  1200/5000  31.4 images/s  2 min left`. */
export function progressText(job: Job): string {
  const what = job.kind === "optimise" ? `${job.title}  ` : "";
  if (job.step === "prepare") return "Preparing the model, once";
  if (job.step === "scan" || job.total === null) return what === "" ? "Looking through the folders" : what.trimEnd();
  const rate = job.imagesPerSecond === null ? "" : `  ${job.imagesPerSecond.toFixed(1)} images/s`;
  const left = job.etaSeconds === null || job.etaSeconds === 0 ? "" : `  ${durationText(job.etaSeconds)} left`;
  const issues = job.issueCount === 0 ? "" : `  ${job.issueCount} skipped`;
  return `${what}${job.done}/${job.total}${rate}${left}${issues}`;
}

/** Text such as `12/60 judgements  3 min left`. */
export function countText(
  done: number,
  total: number,
  { what, elapsedSeconds }: { readonly what: string; readonly elapsedSeconds: number },
): string {
  const left = done === 0 || done >= total || elapsedSeconds < 1 ? "" : `  ${durationText((elapsedSeconds / done) * (total - done))} left`;
  return `${done}/${total} ${what}${left}`;
}

function shareOf(done: number, total: number | null): number {
  return total === null || total === 0 ? 0 : Math.min(1, done / total);
}

/** Seconds as a person says them. */
export function durationText(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** Creates the progress writer over stderr. */
export function createProgressLine(stream: { write(text: string): unknown; readonly isTTY?: boolean }, isQuiet: boolean): ProgressLine {
  let isDrawn = false;
  let writtenMs = 0;
  let counted = { what: "", fromMs: 0 };

  function clear(): void {
    if (isDrawn) stream.write("\r\u001b[2K");
    isDrawn = false;
  }

  function draw(share: number, text: string): void {
    if (isQuiet) return;
    if (stream.isTTY === true) {
      const filled = Math.round(share * barWidth);
      stream.write(`\r\u001b[2K[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${text}`);
      isDrawn = true;
    } else if (Date.now() - writtenMs >= plainIntervalMs) {
      stream.write(`${text}\n`);
      writtenMs = Date.now();
    }
  }

  return {
    clear,
    show: (job) => draw(shareOf(job.done, job.total), progressText(job)),
    count: (done, total, what) => {
      if (counted.what !== what) counted = { what, fromMs: Date.now() };
      draw(shareOf(done, total), countText(done, total, { what, elapsedSeconds: (Date.now() - counted.fromMs) / 1000 }));
    },
  };
}
