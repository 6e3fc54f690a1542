/** @file The way into the review, from everywhere. */
import { Copy } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Action, useActions } from "../../../lib/actions";
import { useOpenReview } from "../use-open-review";

/** Mounted once. */
export function DuplicatesActions(): null {
  const { t } = useTranslation();
  const openReview = useOpenReview();
  useActions(
    useMemo<readonly Action[]>(
      () => [{ id: "duplicates.review", label: t("duplicates.review"), group: "library", icon: Copy, shortcut: "D", run: openReview }],
      [t, openReview],
    ),
  );
  return null;
}
