/** @file What a person sees when a view itself breaks: a sentence, and a way back. */
import type { ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { appErrorOf } from "../lib/app-error-of";
import { ErrorCard } from "../ui/error-card";

/** The error view of every route. */
export function RouteError({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useTranslation();
  const { message } = appErrorOf(error);
  return (
    <div className="flex-1 bg-canvas p-12">
      <ErrorCard
        error={{ code: "internal/fault", message: t("shell.unexpected"), hint: `${t("shell.unexpectedHint")} (${message})` }}
        onRetry={reset}
      />
    </div>
  );
}
