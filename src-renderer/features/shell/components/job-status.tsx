/** @file The running job in the status bar: pause, how far, how fast, how long. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { CircleAlert, Pause, Play, RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "#shared/domain/job";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatCount, formatDuration, formatSpeed } from "../../../lib/format";
import { Icon } from "../../../ui/icon";
import { IconButton } from "../../../ui/icon-button";
import { ProgressBar } from "../../../ui/progress";
import { notifyError } from "../../../ui/toast";
import { VisuallyHidden } from "../../../ui/visually-hidden";
import { useJobControl, useShownJob } from "../queries";

/** The job that goes on, or how many images the library holds. */
export function JobStatus(): ReactNode {
  const job = useShownJob();
  if (!job) return <IdleStatus />;
  return job.state === "failed" ? <FailedJob job={job} /> : <GoingJob job={job} />;
}

function IdleStatus(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  return (
    <span className="pl-1.5">{status && t("jobs.idle", { count: status.assetCount, formatted: formatCount(status.assetCount) })}</span>
  );
}

function FailedJob({ job }: { readonly job: Job }): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const again = useMutation(api.roots.rescan.mutationOptions({ onError: (error) => notifyError(appErrorOf(error)) }));
  return (
    <span role="alert" className="flex min-w-0 items-center gap-1.5 pl-1.5 text-fg-1" title={job.error?.hint}>
      <Icon icon={CircleAlert} size={14} className="text-danger" />
      {t("jobs.failed")}
      <IconButton icon={RotateCw} label={t("jobs.again")} onClick={() => again.mutate({})} />
      {job.error && <span className="truncate text-fg-2">{job.error.message}</span>}
    </span>
  );
}

function GoingJob({ job }: { readonly job: Job }): ReactNode {
  const { t } = useTranslation();
  const { pause, resume, cancel } = useJobControl(job);
  const isPaused = job.state === "paused";
  const title = isPaused
    ? t("jobs.paused")
    : job.step === "scan"
      ? t("jobs.scanning")
      : job.step === "prepare"
        ? t("jobs.preparing")
        : t(`jobs.${job.kind}`);
  return (
    <>
      {job.kind === "index" && (
        <span className="flex">
          <IconButton
            icon={isPaused ? Play : Pause}
            label={t(isPaused ? "jobs.resume" : "jobs.pause")}
            onClick={isPaused ? resume : pause}
          />
          {isPaused && <IconButton icon={X} label={t("jobs.cancel")} onClick={cancel} />}
        </span>
      )}
      <span className="text-fg-1">{title}</span>
      <VisuallyHidden isLive>{title}</VisuallyHidden>
      {job.total !== null && <ProgressBar label={title} value={job.total === 0 ? 1 : job.done / job.total} />}
      <span>
        {job.total === null
          ? t("jobs.found", { done: formatCount(job.done) })
          : t("jobs.progress", { done: formatCount(job.done), total: formatCount(job.total) })}
      </span>
      {!isPaused && job.kind !== "benchmark" && job.imagesPerSecond !== null && job.imagesPerSecond > 0 && (
        <Fact className="narrow:hidden">{t("jobs.speed", { speed: formatSpeed(job.imagesPerSecond) })}</Fact>
      )}
      {!isPaused && job.etaSeconds !== null && <Fact>{t("jobs.left", { duration: formatDuration(job.etaSeconds) })}</Fact>}
    </>
  );
}

function Fact({ children, className = "" }: { readonly children: ReactNode; readonly className?: string }): ReactNode {
  return (
    <span className={`flex items-center gap-3 ${className}`}>
      <span aria-hidden className="h-3.5 w-px bg-line" />
      {children}
    </span>
  );
}
