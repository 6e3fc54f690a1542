/** @file What Trust asks the engine, again and again while a run goes on. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { BenchmarkResult, BenchmarkSet, BenchmarkTriplet, TripletFilter } from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Job, JobId } from "#shared/domain/job";
import { appErrorOf } from "../../lib/app-error-of";
import { useEngine } from "../../lib/engine";
import { notify, notifyError } from "../../ui/toast";

/** How often a run that goes on is looked at. */
const lookMs = 1500;
/** Triplets asked for at once, and how many of them are shown again with the next ones. */
const pageStep = 40;
const pageOverlap = 10;

const onError = (error: unknown): void => notifyError(appErrorOf(error));

/** Looks again for as long as there is a job. */
const refetchWhile = (jobId: JobId | null | undefined): number | false => ((jobId ?? null) === null ? false : lookMs);

/** The sets, and the layouts that folders may have. */
export function useSets() {
  const { api } = useEngine();
  const queryClient = useQueryClient();
  const answer = useQuery(
    api.benchmarks.list.queryOptions({
      staleTime: 0,
      refetchInterval: ({ state }) => (state.data?.sets.some(({ jobId }) => jobId !== null) === true ? lookMs : false),
    }),
  );
  const going = answer.data?.sets.map(({ jobId }) => jobId ?? "").join();
  // A run that begins or ends changes everything that is shown of it.
  useEffect(() => void queryClient.invalidateQueries({ queryKey: api.benchmarks.result.key() }), [going, queryClient, api]);
  useEffect(() => void queryClient.invalidateQueries({ queryKey: api.benchmarks.triplets.key() }), [going, queryClient, api]);
  return answer;
}

/** What was found about a set so far. */
export function useResult(set: BenchmarkSet | null) {
  const { api } = useEngine();
  return useQuery(
    api.benchmarks.result.queryOptions({
      input: { setId: set?.id ?? "none" },
      enabled: set !== null,
      refetchInterval: refetchWhile(set?.jobId),
    }),
  );
}

export interface TripletWindow {
  readonly total: number;
  /** The triplet at the place that was asked for, and those that follow it. */
  readonly triplets: readonly BenchmarkTriplet[];
}

/** The triplet at a place under a filter with the next ones; null until they are there. */
export function useTriplets(result: BenchmarkResult | null, filter: TripletFilter, at: number): TripletWindow | null {
  const { api } = useEngine();
  const offset = Math.floor(at / pageStep) * pageStep;
  const { data } = useQuery(
    api.benchmarks.triplets.queryOptions({
      input: { setId: result?.set.id ?? "none", filter, offset, limit: pageStep + pageOverlap },
      enabled: result !== null,
      placeholderData: keepPreviousData,
      refetchInterval: refetchWhile(result?.set.jobId),
    }),
  );
  return data === undefined || result === null ? null : { total: data.total, triplets: data.items.slice(at - offset) };
}

export interface SetCommands {
  readonly run: (set: BenchmarkSet, metrics: readonly MetricName[] | null) => void;
  readonly add: (path: string, layout: string) => Promise<BenchmarkSet | null>;
  readonly remove: (set: BenchmarkSet) => void;
  readonly control: (what: "pause" | "resume" | "cancel", job: Job) => void;
}

/** What a person can do with sets; a refusal becomes a notice. */
export function useSetCommands(): SetCommands {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const queryClient = useQueryClient();
  const onSuccess = useCallback(() => void queryClient.invalidateQueries({ queryKey: api.benchmarks.key() }), [queryClient, api]);
  const { mutate: runSet } = useMutation(api.benchmarks.run.mutationOptions({ onError, onSuccess }));
  const { mutate: removeSet } = useMutation(api.benchmarks.remove.mutationOptions({ onError, onSuccess }));
  const { mutateAsync: addSet } = useMutation(api.benchmarks.add.mutationOptions({ onError, onSuccess }));
  return {
    run: (set, metrics) => runSet({ setId: set.id, metrics: metrics === null ? null : [...metrics] }),
    add: (path, layout) => addSet({ path, layout }).catch(() => null),
    remove: (set) => {
      removeSet({ setId: set.id }, { onSuccess: () => notify({ title: t("trust.removed", { title: set.title }) }) });
    },
    control: (what, job) => void client.jobs[what]({ jobId: job.id }).then(onSuccess, onError),
  };
}

/** Why the last run of a set failed; null where it did not. */
export function useFailure(set: BenchmarkSet): AppErrorShape | null {
  const { api } = useEngine();
  const { data: jobs } = useQuery(api.jobs.list.queryOptions());
  const ofSet = jobs?.filter(({ kind, title }) => kind === "benchmark" && title === set.title) ?? [];
  const last = [...ofSet].sort((one, other) => other.startedMs - one.startedMs)[0];
  return last?.state === "failed" ? last.error : null;
}

/** The job that judges a set, kept current by the stream of job events. */
export function useSetJob(set: BenchmarkSet | null): Job | null {
  const { api } = useEngine();
  const { data: jobs } = useQuery(api.jobs.list.queryOptions());
  return jobs?.find(({ id }) => id === set?.jobId) ?? null;
}
