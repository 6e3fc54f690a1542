/** @file The address of the Library: folder, filter and order. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { useOpenReview } from "../features/duplicates/use-open-review";
import { LibraryView } from "../features/library/components/library-view";
import { type LibrarySearch, librarySearchSchema } from "../features/library/library-search";

export { librarySearchSchema };

/** Keeps what the Library shows in the address. */
export function LibraryRoute(): ReactNode {
  const search = useSearch({ from: "/library" });
  const navigate = useNavigate({ from: "/library" });
  const onSearch = useCallback(
    (change: LibrarySearch) => void navigate({ search: (known) => ({ ...known, ...change }), replace: true }),
    [navigate],
  );
  const openReview = useOpenReview();
  return <LibraryView search={search} onSearch={onSearch} onReview={openReview} />;
}
