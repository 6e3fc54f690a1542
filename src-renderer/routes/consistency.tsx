/** @file The address of Consistency, the way from it to Compare, and its choice of a folder. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { FileActKind } from "#shared/domain/split-files";
import type { ComparedPair } from "../features/consistency/compared-pair";
import { ConsistencyPage } from "../features/consistency/components/consistency-page";
import { useChooseOtherFolder } from "../features/library/use-library";
import { type ConsistencySearch, consistencySearchSchema } from "../features/consistency/consistency-search";

export { consistencySearchSchema };

/** The workspace at `/consistency`. */
export function ConsistencyRoute(): ReactNode {
  const search = useSearch({ from: "/consistency" });
  const navigate = useNavigate();
  const { t } = useTranslation();
  const chooseFolder = useChooseOtherFolder();
  const onSearch = useCallback((next: ConsistencySearch) => void navigate({ to: "/consistency", search: next, replace: true }), [navigate]);
  const onCompare = useCallback((pair: ComparedPair) => void navigate({ to: "/compare", search: pair }), [navigate]);
  const onChooseFolder = useCallback(
    (kind: FileActKind, use: (path: string) => void) =>
      chooseFolder({ title: t(`check.files.${kind}.pickTitle`), chooseLabel: t(`check.files.${kind}.pick`), use }),
    [chooseFolder, t],
  );
  return <ConsistencyPage {...{ search, onSearch, onCompare, onChooseFolder }} />;
}
