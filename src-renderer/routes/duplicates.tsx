/** @file The address of the review of duplicates, and the ways from it to Compare and the Library. */
import { useCanGoBack, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicate } from "#shared/domain/duplicates";
import { DuplicatesPage } from "../features/duplicates/components/duplicates-page";
import { type DuplicatesSearch, duplicatesSearchSchema } from "../features/duplicates/duplicates-search";
import { AnnotationActions } from "../features/library/components/annotation-actions";
import { DetailPanel } from "../features/library/components/detail-panel";
import { selectOnly } from "../lib/selection";

export { duplicatesSearchSchema };

/** The view at `/duplicates`. Pictures are described, flagged and rated as in the Library. */
export function DuplicatesRoute(): ReactNode {
  const search = useSearch({ from: "/duplicates" });
  const navigate = useNavigate();
  const { history } = useRouter();
  const canGoBack = useCanGoBack();
  const onSearch = useCallback(
    (change: DuplicatesSearch) => void navigate({ to: "/duplicates", search: (known) => ({ ...known, ...change }), replace: true }),
    [navigate],
  );
  const onBack = useCallback(() => {
    if (canGoBack) history.back();
    else void navigate({ to: "/library", search: {} });
  }, [canGoBack, history, navigate]);
  const onCompare = useCallback((a: AssetId, b: AssetId) => void navigate({ to: "/compare", search: { a, b } }), [navigate]);
  const onOpen = useCallback(
    ({ asset, files }: Duplicate) => {
      selectOnly([asset.id]);
      const folder = files[0]?.path.replace(/[/\\][^/\\]*$/, "");
      void navigate({ to: "/library", search: { folder, text: asset.name } });
    },
    [navigate],
  );
  const details = <DetailPanel onFilter={(where) => void navigate({ to: "/library", search: { where } })} />;
  return (
    <>
      <DuplicatesPage search={search} onSearch={onSearch} onBack={onBack} onCompare={onCompare} onOpen={onOpen} details={details} />
      <AnnotationActions />
    </>
  );
}
