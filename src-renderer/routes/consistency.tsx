/** @file The address of Consistency, and the way from it to Compare. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import type { ComparedPair } from "../features/consistency/compared-pair";
import { ConsistencyPage } from "../features/consistency/components/consistency-page";
import { type ConsistencySearch, consistencySearchSchema } from "../features/consistency/consistency-search";

export { consistencySearchSchema };

/** The workspace at `/consistency`. */
export function ConsistencyRoute(): ReactNode {
  const search = useSearch({ from: "/consistency" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: ConsistencySearch) => void navigate({ to: "/consistency", search: next, replace: true }), [navigate]);
  const onCompare = useCallback((pair: ComparedPair) => void navigate({ to: "/compare", search: pair }), [navigate]);
  return <ConsistencyPage search={search} onSearch={onSearch} onCompare={onCompare} />;
}
