/** @file Files of a split go into a folder, as copies or themselves: what would be done, whose name is taken there, and the way back. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FileActKind, FileOrder, FilePlan, SplitFile } from "#shared/domain/split-files";
import { appErrorOf } from "../../../../lib/app-error-of";
import { useEngine } from "../../../../lib/engine";
import { formatCount } from "../../../../lib/format";
import { Button } from "../../../../ui/button";
import { CheckboxRow } from "../../../../ui/checkbox";
import { Dialog } from "../../../../ui/dialog";
import { ErrorCard } from "../../../../ui/error-card";
import { notify, notifyError } from "../../../../ui/toast";
import { useTellStep } from "../../../../ui/undo";

export interface FilesDialogProps {
  readonly kind: FileActKind;
  readonly files: readonly SplitFile[];
  readonly folder: string;
  readonly onClose: () => void;
}

/** Says what would happen before it does. Nothing that lies in the folder is replaced. */
export function FilesDialog({ kind, files, folder, onClose }: FilesDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [isNumbered, setIsNumbered] = useState(false);
  const order = useMemo<FileOrder>(() => ({ kind, files: [...files], folder, isNumbered }), [kind, files, folder, isNumbered]);
  const { data: plan, error } = useQuery(api.checks.files.plan.queryOptions({ input: order, staleTime: 0, retry: false }));
  const { carryOut, isRunning } = useCarryOut(kind, onClose);
  const count = plan?.steps.length ?? 0;
  const isBlocked = plan === undefined || count === 0 || plan.conflicts.length > 0;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t(`check.files.${kind}.title`)}
      closeLabel={t("ui.close")}
      className="w-[480px]"
      footer={
        <>
          <span className="ml-auto" />
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button variant="primary" disabled={isBlocked || isRunning} onClick={() => carryOut(order)}>
            {isRunning ? t(`check.files.${kind}.running`) : t(`check.files.${kind}.confirm`, { count, formatted: formatCount(count) })}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 p-4 text-fg-2">
        <p className="m-0 break-all select-text">{t("check.files.to", { folder })}</p>
        <div aria-live="polite" aria-busy={plan === undefined && error === null} className="grid gap-2">
          {error !== null && <ErrorCard error={appErrorOf(error)} />}
          {plan !== undefined && <PlanNotes plan={plan} />}
        </div>
        {(isNumbered || (plan?.conflicts.length ?? 0) > 0) && (
          <CheckboxRow label={t("check.files.number")} isChecked={isNumbered} onChange={setIsNumbered} />
        )}
      </div>
    </Dialog>
  );
}

interface CarryingOut {
  readonly carryOut: (order: FileOrder) => void;
  readonly isRunning: boolean;
}

function useCarryOut(kind: FileActKind, onDone: () => void): CarryingOut {
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
          if (left.length > 0)
            notify({ title: t(`check.files.${kind}.left`, { count: left.length, formatted: formatCount(left.length) }) });
        };
        tell({ title: t(`check.files.${kind}.done`, { count, formatted: formatCount(count) }), takeBack });
      },
    }),
  );
  return { carryOut: mutate, isRunning: isPending };
}

const mostShown = 8;

function PlanNotes({ plan: { kind, steps, present, conflicts, skipped } }: { readonly plan: FilePlan }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Entries title={t(`check.files.${kind}.listed`)} lines={steps.map(({ from }) => from)} />
      {present.length > 0 && (
        <p className="m-0">{t("check.files.present", { count: present.length, formatted: formatCount(present.length) })}</p>
      )}
      <Entries title={t("check.files.conflicts")} lines={conflicts.map(reasoned)} />
      <Entries title={t("check.files.skipped")} lines={skipped.map(reasoned)} />
    </>
  );
}

const reasoned = ({ path, reason }: FilePlan["skipped"][number]): string => `${path}: ${reason}`;

function Entries({ title, lines }: { readonly title: string; readonly lines: readonly string[] }): ReactNode {
  const { t } = useTranslation();
  if (lines.length === 0) return null;
  const left = lines.length - mostShown;
  return (
    <div>
      <p className="m-0 font-medium text-fg-1">{title}</p>
      <ul className="m-0 list-none p-0 text-2xs break-all select-text">
        {lines.slice(0, mostShown).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {left > 0 && <li className="text-fg-3">{t("check.side.more", { count: left, formatted: formatCount(left) })}</li>}
      </ul>
    </div>
  );
}
