/** @file Which part of the library is searched: a folder, a filter, both or neither. Pure. */

/** `folder` is a path and what lies below it, `where` a filter of docs/filter-expressions.md; null: no limit. */
export interface SearchScope {
  readonly folder: string | null;
  readonly where: string | null;
}

export const wholeLibrary: SearchScope = { folder: null, where: null };

export function isSameScope(one: SearchScope, other: SearchScope): boolean {
  return one.folder === other.folder && one.where === other.where;
}

/** Whether all that `limits` asks for is asked for by `scope`. */
export function isLimitedBy(scope: SearchScope, limits: SearchScope): boolean {
  return isSameScope(scope, limitedBy(scope, limits));
}

/** `scope` with what `limits` asks for in place of its own. */
export function limitedBy(scope: SearchScope, limits: SearchScope): SearchScope {
  return { folder: limits.folder ?? scope.folder, where: limits.where ?? scope.where };
}

/** `scope` without what `limits` asks for; what `limits` leaves open stays. */
export function freedFrom(scope: SearchScope, limits: SearchScope): SearchScope {
  return { folder: limits.folder === null ? scope.folder : null, where: limits.where === null ? scope.where : null };
}
