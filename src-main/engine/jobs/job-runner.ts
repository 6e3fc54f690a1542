/** @file Background jobs: one runs at a time, all can be watched, paused and cancelled, and their rows survive a restart. */
import { randomUUID } from "node:crypto";
import { appError, toAppError, type AppError } from "#shared/domain/app-error";
import type { Job, JobId, JobKind, JobState } from "#shared/domain/job";
import { brandId } from "#shared/lib/branded-id";
import { createBroadcast } from "../broadcast";
import { createProgress, type Progress } from "./progress";

/** At most ten snapshots a second reach a view; the last one of a change always does. */
const snapshotIntervalMs = 100;
/** How often a running job's row is written, so that a crash loses little of its history. */
const rowIntervalMs = 2000;
const finishedStates: ReadonlySet<JobState> = new Set<JobState>(["done", "failed", "cancelled"]);

/** Where job rows live. */
export interface JobRows {
  list(): readonly Job[];
  put(job: Job): Promise<void>;
}

export interface JobRequest {
  readonly kind: JobKind;
  readonly title: string;
  readonly device: string | null;
}

/** What a job's body may use. A bad image is an `issue`, never an exception. */
export interface JobContext {
  readonly signal: AbortSignal;
  readonly progress: Progress;
  setStep(step: Job["step"]): void;
  issue(): void;
  /** Call between images: waits while the job is paused, throws `job/cancelled` once it is cancelled. */
  checkpoint(): Promise<void>;
}

export type JobBody = (context: JobContext) => Promise<void>;

