/** @file The status bar: what the engine does now, on what, what it skipped; the workspace's own words at the right. */
import { useQuery } from "@tanstack/react-query";
import { Cpu, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "../../../lib/class-names";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { StatusOutlet } from "../../../ui/status-slot";
import { openWindow } from "../shell-state";
import { JobStatus } from "./job-status";

/** 28 px at the bottom of the window. */
export function StatusBar(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const { data: status } = useQuery(api.system.status.queryOptions());
  return (
    <footer
      data-region
      className="flex h-7 min-w-0 shrink-0 items-center gap-3 overflow-hidden border-t border-line bg-chrome pr-2 pl-1 text-2xs whitespace-nowrap text-fg-2"
    >
      <JobStatus />
      {status && (
        <>
          <Divider />
          <Button
            variant="ghost"
            size="sm"
            icon={status.device.fallback === null ? Cpu : TriangleAlert}
            className={cn("min-w-0 shrink px-1.5", status.device.fallback !== null && "text-warn")}
            aria-label={t("devices.chip", { name: status.device.name })}
            title={status.device.fallback?.message ?? t("devices.open")}
            onClick={() => openWindow("devices")}
          >
            <span className="max-w-60 truncate">{status.device.name}</span>
          </Button>
        </>
      )}
      {status && status.issueCount > 0 && (
        <>
          <Divider />
          <Button variant="ghost" size="sm" icon={TriangleAlert} className="px-1.5" onClick={() => openWindow("issues")}>
            {t("issues.skipped", { count: status.issueCount, formatted: formatCount(status.issueCount) })}
          </Button>
        </>
      )}
      {status?.isReadOnly && (
        <>
          <Divider />
          <span>{t("jobs.readOnly")}</span>
        </>
      )}
      <span className="ml-auto" />
      <StatusOutlet />
    </footer>
  );
}

/** A hairline between two facts of the status bar. */
export function Divider({ className = "" }: { readonly className?: string }): ReactNode {
  return <span aria-hidden className={`h-3.5 w-px shrink-0 bg-line ${className}`} />;
}
