/** @file An error where the content would be: what happened, what to do, and the details for a report. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { AppErrorShape } from "#shared/domain/app-error";
import { Button } from "./button";
import { Icon } from "./icon";
import { notify } from "./toast";

export interface ErrorCardProps {
  readonly error: AppErrorShape;
  readonly onRetry?: () => void;
  /** More to do than trying again, e.g. a button that opens the place where it is put right. */
  readonly actions?: ReactNode;
}

/** Announced at once; stays until what caused it is gone. */
export function ErrorCard({ error, onRetry, actions }: ErrorCardProps): ReactNode {
  const { t } = useTranslation();
  const copyDetails = async (): Promise<void> => {
    await navigator.clipboard.writeText([error.message, error.hint, `code: ${error.code}`, navigator.userAgent].filter(Boolean).join("\n"));
    notify({ title: t("ui.detailsCopied") });
  };
  return (
    <div role="alert" className="mx-auto flex max-w-130 gap-3 rounded-lg bg-danger-fill p-4 text-xs">
      <Icon icon={CircleAlert} className="mt-px text-danger" />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-medium break-words text-fg-1 select-text">{error.message}</p>
        {error.hint && <p className="mt-1 text-fg-2 select-text">{error.hint}</p>}
        <div className="mt-3 flex gap-2">
          {actions}
          {onRetry && (
            <Button size="sm" onClick={onRetry}>
              {t("ui.tryAgain")}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={() => void copyDetails()}>
            {t("ui.copyDetails")}
          </Button>
        </div>
      </div>
    </div>
  );
}
