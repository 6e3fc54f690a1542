/** @file What Find keeps while other workspaces are shown: the question with its undo, the answer, and what is looked at. */
import { create } from "zustand";
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { rememberOutsidePicture } from "../../lib/pictures";
import { type QueryAction, type QueryHistory, emptyQuery, reduceQuery, startHistory } from "./query";
import { type SearchState, type SearchUpdate, idleSearch, reduceSearch } from "./search-stream";
import type { VoteFilter } from "./votes";

export const resultOrders = ["score", "name"] as const;
export type ResultOrder = (typeof resultOrders)[number];

interface FindState {
  readonly history: QueryHistory;
  /** The address that was read or written last. One left before an edit reached it says nothing new when it comes back. */
  readonly address: string | null;
  readonly search: SearchState;
  /** What `search` answers: the question and the state of the library it was asked of. */
  readonly answeredKey: string | null;
  /** The result a person chose; null: the best one. */
  readonly selectedId: AssetId | null;
  readonly areRegionsShown: boolean;
  readonly areCopiesFolded: boolean;
  /** The person asked to see results although none is a good match. Holds for the answer it was pressed on. */
  readonly closestShownFor: string | null;
  readonly order: ResultOrder;
  readonly votes: VoteFilter;
  /** The picture whose crop is being drawn. */
  readonly croppedId: AssetId | null;
}

export const useFind = create<FindState>(() => ({
  history: startHistory(emptyQuery),
  address: null,
  search: idleSearch,
  answeredKey: null,
  selectedId: null,
  areRegionsShown: true,
  areCopiesFolded: true,
  closestShownFor: null,
  order: "score",
  votes: "any",
  croppedId: null,
}));

/** Edits the question. */
export function editQuery(action: QueryAction): void {
  useFind.setState(({ history }) => ({ history: reduceQuery(history, action) }));
}

/** Takes in what the search stream brought. */
export function updateSearch(update: SearchUpdate, key: string | null): void {
  useFind.setState(({ search, answeredKey }) => ({
    search: reduceSearch(search, update),
    answeredKey: update.type === "answered" && update.event.isFinal ? key : update.type === "emptied" ? null : answeredKey,
  }));
}

export function selectResult(selectedId: AssetId | null): void {
  useFind.setState({ selectedId });
}

/** Remembers a picture from outside and puts it into the question. */
export function addOutside(asset: AssetSummary): void {
  rememberOutsidePicture(asset);
  editQuery({ type: "add", assetId: asset.id });
}
