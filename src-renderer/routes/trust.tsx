/** @file The address of Trust, the way from it to Compare, and its choice of a folder. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { useChooseOtherFolder } from "../features/library/use-library";
import { TrustPage } from "../features/trust/components/trust-page";
import { type TrustSearch, trustSearchSchema } from "../features/trust/trust-search";

export { trustSearchSchema };

/** The workspace at `/trust`. */
export function TrustRoute(): ReactNode {
  const { t } = useTranslation();
  const search = useSearch({ from: "/trust" });
  const navigate = useNavigate();
  const chooseFolder = useChooseOtherFolder();
  const onSearch = useCallback((next: TrustSearch) => void navigate({ to: "/trust", search: next, replace: true }), [navigate]);
  const onCompare = useCallback((a: AssetId, b: AssetId) => void navigate({ to: "/compare", search: { a, b } }), [navigate]);
  const onChooseFolder = useCallback(
    (use: (path: string) => void) => chooseFolder({ title: t("trust.pickTitle"), chooseLabel: t("trust.pick"), use }),
    [chooseFolder, t],
  );
  return <TrustPage search={search} onSearch={onSearch} onCompare={onCompare} onChooseFolder={onChooseFolder} />;
}
