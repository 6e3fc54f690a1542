/** @file The address of Compare. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback } from "react";
import type { CompareSearch } from "../features/compare/compare-search";
import { ComparePage } from "../features/compare/components/compare-page";

export { compareSearchSchema } from "../features/compare/compare-search";

/** The workspace at `/compare`. */
export function CompareRoute(): ReactNode {
  const search = useSearch({ from: "/compare" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: CompareSearch) => void navigate({ to: "/compare", search: next, replace: true }), [navigate]);
  return <ComparePage search={search} onSearch={onSearch} />;
}
