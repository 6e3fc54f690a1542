/** @file What the shell asks the engine. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Job, JobId } from "#shared/domain/job";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notifyError } from "../../ui/toast";

/** The job the status bar shows: one that goes on, else the last one that failed. A benchmark says itself why it failed. */
export function shownJob(jobs: readonly Job[]): Job | null {
  const going = jobs.filter(({ state }) => state === "running" || state === "paused" || state === "queued");
  const last = [...jobs].sort((a, b) => b.startedMs - a.startedMs)[0];
  return going.find(({ kind }) => kind === "index") ?? going[0] ?? (last?.state === "failed" && last.kind !== "benchmark" ? last : null);
}

/** The job of the status bar, kept current by the stream of job events. */
export function useShownJob(): Job | null {
  const { api } = useEngine();
  const { data: jobs } = useQuery(api.jobs.list.queryOptions());
  return shownJob(jobs ?? []);
}

export interface JobControl {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
}

/** Commands for one job; a refusal becomes a notice. */
export function useJobControl(job: Job | null): JobControl {
  const { api } = useEngine();
  const onError = (error: unknown): void => notifyError(appErrorOf(error));
  const pause = useMutation(api.jobs.pause.mutationOptions({ onError }));
  const resume = useMutation(api.jobs.resume.mutationOptions({ onError }));
  const cancel = useMutation(api.jobs.cancel.mutationOptions({ onError }));
  const jobId = job?.id;
  const [pauseJob, resumeJob, cancelJob] = [pause.mutate, resume.mutate, cancel.mutate];
  return useMemo(() => {
    const on = (run: (input: { jobId: JobId }) => void) => () => jobId !== undefined && run({ jobId });
    return { pause: on(pauseJob), resume: on(resumeJob), cancel: on(cancelJob) };
  }, [jobId, pauseJob, resumeJob, cancelJob]);
}
