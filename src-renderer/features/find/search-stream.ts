/** @file Which of the streamed answers are shown: coarse ones first, exact ones replace them once. Pure; the hook is beside it. */
import type { AppErrorShape } from "#shared/domain/app-error";
import type { SearchEvent, SearchQuery } from "#shared/domain/search";

/**
 * `shown` stays until the first answer of the next run arrives, so the grid never goes blank between two questions.
 * `isCurrent` is false while `shown` still answers an earlier question.
 */
export interface SearchState {
  readonly shown: SearchEvent | null;
  readonly shownFor: SearchQuery | null;
  readonly isCurrent: boolean;
  readonly isRunning: boolean;
  readonly error: AppErrorShape | null;
}

export type SearchUpdate =
  | { readonly type: "asked" }
  | { readonly type: "answered"; readonly query: SearchQuery; readonly event: SearchEvent }
  | { readonly type: "ended" }
  | { readonly type: "failed"; readonly error: AppErrorShape }
  | { readonly type: "emptied" };

export const idleSearch: SearchState = { shown: null, shownFor: null, isCurrent: false, isRunning: false, error: null };

export function reduceSearch(state: SearchState, update: SearchUpdate): SearchState {
  switch (update.type) {
    case "asked":
      return { ...state, isCurrent: false, isRunning: true, error: null };
    case "answered":
      return isToBeShown(state, update.event)
        ? { ...state, shown: update.event, shownFor: update.query, isCurrent: true, isRunning: !update.event.isFinal }
        : state;
    case "ended":
      return { ...state, isRunning: false };
    case "failed":
      return { ...state, isRunning: false, error: update.error };
    case "emptied":
      return idleSearch;
  }
}

/** The first answer of a run, and the final one. What comes between would only shuffle the grid. */
function isToBeShown(state: SearchState, event: SearchEvent): boolean {
  return event.isFinal || !state.isCurrent;
}
