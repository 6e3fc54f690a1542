/** @file Compare: where do two pictures agree? */
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { AssetId } from "#shared/domain/asset";
import { PanelLayout } from "../../../ui/panel-layout";
import type { CompareSearch } from "../compare-search";
import { useCompare } from "../compare-state";
import { Comparison } from "./comparison";
import { PairPicker } from "./pair-picker";

export interface ComparePageProps {
  readonly search: CompareSearch;
  readonly onSearch: (next: CompareSearch) => void;
}

/** The comparison of the address; without two pictures, the way to choose them. */
export function ComparePage({ search, onSearch }: ComparePageProps): ReactNode {
  const { t } = useTranslation();
  const { a, b } = search;
  useLastPair(search, onSearch);
  if (a !== undefined && b !== undefined) return <Comparison key={`${a} ${b}`} a={a} b={b} search={search} onSearch={onSearch} />;
  const choose = (next: Readonly<Record<"a" | "b", AssetId | null>>): void =>
    onSearch({ ...search, a: next.a ?? undefined, b: next.b ?? undefined, tile: undefined });
  return (
    <PanelLayout workspace="compare" mainLabel={t("compare.title")}>
      <h1 className="sr-only">{t("compare.title")}</h1>
      <PairPicker chosen={{ a: a ?? null, b: b ?? null }} onChoose={choose} />
    </PanelLayout>
  );
}

/** The tab of the workspace names no pictures: it leads back to the pair that was compared last. */
function useLastPair(search: CompareSearch, onSearch: (next: CompareSearch) => void): void {
  const { a, b } = search;
  useEffect(() => {
    const { last } = useCompare.getState();
    if (a !== undefined && b !== undefined) useCompare.setState({ last: search });
    else if (a === undefined && b === undefined && last !== null) onSearch(last);
    // Removing a picture by hand forgets the pair, so that the picker stays.
    else useCompare.setState({ last: null });
  }, [a, b, search, onSearch]);
}
