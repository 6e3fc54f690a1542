/** @file A check as a file: which kind, what is in it, and what it is called. */
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckQuery, CheckResult } from "#shared/domain/check";
import { type ReportFile, type ReportFormat, reportFormats } from "#shared/domain/check-report";
import { appErrorOf } from "../../../../lib/app-error-of";
import { useEngine } from "../../../../lib/engine";
import { saveBlob } from "../../../../lib/save-file";
import { Button } from "../../../../ui/button";
import { Dialog } from "../../../../ui/dialog";
import { SegmentedControl } from "../../../../ui/segmented-control";
import { TextField } from "../../../../ui/toolbar";
import { notify, notifyError } from "../../../../ui/toast";
import type { CheckSetup } from "../../check-setup";

export interface ExportDialogProps {
  readonly query: CheckQuery;
  readonly result: CheckResult;
  readonly setup: CheckSetup;
  /** What the check is called until a person says otherwise. */
  readonly title: string;
  readonly onClose: () => void;
}

/** Writes what is on screen: the same cut-offs, and the verdicts by hand. */
export function ExportDialog({ query, result, setup, title: suggested, onClose }: ExportDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [title, setTitle] = useState(suggested);
  const [format, setFormat] = useState<ReportFormat>("html");
  const { mutate, isPending } = useMutation(
    api.checks.report.mutationOptions({
      onError: (error) => notifyError(appErrorOf(error)),
      onSuccess: (file) => {
        save(file);
        notify({ title: t("check.export.saved", { name: file.name }) });
        onClose();
      },
    }),
  );
  const cutoffs = result.measures.map((_, index) => setup.cutoffs[index] ?? null);
  const write = (): void => mutate({ query, combine: setup.combine, cutoffs, title: title.trim(), format });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("check.export.title")}
      closeLabel={t("ui.close")}
      className="w-[480px]"
      footer={
        <>
          <span className="ml-auto" />
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button variant="primary" disabled={isPending || title.trim() === ""} onClick={write}>
            {t(isPending ? "check.export.writing" : "check.export.write")}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 p-4">
        <TextField label={t("check.export.name")} placeholder={t("check.export.name")} value={title} onChange={setTitle} maxLength={200} />
        <SegmentedControl
          isFilling
          label={t("check.export.format")}
          value={format}
          onChange={setFormat}
          options={reportFormats.map((value) => ({ value, label: t(`check.export.formats.${value}`) }))}
        />
        <p className="m-0 text-fg-2">{t(`check.export.holds.${format}`, { references: result.references.length })}</p>
        <ul aria-label={t("check.export.recipe")} className="m-0 grid list-none gap-1 p-0 text-2xs text-fg-3 select-text">
          {result.measures.map(({ measure, modelName, recipe }) => (
            <li key={`${measure.metric} ${measure.area}`}>
              {recipe.modelSha256 === ""
                ? measure.metric
                : t("check.export.measure", { metric: measure.metric, model: modelName, hash: recipe.modelSha256.slice(0, 12) })}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function save({ name, contentType, encoding, content }: ReportFile): void {
  const part = encoding === "utf8" ? content : Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  saveBlob(name, new Blob([part], { type: encoding === "utf8" ? `${contentType};charset=utf-8` : contentType }));
}
