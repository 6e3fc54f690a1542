/** @file Keeps the address and the check the same: a link opens its check, and an edited check can be linked. */
import { useEffect, useRef } from "react";
import { changeSetup, openCheck, useCheckState } from "./check-state";
import { type ConsistencySearch, fromConsistencySearch, toConsistencySearch } from "./consistency-search";

const settleMs = 150;

/** Follows both ways. An address without a check (the workspace's tab) keeps the check that is there; one that only adds to it keeps the rest. */
export function useCheckUrl(search: ConsistencySearch, onSearch: (next: ConsistencySearch) => void): void {
  const setup = useCheckState((state) => state.setup);
  const selectedId = useCheckState((state) => state.selectedId);
  const writeSearch = useRef(onSearch);
  useEffect(() => {
    writeSearch.current = onSearch;
  });

  const address = addressKey(search);
  useEffect(() => {
    const { address: known, setup: present } = useCheckState.getState();
    if (address === known) return;
    useCheckState.setState({ address });
    const { at, ...asked } = JSON.parse(address) as ConsistencySearch;
    if (address === addressKey({}) || addressKey(asked) === addressKey(toConsistencySearch(present))) return;
    const next = fromConsistencySearch(asked);
    // "Check this folder" names candidates alone: the references that are there stay.
    if (next.references.length === 0 && present.references.length > 0) changeSetup({ candidates: next.candidates });
    else openCheck(next, at ?? null);
  }, [address]);

  const wanted = addressKey({ ...toConsistencySearch(setup), at: selectedId ?? undefined });
  useEffect(() => {
    if (wanted === useCheckState.getState().address) return;
    const timer = setTimeout(() => {
      useCheckState.setState({ address: wanted });
      writeSearch.current(JSON.parse(wanted) as ConsistencySearch);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [wanted]);
}

/** Equal for equal checks, whatever the order of the parameters. */
function addressKey(search: ConsistencySearch): string {
  const known = Object.entries(search).filter(([, value]) => value !== undefined);
  return JSON.stringify(Object.fromEntries(known.sort(([one], [other]) => (one < other ? -1 : 1))));
}
