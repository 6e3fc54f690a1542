/** @file The address of Find, the way from it to Compare, and what it takes over from the Library. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo } from "react";
import { askToCheck } from "../features/consistency/components/check-actions";
import { type ComparedPair, FindPage } from "../features/find/components/find-page";
import { type FindSearch, findSearchSchema } from "../features/find/find-search";
import type { SearchScope } from "../features/find/search-scope";
import { useWorkspaceAddresses } from "../features/shell/workspace-memory";

export { findSearchSchema };

/** The workspace at `/find`. */
export function FindRoute(): ReactNode {
  const search = useSearch({ from: "/find" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: FindSearch) => void navigate({ to: "/find", search: next, replace: true }), [navigate]);
  const onCompare = useCallback(
    ({ a, b, metric }: ComparedPair) => void navigate({ to: "/compare", search: { a, b, ...(metric === null ? {} : { metric }) } }),
    [navigate],
  );
  const libraryScope = useLibraryScope();
  return <FindPage search={search} libraryScope={libraryScope} onSearch={onSearch} onCompare={onCompare} onCheck={askToCheck} />;
}

/** The folder and the filter of the Library, as it was left; a filter that cannot be read is none. */
function useLibraryScope(): SearchScope {
  const { library } = useWorkspaceAddresses();
  return useMemo(() => {
    const parameters = new URLSearchParams(library.split("?")[1]);
    const { folder = null, where = null } = findSearchSchema.parse(Object.fromEntries(parameters));
    return { folder, where };
  }, [library]);
}
