/** @file Progress on stderr: a bar that redraws itself on a terminal, a plain line now and then elsewhere. */
import type { Job } from "#shared/domain/job";

const barWidth = 24;
const plainIntervalMs = 5000;

export interface ProgressLine {
  show(job: Job): void;
  /** Removes the bar so that other text can be written. */
  clear(): void;
}

/** Text such as `Measuring  1200/5000  31.4 images/s  2 min left`. */
export function progressText(job: Job): string {
  if (job.step === "scan" || job.total === null) return "Looking through the folders";
  const rate = job.imagesPerSecond === null ? "" : `  ${job.imagesPerSecond.toFixed(1)} images/s`;
  const left = job.etaSeconds === null || job.etaSeconds === 0 ? "" : `  ${durationText(job.etaSeconds)} left`;
  const issues = job.issueCount === 0 ? "" : `  ${job.issueCount} skipped`;
  return `${job.done}/${job.total}${rate}${left}${issues}`;
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

  function clear(): void {
    if (isDrawn) stream.write("\r\u001b[2K");
    isDrawn = false;
  }

  function show(job: Job): void {
    if (isQuiet) return;
    if (stream.isTTY === true) {
      const share = job.total === null || job.total === 0 ? 0 : job.done / job.total;
      const filled = Math.round(share * barWidth);
      stream.write(`\r\u001b[2K[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${progressText(job)}`);
      isDrawn = true;
    } else if (Date.now() - writtenMs >= plainIntervalMs) {
      stream.write(`${progressText(job)}\n`);
      writtenMs = Date.now();
    }
  }

  return { show, clear };
}
