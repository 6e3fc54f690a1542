/**
 * @file Counts what the pictures under a filter have in common.
 *
 * [Note: Facets by code] Every value of every group is a small number, and a picture is the list of its numbers, made when it is first counted
 * and again after it changed. Counting 100,000 pictures is then additions. A picture that fails the filter by one group alone counts in
 * that group, which is what "the group's own choice is left out" means, so one pass over the pictures fills all groups.
 */
import { conditionsOf, conjunctsOf, type FilterExpression } from "#shared/domain/asset-filter";
import { listedValues } from "#shared/domain/asset-filter-edit";
import { filterField, type FilterSubject } from "#shared/domain/asset-filter-fields";
import { colourNamesOf } from "#shared/domain/asset-filter-match";
import { caseKey, literalText, monthText, textTest } from "#shared/domain/asset-filter-values";
import { facetField, facetIds, type FacetGroup, type FacetId, type FacetValue } from "#shared/domain/facet";
import { NumberLists } from "./number-lists";
import type { NumberSet } from "./number-set";

/** Values shown of a group; the others are found by typing. */
const shownValues = 200;

/** Groups that change without the picture's being touched, read afresh every time. */
const liveGroups = ["measured", "missing"] as const;
const keptGroups = facetIds.filter((id) => !liveGroups.some((live) => live === id));

/** The values of a group that a picture has, each once. */
export function facetValuesOf(id: FacetId, subject: FilterSubject): readonly string[] {
  const field = filterField(facetField(id));
  switch (field.kind) {
    case "text":
    case "folder": {
      const texts = field.read(subject);
      return texts.length < 2 ? texts : [...new Map(texts.map((text) => [caseKey(text), text])).values()];
    }
    case "choice": {
      const choice = field.read(subject);
      return choice === null ? [] : [choice];
    }
    case "number":
    case "bytes": {
      const number = field.read(subject);
      return number === null ? [] : [String(number)];
    }
    case "date": {
      const time = field.read(subject);
      return time === null ? [] : [monthText(time)];
    }
    case "colour":
      return colourNamesOf(field.read(subject));
  }
}

interface Conjunct {
  readonly expression: FilterExpression;
  /** The group whose own choice this is; null for a condition on several fields, or on one that no group shows. */
  readonly group: FacetId | null;
  readonly passing: NumberSet;
}

/** Pictures are their numbers. */
export interface FacetQuestion {
  readonly assets: Uint32Array;
  readonly filter: FilterExpression | null;
  /** Pictures that pass an expression. */
  readonly passing: (expression: FilterExpression) => NumberSet;
  readonly subject: (asset: number) => FilterSubject;
  readonly isMeasured: (asset: number) => boolean;
  readonly isMissing: (asset: number) => boolean;
}

/** Remembers the codes of pictures between two counts. */
export class FacetCounter {
  readonly #codes = new NumberLists();
  readonly #codeOf = new Map<FacetId, Map<string, number>>(facetIds.map((id) => [id, new Map<string, number>()]));
  readonly #values: { readonly group: FacetId; readonly value: string }[] = [];

  /** The picture changed, or is gone. */
  forget(asset: number): void {
    this.#codes.delete(asset);
  }

  /** All groups, with values that at least one picture has or that are chosen. */
  count(question: FacetQuestion): FacetGroup[] {
    const conjuncts = conjunctsOf(question.filter).map((expression): Conjunct => {
      return { expression, group: groupOf(expression), passing: question.passing(expression) };
    });
    const counts = this.#countCodes(question, conjuncts);
    const found = new Map<FacetId, Map<string, number>>(facetIds.map((id) => [id, new Map<string, number>()]));
    for (const [code, count] of counts.entries()) {
      const known = this.#values[code];
      if (known !== undefined && count > 0) found.get(known.group)?.set(known.value, count);
    }
    return facetIds.map((id) => facetGroup(id, found.get(id) ?? new Map<string, number>(), conjuncts));
  }