export interface JobRunner {
  start(request: JobRequest, body: JobBody): Job;
  list(): readonly Job[];
  get(id: JobId): Job;
  events(signal?: AbortSignal): AsyncGenerator<Job, void, undefined>;
  pause(id: JobId): Job;
  resume(id: JobId): Job;
  cancel(id: JobId): Job;
  /** Unfinished jobs go on on another device; `note` says why. */
  moveTo(device: string, note: string): void;
  /** Shows whether what measures is still made ready. */
  showPreparing(isPreparing: boolean): void;
  /** Resolves with the finished job, whatever its end. */
  finished(id: JobId): Promise<Job>;
  /** Runs `work` in its turn, while no job runs. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  dispose(): Promise<void>;
}

interface RunningJob {
  job: Job;
  readonly abort: AbortController;
  readonly progress: Progress;
  readonly end: Promise<void>;
  wakeFromPause: () => void;
  snapshotTimer: NodeJS.Timeout | null;
  rowWrittenMs: number;
}

/** The rows of earlier processes. What one left unfinished becomes `failed`: it ended without a word. */
export async function closeAbandonedJobs(rows: JobRows): Promise<readonly Job[]> {
  const error = appError("engine/crashed", "Semblance ended before this job was done.", {
    hint: "Run it again: it goes on where it stopped.",
  }).toShape();
  const jobs = rows.list().map((job): Job => (finishedStates.has(job.state) ? job : { ...job, state: "failed", error, etaSeconds: null }));
  const known = new Set(rows.list());
  // A row is history, not data: a full disk must not keep the library closed.
  for (const job of jobs) if (!known.has(job)) await rows.put(job).catch(() => undefined);
  return jobs;
}

/** Creates the runner. `earlier` are the rows of former runs, shown in `list`; `onFault` is told what nobody foresaw. */
export function createJobRunner(
  rows: JobRows,
  earlier: readonly Job[] = [],
  onFault: (fault: AppError) => void = () => undefined,
): JobRunner {
  const history = new Map<JobId, Job>(earlier.map((job) => [job.id, job]));
  const running = new Map<JobId, RunningJob>();
  const broadcast = createBroadcast<Job>((job) => job.id);
  let lane: Promise<void> = Promise.resolve();
  let rowWrites: Promise<void> = Promise.resolve();

  function writeRow(entry: RunningJob): void {
    entry.rowWrittenMs = Date.now();
    const row = entry.job;
    // A row is history, not data: a disk that refuses it must not end the job.
    rowWrites = rowWrites.then(() => rows.put(row)).catch(() => undefined);
  }

  function show(entry: RunningJob): void {
    const snapshot = entry.progress.snapshot();
    entry.job = { ...entry.job, ...snapshot, etaSeconds: entry.job.state === "running" ? snapshot.etaSeconds : null };
    history.set(entry.job.id, entry.job);
    broadcast.publish(entry.job);
    if (Date.now() - entry.rowWrittenMs > rowIntervalMs) writeRow(entry);
  }

  function showSoon(entry: RunningJob): void {
    entry.snapshotTimer ??= setTimeout(() => {
      entry.snapshotTimer = null;
      show(entry);
    }, snapshotIntervalMs);
  }

  function change(entry: RunningJob, fields: Partial<Job>): void {
    entry.job = { ...entry.job, ...fields };
    show(entry);
    writeRow(entry);
  }

  async function checkpoint(entry: RunningJob): Promise<void> {
    while (entry.job.state === "paused" && !entry.abort.signal.aborted) {
      await new Promise<void>((resolve) => {
        entry.wakeFromPause = resolve;
      });
      entry.progress.restartClock();
    }
    if (entry.abort.signal.aborted) throw cancelled(entry);
  }

  function cancelled(entry: RunningJob): AppError {
    return appError("job/cancelled", `${entry.job.title} was cancelled.`);
  }

  function contextOf(entry: RunningJob): JobContext {
    return {
      signal: entry.abort.signal,
      progress: entry.progress,
      setStep: (step) => change(entry, { step }),
      issue: () => {
        entry.job = { ...entry.job, issueCount: entry.job.issueCount + 1 };
        showSoon(entry);
      },
      checkpoint: () => checkpoint(entry),
    };
  }

  function conclude(entry: RunningJob, error: AppError | null): void {
    if (entry.snapshotTimer !== null) clearTimeout(entry.snapshotTimer);
    entry.snapshotTimer = null;
    if (error === null) entry.progress.finish();
    if (error?.code === "internal/fault") onFault(error);
    const state: JobState = error === null ? "done" : error.code === "job/cancelled" ? "cancelled" : "failed";
    change(entry, { state, step: null, error: error === null || state === "cancelled" ? null : error.toShape() });
    running.delete(entry.job.id);
  }

  async function run(entry: RunningJob, body: JobBody): Promise<void> {
    if (!running.has(entry.job.id)) return;
    try {
      await checkpoint(entry);
      change(entry, { state: "running" });
      await body(contextOf(entry));
      conclude(entry, null);
    } catch (error) {
      conclude(entry, entry.abort.signal.aborted ? cancelled(entry) : toAppError(error));
    }
    await rowWrites;
  }

  function start(request: JobRequest, body: JobBody): Job {
    const id = brandId<JobId>(randomUUID());
    const progress = createProgress(() => showSoon(entry));
    const job: Job = {
      id,
      ...request,
      state: "queued",
      step: null,
      ...progress.snapshot(),
      issueCount: 0,
      error: null,
      startedMs: Date.now(),
    };
    let settle: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const entry: RunningJob = {
      job,
      abort: new AbortController(),
      progress,
      end,
      wakeFromPause: () => undefined,
      snapshotTimer: null,
      rowWrittenMs: 0,
    };
    running.set(id, entry);
    change(entry, {});
    lane = lane.then(() => run(entry, body)).finally(settle);
    return entry.job;
  }

  function runningJob(id: JobId): RunningJob | null {
    const entry = running.get(id);
    if (entry === undefined && !history.has(id)) throw appError("job/not-found", "This job does not exist.");
    return entry ?? null;
  }

  /** Applies `act` to an unfinished job; a finished one stays as it is. */
  function control(id: JobId, act: (entry: RunningJob) => void): Job {
    const entry = runningJob(id);
    if (entry !== null) act(entry);
    return get(id);
  }

  function get(id: JobId): Job {
    const job = running.get(id)?.job ?? history.get(id);
    if (job === undefined) throw appError("job/not-found", "This job does not exist.");
    return job;
  }

  return {
    start,
    get,
    list: () => [...history.values()].sort((a, b) => b.startedMs - a.startedMs),
    events: (signal) => broadcast.subscribe(signal),
    pause: (id) =>
      control(id, (entry) => {
        if (entry.job.state === "running") change(entry, { state: "paused" });
      }),
    resume: (id) =>
      control(id, (entry) => {
        if (entry.job.state !== "paused") return;
        change(entry, { state: "running" });
        entry.wakeFromPause();
      }),
    cancel: (id) =>
      control(id, (entry) => {
        entry.abort.abort();
        entry.wakeFromPause();
        // One that waits for its turn has nothing to stop first.
        if (entry.job.state === "queued") conclude(entry, cancelled(entry));
      }),
    alone(work) {
      const result = lane.then(work);
      lane = result.then(
        () => undefined,
        () => undefined,
      );
      return result;
    },
    moveTo(device, deviceNote) {
      for (const entry of running.values()) change(entry, { device, deviceNote });
    },
    showPreparing(isPreparing) {
      const [from, to] = isPreparing ? (["measure", "prepare"] as const) : (["prepare", "measure"] as const);
      for (const entry of running.values()) if (entry.job.step === from) change(entry, { step: to });
    },
    async finished(id) {
      await runningJob(id)?.end;
      return get(id);
    },
    async dispose() {
      for (const entry of running.values()) {
        entry.abort.abort();
        entry.wakeFromPause();
      }
      await lane;
      await rowWrites;
      broadcast.close();
    },
  };
}
