/** @file The address of Find, and the way from it to Compare. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import { type ComparedPair, FindPage } from "../features/find/components/find-page";
import type { FindSearch } from "../features/find/find-search";

export { findSearchSchema } from "../features/find/find-search";

/** The workspace at `/find`. */
export function FindRoute(): ReactNode {
  const search = useSearch({ from: "/find" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: FindSearch) => void navigate({ to: "/find", search: next, replace: true }), [navigate]);
  const onCompare = useCallback(
    ({ a, b, metric }: ComparedPair) => void navigate({ to: "/compare", search: { a, b, ...(metric === null ? {} : { metric }) } }),
    [navigate],
  );
  return <FindPage search={search} onSearch={onSearch} onCompare={onCompare} />;
}
