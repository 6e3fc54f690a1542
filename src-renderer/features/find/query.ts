/** @file The question being asked, its edits, and undo over them. Pure: the page keeps it in a store. */
import type { AssetId } from "#shared/domain/asset";
import type { MetricName } from "#shared/domain/feature-recipe";
import type { Against, Combine, Crop, SearchQuery, SearchReference } from "#shared/domain/search";
import { exhaustive } from "#shared/lib/exhaustive";
import { isSameScope, type SearchScope, wholeLibrary } from "./search-scope";
import { type FindSearch, formatReferences, maximumReferences, parseReferences } from "./find-search";

/** `metric` null: the first metric that is ready. `cutoff` null: the suggested one. `against`: how far to look past the other property, 0 to 1. */
export interface FindQuery {
  readonly references: readonly SearchReference[];
  readonly metric: MetricName | null;
  readonly combine: Combine;
  readonly scope: SearchScope;
  readonly exact: boolean;
  readonly cutoff: number | null;
  readonly against: number;
}

/** `openEdit` names the edit that is still going on (a slider being dragged): edits of the same name are one step of undo. */
export interface QueryHistory {
  readonly present: FindQuery;
  readonly past: readonly FindQuery[];
  readonly openEdit: string | null;
}

export type QueryAction =
  | { readonly type: "add"; readonly assetId: AssetId; readonly weight?: number }
  | { readonly type: "remove"; readonly assetId: AssetId }
  | { readonly type: "weigh"; readonly assetId: AssetId; readonly weight: number }
  | { readonly type: "nudge"; readonly assetId: AssetId; readonly by: number }
  | { readonly type: "crop"; readonly assetId: AssetId; readonly crop: Crop | null }
  | { readonly type: "ask"; readonly assetIds: readonly AssetId[] }
  | { readonly type: "clear" }
  | { readonly type: "metric"; readonly metric: MetricName }
  | { readonly type: "combine"; readonly combine: Combine }
  | { readonly type: "scope"; readonly scope: SearchScope }
  | { readonly type: "exact"; readonly exact: boolean }
  | { readonly type: "cutoff"; readonly cutoff: number | null }
  | { readonly type: "against"; readonly weight: number }
  | { readonly type: "settle" }
  | { readonly type: "undo" }
  | { readonly type: "open"; readonly query: FindQuery };

export const emptyQuery: FindQuery = {
  references: [],
  metric: null,
  combine: "mean",
  scope: wholeLibrary,
  exact: false,
  cutoff: null,
  against: 0,
};

const undoSteps = 100;
/** Results a question asks for; the grid is virtual, so this bounds the transfer only. */
const topResults = 500;

export function startHistory(present: FindQuery): QueryHistory {
  return { present, past: [], openEdit: null };
}

/** Applies an action. An action that changes nothing keeps the same history object. */
export function reduceQuery(history: QueryHistory, action: QueryAction): QueryHistory {
  switch (action.type) {
    case "open":
      return openQuery(history, action.query);
    case "settle":
      return history.openEdit === null ? history : { ...history, openEdit: null };
    case "undo": {
      const previous = history.past.at(-1);
      return previous === undefined ? history : { present: previous, past: history.past.slice(0, -1), openEdit: null };
    }
    default:
      return withEdit(history, editQuery(history.present, action), editName(action));
  }
}

/** A question that came from elsewhere (a link, the library): an edit like any other where there was a question before. */
function openQuery(history: QueryHistory, opened: FindQuery): QueryHistory {
  const present = { ...opened, metric: opened.metric ?? history.present.metric };
  return history.present.references.length === 0 && history.past.length === 0 ? startHistory(present) : withEdit(history, present, null);
}

function withEdit(history: QueryHistory, present: FindQuery, name: string | null): QueryHistory {
  if (present === history.present) return history;
  const continues = name !== null && name === history.openEdit;
  const past = continues ? history.past : [...history.past, history.present].slice(-undoSteps);
  return { present, past, openEdit: name };
}

/** Edits that arrive many times a second while a handle is dragged. */
function editName(action: QueryAction): string | null {
  if (action.type === "weigh") return `weigh ${action.assetId}`;
  return action.type === "cutoff" || action.type === "against" ? action.type : null;
}

type Edit = Exclude<QueryAction, { type: "open" | "settle" | "undo" }>;

