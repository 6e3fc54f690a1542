/** @file Opens the tables of a library and reads their keys, so that damage shows at once and not in the middle of a search. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "@lancedb/lancedb";
import { connect, Session } from "@lancedb/lancedb";
import type { RecordBatch, Table as ArrowTable } from "./arrow";
import { listNames } from "./content-path";
import { corruptLibrary } from "./corrupt-library";
import type { KeyedTable } from "./keyed-table";
import { createTable, keyedTable, keyNumbers, readBatches } from "./keyed-table";
import { createLibraryKeys, KeySet, type LibraryKeys } from "./library-keys";
import { NumberSet } from "./number-set";
import type { TableDefinition } from "./schema";
import { toDiskError } from "../../platform/disk-error";

/** LanceDB would take gigabytes; this holds the index of some hundred thousand vectors and leaves memory to the models. */
const indexCacheBytes = 256n << 20n;
const metadataCacheBytes = 64n << 20n;

export interface Database {
  readonly connection: Connection;
  readonly libraryPath: string;
  readonly isReadOnly: boolean;
  /** What the keys of all tables are numbered by. */
  readonly keys: LibraryKeys;
  /** Tables that were made completely. */
  tableNames(): Promise<readonly string[]>;
  /** Creates what is not there yet. @throws disk/* */
  ensureTable(definition: TableDefinition): Promise<void>;
  /** Opens a table and reads its keys, and what `rows` asks for on the way. @throws library/corrupt */
  openTable(definition: TableDefinition, rows?: RowReader): Promise<KeyedTable>;
  close(): void;
}

/** What is read of all rows of a table while it is opened. */
export interface RowReader {
  readonly columns: readonly string[];
  /** `numbers` are those of the keys, row by row. */
  take(batch: RecordBatch, numbers: Int32Array): void;
  /** What was taken of a row does not count: its key, whose number this is, was there more than once, and the table has dropped it. */
  drop(number: number): void;
}

/** Connects to the tables below `libraryPath`. A read-only database sees what the writing process commits. */
export async function openDatabase(libraryPath: string, isReadOnly: boolean): Promise<Database> {
  const session = new Session(indexCacheBytes, metadataCacheBytes);
  const connection = await connect(join(libraryPath, "tables"), isReadOnly ? { readConsistencyInterval: 0 } : {}, session);

  const keys = createLibraryKeys();

  return {
    connection,
    libraryPath,
    isReadOnly,
    keys,
    async tableNames() {
      const finished: string[] = [];
      for (const name of await connection.tableNames({ limit: 100_000 })) {
        if (!(await isUnfinished(tableFolder(libraryPath, name)))) finished.push(name);
      }
      return finished;
    },
    async ensureTable(definition) {
      try {
        const folder = tableFolder(libraryPath, definition.name);
        if (await isUnfinished(folder)) await rm(folder, { recursive: true, force: true });
        await createTable(connection, definition);
      } catch (error) {
        throw toDiskError(error, libraryPath);
      }
    },
    async openTable(definition, rows) {
      try {
        const table = await connection.openTable(definition.name);
        const { fields } = await table.schema();
        const expected = definition.schema.fields.map((field) => `${field.name} ${String(field.type)}`).join(", ");
        const found = fields.map((field) => `${field.name} ${String(field.type)}`).join(", ");
        if (found !== expected) throw new Error(`columns are ${found}, expected ${expected}`);
        const present = new KeySet(keys[definition.key]);
        const doubled = new NumberSet();
        for await (const batch of readBatches(table, [...new Set([definition.key, ...(rows?.columns ?? [])])])) {
          const numbers = keyNumbers(present.numbering, batch, definition.key);
          for (const number of numbers) if (!present.addNumber(number)) doubled.add(number);
          rows?.take(batch, numbers);
        }
        const keyed = keyedTable(table, definition, present);
        // Belt and braces: the writer never makes a key twice, but a table that has one would answer every search doubly.
        if (!isReadOnly) {
          await keyed.remove(Array.from(doubled, (number) => present.numbering.textAt(number)));
          for (const number of doubled) rows?.drop(number);
        }
        return keyed;
      } catch (error) {
        throw corruptLibrary(libraryPath, `table ${definition.name} is damaged`, error);
      }
    },
    close: () => connection.close(),
  };
}

const tableFolder = (libraryPath: string, name: string): string => join(libraryPath, "tables", `${name}.lance`);

/** The disk was full or the process killed while the table was made: no version of it was ever committed, and no row written. */
async function isUnfinished(folder: string): Promise<boolean> {
  const versions = await listNames(join(folder, "_versions"));
  return !versions.some((name) => name.endsWith(".manifest")) && (await listNames(join(folder, "data"))).length === 0;
}

/** The columns of Arrow rows as plain arrays, each made when it is first asked for: an order of magnitude faster than asking for rows. */
export function toColumns(rows: ArrowTable | RecordBatch): (name: string) => readonly unknown[] {
  const columns = new Map<string, readonly unknown[]>();
  return (name) => {
    const column = columns.get(name) ?? (Array.from(rows.getChild(name) ?? []) as unknown[]);
    columns.set(name, column);
    return column;
  };
}
