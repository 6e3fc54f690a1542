/** @file Branded strings: ids of different things cannot be mixed up, and cost nothing at run time. */

declare const brand: unique symbol;

/** A string that only {@link brandId} (or a zod schema) may declare to be an id of kind `Kind`. */
export type BrandedId<Kind extends string> = string & { readonly [brand]: Kind };

/** Declares that `value` is an id of the wanted kind; the caller has checked where it comes from. */
export function brandId<Id extends BrandedId<string>>(value: string): Id {
  return value as Id;
}
