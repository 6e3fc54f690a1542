/** @file Runs a set: with which metrics, how far it is, and how it is held or stopped. */
import { useQuery } from "@tanstack/react-query";
import { Pause, Play, SlidersHorizontal, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkSet } from "#shared/domain/benchmark";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { MetricCard } from "#shared/domain/model-card";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { CheckboxRow } from "../../../ui/checkbox";
import { IconButton } from "../../../ui/icon-button";
import { Popover } from "../../../ui/popover";
import { ProgressBar } from "../../../ui/progress";
import { type SetCommands, useSetJob } from "../use-benchmarks";

export interface RunControlsProps {
  readonly set: BenchmarkSet;
  readonly commands: SetCommands;
  /** Chosen metrics, null for those that measure the library. */
  readonly metrics: readonly MetricName[] | null;
  readonly onMetrics: (metrics: readonly MetricName[]) => void;
  readonly isReadOnly: boolean;
}

/** Buttons at the right end of the toolbar. */
export function RunControls({ set, commands, metrics, onMetrics, isReadOnly }: RunControlsProps): ReactNode {
  const { t } = useTranslation();
  const job = useSetJob(set);
  if (job !== null) {
    const isPaused = job.state === "paused";
    return (
      <>
        <span className="text-2xs text-fg-3 tabular-nums" aria-live="polite">
          {job.total === null ? t("trust.waiting") : t("jobs.progress", { done: formatCount(job.done), total: formatCount(job.total) })}
        </span>
        <ProgressBar
          label={t("trust.running", { title: set.title })}
          value={job.total === null ? null : job.total === 0 ? 1 : job.done / job.total}
        />
        {job.state !== "queued" && (
          <IconButton
            icon={isPaused ? Play : Pause}
            label={t(isPaused ? "trust.resume" : "trust.pause")}
            onClick={() => commands.control(isPaused ? "resume" : "pause", job)}
          />
        )}
        <IconButton icon={X} label={t("trust.stop")} onClick={() => commands.control("cancel", job)} />
      </>
    );
  }
  return (
    <>
      <MetricChoice metrics={metrics} onMetrics={onMetrics} />
      <Button
        size="sm"
        icon={Play}
        disabled={isReadOnly || set.triplets === 0 || metrics?.length === 0}
        onClick={() => commands.run(set, metrics)}
      >
        {t(set.latest === null ? "trust.run" : set.latest.finishedMs === null ? "trust.goOn" : "trust.runAgain")}
      </Button>
    </>
  );
}

function MetricChoice({ metrics, onMetrics }: Pick<RunControlsProps, "metrics" | "onMetrics">): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: cards } = useQuery(api.metrics.list.queryOptions());
  const usable = cards?.filter(({ state }) => state !== "needs-model") ?? [];
  const chosen = metrics ?? usable.filter(({ state }) => state === "ready").map(({ metric }) => metric);
  const toggle = (card: MetricCard, isChecked: boolean): void =>
    onMetrics(isChecked ? [...chosen, card.metric] : chosen.filter((metric) => metric !== card.metric));
  return (
    <Popover
      title={t("trust.metrics")}
      trigger={
        <Button size="sm" variant="ghost" icon={SlidersHorizontal}>
          {t("trust.metricCount", { count: chosen.length })}
        </Button>
      }
    >
      <p className="mb-2 text-2xs text-fg-3">{t("trust.metricsNote")}</p>
      {usable.map((card) => (
        <CheckboxRow
          key={card.metric}
          label={card.title}
          aside={card.model ?? undefined}
          isChecked={chosen.includes(card.metric)}
          onChange={(isChecked) => toggle(card, isChecked)}
        />
      ))}
    </Popover>
  );
}
