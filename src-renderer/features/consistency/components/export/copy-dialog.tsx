/** @file The accepted go into a folder: what is copied, whose name is taken there, and the way back. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileOrder, FilePlan, SplitFile } from "#shared/domain/split-files";
import { appErrorOf } from "../../../../lib/app-error-of";
import { useEngine } from "../../../../lib/engine";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { CheckboxRow } from "../../../../ui/checkbox";
import { Dialog } from "../../../../ui/dialog";
import { ErrorCard } from "../../../../ui/error-card";
import { notify, notifyError } from "../../../../ui/toast";
import { useTellStep } from "../../../../ui/undo";

export interface CopyDialogProps {
  readonly files: readonly SplitFile[];
  readonly folder: string;
  readonly onClose: () => void;
}

/** Says what would happen before it does. Nothing that lies in the folder is replaced. */
export function CopyDialog({ files, folder, onClose }: CopyDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [isNumbered, setIsNumbered] = useState(false);
  const order = useMemo<FileOrder>(() => ({ kind: "copy", files: [...files], folder, isNumbered }), [files, folder, isNumbered]);
  const { data: plan, error } = useQuery(api.checks.files.plan.queryOptions({ input: order, staleTime: 0, retry: false }));
  const { copy, isCopying } = useCopy(onClose);
  const count = plan?.steps.length ?? 0;
  const isBlocked = plan === undefined || count === 0 || plan.conflicts.length > 0;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("check.copy.title")}
      closeLabel={t("ui.close")}
      className="w-[480px]"
      footer={
        <>
          <span className="ml-auto" />
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button variant="primary" disabled={isBlocked || isCopying} onClick={() => copy(order)}>
            {isCopying ? t("check.copy.copying") : t("check.copy.confirm", { count, formatted: formatCount(count) })}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 p-4 text-fg-2">
        <p className="m-0 break-all select-text">{t("check.copy.to", { folder })}</p>
        <div aria-live="polite" aria-busy={plan === undefined && error === null} className="grid gap-2">
          {error !== null && <ErrorCard error={appErrorOf(error)} />}
          {plan !== undefined && <PlanNotes plan={plan} />}
        </div>
        {(isNumbered || (plan?.conflicts.length ?? 0) > 0) && (
          <CheckboxRow label={t("check.copy.number")} isChecked={isNumbered} onChange={setIsNumbered} />
        )}
      </div>
    </Dialog>
  );
}

function useCopy(onDone: () => void): { readonly copy: (order: FileOrder) => void; readonly isCopying: boolean } {
  const { t } = useTranslation();
  const { api, client } = useEngine();
  const tell = useTellStep();
  const { mutate, isPending } = useMutation(
    api.checks.files.carryOut.mutationOptions({
      onError: (failure) => notifyError(appErrorOf(failure)),
      onSuccess: ({ act }) => {
        onDone();
        if (act === null) return;
        const count = act.steps.length;
        const takeBack = async (): Promise<void> => {
          const { left } = await client.checks.files.undo({ actId: act.id });
          if (left.length > 0) notify({ title: t("check.copy.left", { count: left.length, formatted: formatCount(left.length) }) });
        };
        tell({ title: t("check.copy.done", { count, formatted: formatCount(count) }), takeBack });
      },
    }),
  );
  return { copy: mutate, isCopying: isPending };
}

const mostShown = 8;

function PlanNotes({ plan: { present, conflicts, skipped } }: { readonly plan: FilePlan }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {present.length > 0 && (
        <p className="m-0">{t("check.copy.present", { count: present.length, formatted: formatCount(present.length) })}</p>
      )}
      <Reasons title={t("check.copy.conflicts")} entries={conflicts} />
      <Reasons title={t("check.copy.skipped")} entries={skipped} />
    </>
  );
}

function Reasons({ title, entries }: { readonly title: string; readonly entries: FilePlan["skipped"] }): ReactNode {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  const left = entries.length - mostShown;
  return (
    <div>
      <p className="m-0 font-medium text-fg-1">{title}</p>
      <ul className="m-0 list-none p-0 text-2xs break-all select-text">
        {entries.slice(0, mostShown).map(({ path, reason }) => (
          <li key={path}>
            {path}: {reason}
          </li>
        ))}
        {left > 0 && <li className="text-fg-3">{t("check.side.more", { count: left, formatted: formatCount(left) })}</li>}
      </ul>
    </div>
  );
}
