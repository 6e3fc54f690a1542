/** @file What the review shows. It is kept while the window is open, so that a look at another view costs nothing. */
import { create } from "zustand";
import type { AppErrorShape } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { Duplicates } from "#shared/domain/duplicates";
import type { DuplicatesSearch } from "./duplicates-search";

/** `key` is the question that `answer` or `error` belongs to, `asks` how often it was asked anew, `apart` what was kept apart since the answer came. */
export interface ReviewState {
  readonly search: DuplicatesSearch;
  readonly asks: number;
  readonly key: string | null;
  readonly answer: Duplicates | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly error: AppErrorShape | null;
  readonly apart: readonly (readonly AssetId[])[];
}

export const useReview = create<ReviewState>(() => ({
  search: {},
  asks: 0,
  key: null,
  answer: null,
  progress: null,
  error: null,
  apart: [],
}));

/** Asks the engine again, e.g. after an error or once the library has changed. */
export function lookAgain(): void {
  useReview.setState(({ asks }) => ({ asks: asks + 1 }));
}

/** Takes pictures apart in what is shown. */
export function takeApart(ids: readonly AssetId[]): void {
  useReview.setState(({ apart }) => ({ apart: [...apart, ids] }));
}

/** Takes that back; an answer that came in between does not know of it, so it is asked anew. */
export function putTogether(ids: readonly AssetId[]): void {
  const { apart } = useReview.getState();
  if (apart.includes(ids)) useReview.setState({ apart: apart.filter((known) => known !== ids) });
  else lookAgain();
}
