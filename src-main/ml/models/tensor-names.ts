/** @file What of a checkpoint tells one kind of model from another. */

/** The names of a checkpoint's tensors, with their shapes. */
export interface TensorNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
  get(name: string): { readonly shape: readonly number[] } | undefined;
}

export function anyName(tensors: TensorNames, matches: (name: string) => boolean): boolean {
  for (const name of tensors.keys()) if (matches(name)) return true;
  return false;
}
