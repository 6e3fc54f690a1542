/** @file The only place where SQL text is made. Values become literals here and nowhere else. */

/**
 * A string literal. The engine below knows no escapes but the doubled quote: a backslash is itself.
 * A NUL cannot be part of a path or an id, and would end the text early in native code.
 */
export function sqlString(value: string): string {
  if (value.includes("\0")) throw new Error("A NUL character cannot be part of a query");
  return `'${value.replaceAll("'", "''")}'`;
}

/** `column IN ('a', 'b')`. `column` is a name from our own schema, never input. */
export function sqlIn(column: string, values: Iterable<string>): string {
  return `${column} IN (${Array.from(values, sqlString).join(", ")})`;
}
