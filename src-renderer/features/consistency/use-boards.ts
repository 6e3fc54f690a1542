/** @file The boards of the library. */
import { useQuery } from "@tanstack/react-query";
import type { ReferenceBoard } from "#shared/domain/reference-board";
import { useEngine } from "../../lib/engine";

const noBoards: readonly ReferenceBoard[] = [];

/** Empty until they are known. */
export function useBoards(): readonly ReferenceBoard[] {
  const { api } = useEngine();
  return useQuery(api.checks.boards.list.queryOptions()).data ?? noBoards;
}
