/** @file What passes a filter, and what that has in common, remembered until something about a picture changes. */
import type { AssetId } from "#shared/domain/asset";
import { conditionsOf, type FilterExpression } from "#shared/domain/asset-filter";
import type { FilterSubject } from "#shared/domain/asset-filter-fields";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { filterTest } from "#shared/domain/asset-filter-match";
import type { FacetGroup } from "#shared/domain/facet";
import { FacetCounter } from "./facets";

/** Answers that are kept for the next page of the same scroll, or the next count of the same panel. */
const keptAnswers = 16;

/** The pictures a filter looks through. */
export interface FilteredLibrary {
  ids(): Iterable<AssetId>;
  subject(id: AssetId): FilterSubject;
  isMeasured(id: AssetId): boolean;
  isMissing(id: AssetId): boolean;
}

export class FilterResults {
  readonly #library: FilteredLibrary;
  readonly #passing = new Map<string, ReadonlySet<AssetId>>();
  readonly #facets = new FacetCounter();

  constructor(library: FilteredLibrary) {
    this.#library = library;
  }

  /** Something about a picture changed. */
  touch(id: AssetId): void {
    this.#facets.forget(id);
    this.#passing.clear();
  }

  /** Pictures that pass, wherever they lie. */
  passing(expression: FilterExpression): ReadonlySet<AssetId> {
    const key = formatFilter(expression);
    const known = this.#passing.get(key);
    if (known !== undefined) return known;
    const passing = expression.kind === "and" ? this.#passingAll(expression.parts) : this.#tested(expression);
    if (isLasting(expression)) keepAnswer(this.#passing, key, passing);
    return passing;
  }

  /** Part by part, since a panel of facets asks for the same parts again. */
  #passingAll(parts: readonly FilterExpression[]): ReadonlySet<AssetId> {
    const [fewest = new Set<AssetId>(), ...others] = parts.map((part) => this.passing(part)).sort((a, b) => a.size - b.size);
    return new Set([...fewest].filter((id) => others.every((other) => other.has(id))));
  }

  #tested(expression: FilterExpression): ReadonlySet<AssetId> {
    const test = filterTest(expression);
    const passing = new Set<AssetId>();
    for (const id of this.#library.ids()) if (test(this.#library.subject(id))) passing.add(id);
    return passing;
  }

  /** What those of `ids` that pass have in common. */
  facets(ids: readonly AssetId[], filter: FilterExpression | null): FacetGroup[] {
    return this.#facets.count({
      ids,
      filter,
      passing: (expression) => this.passing(expression),
      subject: (id) => this.#library.subject(id),
      isMeasured: (id) => this.#library.isMeasured(id),
      isMissing: (id) => this.#library.isMissing(id),
    });
  }
}

/** False for what changes without a word: pictures are measured, and drives come and go. */
export function isLasting(expression: FilterExpression): boolean {
  return conditionsOf(expression).every(({ field }) => field !== "measured" && field !== "missing");
}

/** Remembers an answer, and forgets the oldest where there are many. */
export function keepAnswer<Value>(answers: Map<string, Value>, key: string, value: Value): void {
  const oldest = answers.size >= keptAnswers ? answers.keys().next().value : undefined;
  if (oldest !== undefined) answers.delete(oldest);
  answers.set(key, value);
}
