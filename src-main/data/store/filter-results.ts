/** @file What passes a filter, and what that has in common, remembered until something about a picture changes. */
import { conditionsOf, type FilterExpression } from "#shared/domain/asset-filter";
import type { FilterSubject } from "#shared/domain/asset-filter-fields";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { filterTest } from "#shared/domain/asset-filter-match";
import type { FacetGroup } from "#shared/domain/facet";
import { FacetCounter } from "./facets";
import { NumberSet } from "./number-set";

/** Answers that are kept for the next page of the same scroll, or the next count of the same panel. */
const keptAnswers = 16;

/** The pictures a filter looks through, by their numbers. */
export interface FilteredLibrary {
  assets(): Iterable<number>;
  subject(asset: number): FilterSubject;
  isMeasured(asset: number): boolean;
  isMissing(asset: number): boolean;
}

export class FilterResults {
  readonly #library: FilteredLibrary;
  readonly #passing = new Map<string, NumberSet>();
  readonly #facets = new FacetCounter();

  constructor(library: FilteredLibrary) {
    this.#library = library;
  }

  /** Something about a picture changed. */
  touch(asset: number): void {
    this.#facets.forget(asset);
    this.#passing.clear();
  }

  /** Pictures that pass, wherever they lie. */
  passing(expression: FilterExpression): NumberSet {
    const key = formatFilter(expression);
    const known = this.#passing.get(key);
    if (known !== undefined) return known;
    const passing = expression.kind === "and" ? this.#passingAll(expression.parts) : this.#tested(expression);
    if (isLasting(expression)) keepAnswer(this.#passing, key, passing);
    return passing;
  }

  /** Part by part, since a panel of facets asks for the same parts again. */
  #passingAll(parts: readonly FilterExpression[]): NumberSet {
    const [fewest = new NumberSet(), ...others] = parts.map((part) => this.passing(part)).sort((a, b) => a.size - b.size);
    return new NumberSet([...fewest].filter((asset) => others.every((other) => other.has(asset))));
  }

  #tested(expression: FilterExpression): NumberSet {
    const test = filterTest(expression);
    const passing = new NumberSet();
    for (const asset of this.#library.assets()) if (test(this.#library.subject(asset))) passing.add(asset);
    return passing;
  }

  /** What those of `assets` that pass have in common. */
  facets(assets: Uint32Array, filter: FilterExpression | null): FacetGroup[] {
    return this.#facets.count({
      assets,
      filter,
      passing: (expression) => this.passing(expression),
      subject: (asset) => this.#library.subject(asset),
      isMeasured: (asset) => this.#library.isMeasured(asset),
      isMissing: (asset) => this.#library.isMissing(asset),
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
