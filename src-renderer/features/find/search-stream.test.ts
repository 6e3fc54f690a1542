/** @file Old results stay until new ones arrive, and exact ones replace coarse ones once. */
import { describe, expect, it } from "vitest";
import type { SearchEvent, SearchQuery } from "#shared/domain/search";
import { type SearchState, type SearchUpdate, idleSearch, reduceSearch } from "./search-stream";

const query = { metric: "starter-style" } as SearchQuery;
const event = (stage: "coarse" | "exact", isFinal: boolean): SearchEvent => ({ stage, isFinal }) as SearchEvent;

function after(state: SearchState, ...updates: readonly SearchUpdate[]): SearchState {
  return updates.reduce(reduceSearch, state);
}

describe("search stream", () => {
  const coarse = event("coarse", false);
  const partial = event("exact", false);
  const exact = event("exact", true);
  const answered = after(idleSearch, { type: "asked" }, { type: "answered", query, event: coarse });

  it("shows the coarse answer first, then the exact one, and no shuffle between", () => {
    expect(answered).toEqual({ shown: coarse, shownFor: query, isCurrent: true, isRunning: true, error: null });
    expect(after(answered, { type: "answered", query, event: partial })).toBe(answered);
    expect(after(answered, { type: "answered", query, event: exact })).toMatchObject({ shown: exact, isRunning: false });
  });

  it("keeps the old results while the next question runs", () => {
    const next = { metric: "clip-i" } as SearchQuery;
    const asked = after(answered, { type: "asked" });
    expect(asked).toMatchObject({ shown: coarse, shownFor: query, isCurrent: false, isRunning: true });
    expect(after(asked, { type: "answered", query: next, event: exact })).toMatchObject({ shown: exact, shownFor: next, isCurrent: true });
  });

  it("keeps what is shown when a run fails, and says so", () => {
    const error = { code: "device/failed", message: "The device failed." } as const;
    expect(after(answered, { type: "failed", error })).toMatchObject({ shown: coarse, error, isRunning: false });
    expect(after(answered, { type: "failed", error }, { type: "asked" }).error).toBeNull();
  });

  it("empties with the tray", () => {
    expect(after(answered, { type: "emptied" })).toEqual(idleSearch);
  });
});
