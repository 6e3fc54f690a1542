/** @file A folder becomes a set: what was recognised in it, under which layout, and what it lacks. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BenchmarkLayout } from "#shared/domain/benchmark";
import { appErrorOf } from "../../../lib/app-error-of";
import { useEngine } from "../../../lib/engine";
import { formatCount } from "../../../lib/format";
import { Button } from "../../../ui/button";
import { Dialog } from "../../../ui/dialog";
import { ErrorCard } from "../../../ui/error-card";
import { Icon } from "../../../ui/icon";
import { Select } from "../../../ui/select";

const guess = "guess";

export interface AddSetDialogProps {
  readonly path: string;
  readonly layouts: readonly BenchmarkLayout[];
  readonly onAdd: (layout: string) => void;
  readonly onClose: () => void;
}

/** Looks at the folder again with every other layout. */
export function AddSetDialog({ path, layouts, onAdd, onClose }: AddSetDialogProps): ReactNode {
  const { t } = useTranslation();
  const { api } = useEngine();
  const [asked, setAsked] = useState<string>(guess);
  const {
    data: look,
    error,
    isFetching,
  } = useQuery(
    api.benchmarks.look.queryOptions({
      input: { path, layout: asked === guess ? null : asked },
      placeholderData: keepPreviousData,
      staleTime: 0,
    }),
  );
  const layout = look?.layout ?? null;
  const problem = look?.problem ?? null;
  const guessed = layouts.find(({ id }) => id === layout)?.title;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={t("trust.addTitle")}
      closeLabel={t("ui.close")}
      footer={
        <>
          <span className="ml-auto" />
          <Button onClick={onClose}>{t("ui.cancel")}</Button>
          <Button variant="primary" disabled={layout === null || isFetching} onClick={() => layout !== null && onAdd(layout)}>
            {t("trust.addConfirm")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 p-4">
        <p className="break-all text-fg-2 select-text">{path}</p>
        <Select
          label={t("trust.layout")}
          isLabelShown
          size="md"
          value={asked}
          onChange={setAsked}
          options={[
            { value: guess, label: guessed === undefined ? t("trust.guess") : t("trust.guessed", { title: guessed }) },
            ...layouts.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
        <div aria-live="polite" aria-busy={isFetching} className="flex flex-col gap-2 text-fg-2">
          {error && <ErrorCard error={appErrorOf(error)} />}
          {look === undefined && !error && <p>{t("trust.looking")}</p>}
          {problem !== null && <Warning>{problem}</Warning>}
          {look !== undefined && layout !== null && (
            <>
              <p className="text-fg-1">{t("trust.triplets", { count: look.triplets, formatted: formatCount(look.triplets) })}</p>
              {look.partial !== null && <Warning>{look.partial}</Warning>}
              {look.notes.map((note) => (
                <p key={note} className="text-2xs">
                  {note}
                </p>
              ))}
            </>
          )}
        </div>
        <p className="text-2xs text-fg-3">{t("trust.addNote")}</p>
      </div>
    </Dialog>
  );
}

function Warning({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="flex gap-1.5 rounded-md bg-warn-fill p-2 text-warn">
      <Icon icon={TriangleAlert} size={14} className="mt-px" />
      <span>{children}</span>
    </p>
  );
}
