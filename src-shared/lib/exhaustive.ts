/** @file The default branch of a switch over a closed union. */

/** Fails to compile when a case of the union is missing; throws if one arrives at run time all the same. */
export function exhaustive(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