  /** How many pictures count for each code. */
  #countCodes({ assets, subject, isMeasured, isMissing }: FacetQuestion, conjuncts: readonly Conjunct[]): Uint32Array {
    const [measured, unmeasured] = [this.#code("measured", "yes"), this.#code("measured", "no")];
    const [missing, present] = [this.#code("missing", "yes"), this.#code("missing", "no")];
    // All codes are known before the first is counted.
    for (const asset of assets) if (!this.#codes.has(asset)) this.#codes.set(asset, this.#codesOf(subject(asset)));
    const counts = new Uint32Array(this.#values.length);
    const add = (code: number, failed: FacetId | null): void => {
      if (failed === null || this.#values[code]?.group === failed) counts[code] = (counts[code] ?? 0) + 1;
    };
    for (const asset of assets) {
      const failed = failedGroup(asset, conjuncts);
      if (failed === "several") continue;
      this.#codes.visit(asset, (code) => add(code, failed));
      add(isMeasured(asset) ? measured : unmeasured, failed);
      add(isMissing(asset) ? missing : present, failed);
    }
    return counts;
  }

  #codesOf(picture: FilterSubject): number[] {
    return keptGroups.flatMap((group) => facetValuesOf(group, picture).map((value) => this.#code(group, value)));
  }

  #code(group: FacetId, value: string): number {
    const known = this.#codeOf.get(group)?.get(value);
    if (known !== undefined) return known;
    const code = this.#values.push({ group, value }) - 1;
    this.#codeOf.get(group)?.set(value, code);
    return code;
  }
}

/** The one group whose choice a picture fails; "several" also when it fails something that is no group's. */
function failedGroup(asset: number, conjuncts: readonly Conjunct[]): FacetId | null | "several" {
  let failed: FacetId | null = null;
  for (const { group, passing } of conjuncts) {
    if (passing.has(asset)) continue;
    if (group === null || (failed !== null && failed !== group)) return "several";
    failed = group;
  }
  return failed;
}

function groupOf(expression: FilterExpression): FacetId | null {
  const fields = new Set(conditionsOf(expression).map(({ field }) => field));
  return fields.size === 1 ? (facetIds.find((id) => fields.has(facetField(id))) ?? null) : null;
}

/** Ratings and months go from the greatest down, all else from the most frequent. */
const byValue: ReadonlySet<FacetId> = new Set(["rating", "month"]);

function facetGroup(id: FacetId, counts: ReadonlyMap<string, number>, conjuncts: readonly Conjunct[]): FacetGroup {
  const patterns = conjuncts.flatMap(({ expression }) => listedValues(expression, facetField(id)) ?? []);
  const chosen = patterns.map((pattern) => ({ pattern, test: textTest(pattern, false) }));
  const spelled = [...mergeSpellings(counts)];
  const values: FacetValue[] = spelled.map(([value, count]) => ({ value, count, isSelected: chosen.some(({ test }) => test(value)) }));
  for (const { pattern, test } of chosen)
    if (!values.some(({ value }) => test(value))) values.push({ value: literalText(pattern), count: 0, isSelected: true });
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  values.sort((a, b) => (byValue.has(id) ? order(b.value, a.value) : b.count - a.count || order(a.value, b.value)));
  return { id, values: values.filter(({ isSelected }, place) => isSelected || place < shownValues), total: values.length };
}

/** Values that differ in case only are one, shown in the spelling that occurs most. */
function mergeSpellings(counts: ReadonlyMap<string, number>): Iterable<readonly [string, number]> {
  const merged = new Map<string, { readonly value: string; readonly most: number; readonly sum: number }>();
  for (const [value, count] of counts) {
    const known = merged.get(caseKey(value));
    const best = known !== undefined && known.most >= count ? known : { value, most: count };
    merged.set(caseKey(value), { value: best.value, most: best.most, sum: (known?.sum ?? 0) + count });
  }
  return [...merged.values()].map(({ value, sum }) => [value, sum] as const);
}
