/** @file How a library of an older format becomes one of the current format. */
import type { Connection } from "@lancedb/lancedb";

/** Format that this program writes. Raise it together with a row in `migrations`. */
export const currentFormat = 1;

export interface MigrationContext {
  readonly libraryPath: string;
  readonly connection: Connection;
}

/** Brings a library from `from` to `from + 1`. It may be killed at any moment and is then run again from its start. */
export interface Migration {
  readonly from: number;
  run(context: MigrationContext): Promise<void>;
}

/** Empty while there is one format. */
export const migrations: readonly Migration[] = [];

/** The steps from `format` to `target` in order. @throws when a step is missing, which a test prevents */
export function migrationPath(format: number, target: number, known: readonly Migration[]): readonly Migration[] {
  const path: Migration[] = [];
  for (let from = format; from < target; from += 1) {
    const step = known.find((migration) => migration.from === from);
    if (step === undefined) throw new Error(`No migration leads from library format ${from} to ${from + 1}`);
    path.push(step);
  }
  return path;
}