function editQuery(query: FindQuery, edit: Edit): FindQuery {
  switch (edit.type) {
    case "add":
      return addReference(query, edit.assetId, edit.weight ?? 1);
    case "nudge":
      return nudgeReference(query, edit.assetId, edit.by);
    case "remove":
      return hasReference(query, edit.assetId)
        ? { ...query, references: query.references.filter(({ assetId }) => assetId !== edit.assetId) }
        : query;
    case "weigh":
      return changeReference(query, edit.assetId, (reference) => ({ ...reference, weight: clampWeight(edit.weight) }));
    case "crop":
      return changeReference(query, edit.assetId, (reference) => ({ ...reference, crop: edit.crop }));
    case "ask":
      return {
        ...query,
        references: [...new Set(edit.assetIds)].slice(0, maximumReferences).map((assetId) => ({ assetId, weight: 1, crop: null })),
      };
    case "clear":
      return query.references.length === 0 ? query : { ...query, references: [] };
    case "metric":
      // Scores of two metrics share no scale, and another metric may look past another property.
      return query.metric === edit.metric ? query : { ...query, metric: edit.metric, cutoff: null, against: 0 };
    case "combine":
      return query.combine === edit.combine ? query : { ...query, combine: edit.combine };
    case "scope":
      return isSameScope(query.scope, edit.scope) ? query : { ...query, scope: edit.scope };
    case "exact":
      return query.exact === edit.exact ? query : { ...query, exact: edit.exact };
    case "cutoff":
      return query.cutoff === edit.cutoff ? query : { ...query, cutoff: edit.cutoff };
    case "against":
      return query.against === edit.weight ? query : { ...query, against: edit.weight };
    default:
      return exhaustive(edit);
  }
}

function hasReference(query: FindQuery, assetId: AssetId): boolean {
  return query.references.some((reference) => reference.assetId === assetId);
}

function addReference(query: FindQuery, assetId: AssetId, weight: number): FindQuery {
  if (hasReference(query, assetId) || query.references.length >= maximumReferences) return query;
  return { ...query, references: [...query.references, { assetId, weight: clampWeight(weight), crop: null }] };
}

/** More or less like this: a new picture comes in at `by`, one that is there moves by as much. */
function nudgeReference(query: FindQuery, assetId: AssetId, by: number): FindQuery {
  if (!hasReference(query, assetId)) return addReference(query, assetId, by);
  return changeReference(query, assetId, (reference) => ({ ...reference, weight: clampWeight(reference.weight + by) }));
}

function changeReference(query: FindQuery, assetId: AssetId, change: (reference: SearchReference) => SearchReference): FindQuery {
  const index = query.references.findIndex((reference) => reference.assetId === assetId);
  const before = query.references[index];
  if (before === undefined) return query;
  const after = change(before);
  if (after.weight === before.weight && after.crop === before.crop) return query;
  return { ...query, references: query.references.with(index, after) };
}

/** To the range -1..1 in steps of 0.01. */
function clampWeight(weight: number): number {
  return Math.min(1, Math.max(-1, Math.round(weight * 100) / 100)) + 0;
}

/** The question for the engine, looking past `against`; null while there is nothing to ask: no metric, no picture, or only weights of 0. */
export function searchQueryOf(query: FindQuery, metric: MetricName | null, against: Against | null): SearchQuery | null {
  if (metric === null || !query.references.some(({ weight }) => weight !== 0)) return null;
  const { combine, exact, scope } = query;
  return { references: [...query.references], metric, combine, top: topResults, exact, ...scope, against, findsCopies: true };
}

/** The URL of a question, without what is at its default. */
export function toFindSearch(query: FindQuery): FindSearch {
  return {
    refs: query.references.length === 0 ? undefined : formatReferences(query.references),
    metric: query.metric ?? undefined,
    combine: query.combine === "mean" ? undefined : query.combine,
    folder: query.scope.folder ?? undefined,
    where: query.scope.where ?? undefined,
    exact: query.exact ? true : undefined,
    cutoff: query.cutoff === null ? undefined : Number(query.cutoff.toFixed(4)),
    against: query.against === 0 ? undefined : Number(query.against.toFixed(2)),
  };
}

/** The question of a URL. */
export function fromFindSearch(search: FindSearch): FindQuery {
  return {
    references: search.refs === undefined ? [] : parseReferences(search.refs),
    metric: search.metric ?? null,
    combine: search.combine ?? "mean",
    scope: { folder: search.folder ?? null, where: search.where ?? null },
    exact: search.exact ?? false,
    cutoff: search.cutoff ?? null,
    against: search.against ?? 0,
  };
}
