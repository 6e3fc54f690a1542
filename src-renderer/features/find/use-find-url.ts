/** @file Keeps the address and the question the same: a link opens its question, and an edited question can be linked. */
import { useEffect, useRef } from "react";
import type { FindSearch } from "./find-search";
import { editQuery, useFind } from "./find-state";
import { fromFindSearch, toFindSearch } from "./query";

const settleMs = 150;
const emptyAddress = addressKey({});

/** Follows both ways. An address without a question (the workspace's tab) keeps the question that is there. */
export function useFindUrl(search: FindSearch, onSearch: (next: FindSearch) => void): void {
  const query = useFind((state) => state.history.present);
  const writeSearch = useRef(onSearch);
  useEffect(() => {
    writeSearch.current = onSearch;
  });

  const address = addressKey(search);
  useEffect(() => {
    const { address: known, history } = useFind.getState();
    if (address === known) return;
    useFind.setState({ address });
    const { present } = history;
    if (address === emptyAddress || address === addressKey(toFindSearch(present))) return;
    editQuery({ type: "open", query: fromFindSearch(JSON.parse(address) as FindSearch) });
  }, [address]);

  const wanted = addressKey(toFindSearch(query));
  useEffect(() => {
    if (wanted === useFind.getState().address) return;
    const timer = setTimeout(() => {
      useFind.setState({ address: wanted });
      writeSearch.current(JSON.parse(wanted) as FindSearch);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [wanted]);
}

/** Equal for equal questions, whatever the order of the parameters. */
function addressKey({ refs, metric, combine, folder, where, exact, cutoff, against }: FindSearch): string {
  return JSON.stringify({ refs, metric, combine, folder, where, exact, cutoff, against });
}
