/** @file The files that were skipped, by reason, with what to do about each reason. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Clock, ImageOff, Lock, type LucideIcon, Maximize, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../../../lib/app-error-of";
import { saveTextFile } from "../../../lib/save-file";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { notify, notifyError } from "../../../ui/toast";
import { groupIssues, type IssueGroup, type IssueGroupName, issuesAsCsv } from "../issue-groups";
import { closeWindow, useShellState } from "../shell-state";

const readIssues = 5000;
const shownFiles = 100;
const icons: Readonly<Record<IssueGroupName, LucideIcon>> = {
  "image/unsupported": ImageOff,
  "image/undecodable": TriangleAlert,
  "image/too-large": Maximize,
  "image/unreadable": Lock,
  other: Clock,
};

/** Opens from the status bar and the palette. */
export function IssuesDialog(): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const isOpen = useShellState((state) => state.open === "issues");
  const { data: issues, error } = useQuery(api.assets.issues.queryOptions({ input: { limit: readIssues }, enabled: isOpen }));
  const { data: status } = useQuery(api.system.status.queryOptions());
  const rescan = useMutation(
    api.roots.rescan.mutationOptions({
      onSuccess: () => notify({ title: t("issues.retried") }),
      onError: (failure) => notifyError(appErrorOf(failure)),
    }),
  );
  const groups = groupIssues(issues ?? []);
  return (
    <Dialog
      isOpen={isOpen}
      onClose={closeWindow}
      title={t("issues.title", { count: status?.issueCount ?? 0, formatted: formatCount(status?.issueCount ?? 0) })}
      note={status && t("issues.rest", { count: status.assetCount, formatted: formatCount(status.assetCount) })}
      closeLabel={t("ui.close")}
      footer={
        <>
          <Button size="sm" onClick={() => rescan.mutate({})} disabled={rescan.isPending}>
            {t("issues.retry")}
          </Button>
          <Button
            size="sm"
            variant="ghost"
            disabled={!issues?.length}
            onClick={() => saveTextFile("skipped-files.csv", issuesAsCsv(issues ?? []), "text/csv")}
          >
            {t("issues.saveList")}
          </Button>
        </>
      }
    >
      {error && (
        <div className="p-4">
          <ErrorCard error={appErrorOf(error)} />
        </div>
      )}
      {issues?.length === 0 && <p className="p-4 text-fg-2">{t("issues.none")}</p>}
      {groups.map((group) => (
        <GroupRow key={group.name} group={group} />
      ))}
    </Dialog>
  );
}

function GroupRow({ group }: { readonly group: IssueGroup }): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="border-b border-line px-4 py-2 last:border-b-0">
      <div className="grid grid-cols-[16px_1fr_auto_auto] items-start gap-2">
        <Icon icon={icons[group.name]} className="mt-px text-fg-2" />
        <div>
          <div>{t(`issues.groups.${group.name}.title`)}</div>
          <div className="text-2xs text-fg-3">{t(`issues.groups.${group.name}.hint`)}</div>
        </div>
        <span>{formatCount(group.issues.length)}</span>
        <Button size="sm" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? "issues.hide" : "issues.show")}
        </Button>
      </div>
      {isOpen && (
        <ul className="m-0 mt-2 ml-6 list-none p-0 text-2xs select-text">
          {group.issues.slice(0, shownFiles).map((issue) => (
            <li key={issue.path} className="py-1">
              <div className="break-all">{issue.path}</div>
              <div className="break-words text-fg-3">{issue.message}</div>
            </li>
          ))}
          {group.issues.length > shownFiles && (
            <li className="py-1 text-fg-3">{t("issues.more", { count: group.issues.length - shownFiles })}</li>
          )}
        </ul>
      )}
    </div>
  );
}
