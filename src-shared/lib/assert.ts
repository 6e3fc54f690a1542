/** @file Assertions for what the program itself promises; input errors are AppErrors instead. */

/** Throws when a promise of the program does not hold. Never for user input. */
export function assert(condition: unknown, promise: string): asserts condition {
  if (!condition) throw new Error(`Broken promise: ${promise}`);
}

/** Returns `value`, or throws when it is null or undefined although the program promises it is there. */
export function defined<T>(value: T | null | undefined, promise: string): T {
  assert(value !== null && value !== undefined, promise);
  return value;
}
