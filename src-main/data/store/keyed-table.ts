/**
 * @file A LanceDB table with a key that is really unique.
 *
 * The set of keys is kept in memory: new rows are appended (cheap), known ones are merged. Both are needed because a merge
 * rewrites and an append never checks. Only the writer's queue may call the methods that change the table.
 */
import type { Connection, Table } from "@lancedb/lancedb";
import { Index } from "@lancedb/lancedb";
import { defined } from "#shared/lib/assert";
import type { RecordBatch, Table as ArrowTable } from "./arrow";
import type { KeySet, Numbering } from "./library-keys";
import type { Row, TableDefinition } from "./schema";
import { toArrowTable } from "./schema";
import { sqlIn } from "./sql";

/** Keys per SQL statement: below the length where parsing costs more than the query. */
const keysPerStatement = 5_000;
/** From here on a scalar index on the key pays for itself. */
const keyIndexRows = 2_000;
/** Versions younger than this stay, for readers that have just begun; less than the quiet time, so that a quiet library is compact. */
const keepVersionsMs = 15_000;
/** Appends leave one small fragment each; compact when this many came together and make up half of the table, or at the upper bound. */
const compactAfterCommits = 64;
const compactAtLatestAfterCommits = 512;

export interface KeyedTable {
  readonly definition: TableDefinition;
  readonly table: Table;
  /** Keys that are in the table. */
  readonly keys: Pick<KeySet, "has" | "hasNumber" | "size" | typeof Symbol.iterator>;
  /** Adds or replaces rows; of rows with an equal key the last one counts. */
  upsert(rows: readonly Row[]): Promise<void>;
  remove(keys: Iterable<string>): Promise<void>;
  /** Changes columns of all rows that pass a condition, keys included, in one commit: all of them or none. */
  rewrite(change: RowRewrite): Promise<void>;
  /** Compacts and drops old versions when `isForced` or when enough small writes came together; true when it did. */
  optimise(isForced: boolean): Promise<boolean>;
}

export interface RowRewrite {
  /** SQL condition. */
  readonly where: string;
  /** SQL expression per column. */
  readonly values: Readonly<Record<string, string>>;
}

/** Creates an empty table with its key declared. One that is there stays as it is: creating a library may be killed between two tables. */
export async function createTable(connection: Connection, definition: TableDefinition): Promise<void> {
  if ((await connection.tableNames({ limit: 100_000 })).includes(definition.name)) return;
  const table = await connection.createEmptyTable(definition.name, definition.schema);
  await table.setUnenforcedPrimaryKey(definition.key);
}

/** All rows of some columns, batch by batch: a whole table at once would be in memory twice over. */
export function readBatches(table: Table, columns: readonly string[]): AsyncIterable<RecordBatch> {
  return table.query().select([...columns]);
}

/** The numbers of the keys of a batch. */
export function keyNumbers(numbering: Numbering, batch: RecordBatch, column: string): Int32Array {
  return numbering.addColumn(defined(batch.getChild(column), "a column that was asked for"));
}

function* chunks<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

/** Rows by key, read in statements of bounded length. Unknown keys are left out. */
export async function* readRows(
  keyed: Pick<KeyedTable, "table" | "definition">,
  keys: readonly string[],
  columns: readonly string[],
): AsyncGenerator<ArrowTable> {
  for (const part of chunks(keys, keysPerStatement)) {
    yield await keyed.table
      .query()
      .where(sqlIn(keyed.definition.key, part))
      .select([...columns])
      .toArrow();
  }
}

/** Wraps an open table whose `keys` have been read; they are the table's own from now on. */
export function keyedTable(table: Table, definition: TableDefinition, keys: KeySet): KeyedTable {
  let commits = 0;
  let rowsWritten = 0;
  let areKeysStale = false;

  const committed = (rows: number) => {
    commits += 1;
    rowsWritten += rows;
  };

  const readKeys = async () => {
    const present: Int32Array[] = [];
    for await (const batch of readBatches(table, [definition.key])) present.push(keyNumbers(keys.numbering, batch, definition.key));
    // At once, since searches ask meanwhile.
    keys.clear();
    for (const numbers of present) for (const number of numbers) keys.addNumber(number);
    areKeysStale = false;
  };

  /** A write that failed may have been committed all the same (the disk filled up just after), so its keys are read again. */
  const change = async (work: () => Promise<void>) => {
    if (areKeysStale) await readKeys();
    try {
      await work();
    } catch (error) {
      areKeysStale = true;
      throw error;
    }
  };

  return {
    definition,
    table,
    keys,
    upsert: (rows) =>
      change(async () => {
        const latest = new Map(rows.map((row) => [String(row[definition.key]), row]));
        const added = [...latest].filter(([key]) => !keys.has(key)).map(([, row]) => row);
        const replaced = [...latest].filter(([key]) => keys.has(key)).map(([, row]) => row);
        if (added.length > 0) {
          // Before the rows are written: what is no key is refused here.
          const numbers = added.map((row) => keys.numbering.add(String(row[definition.key])));
          await table.add(toArrowTable(definition.schema, added));
          for (const number of numbers) keys.addNumber(number);
          committed(added.length);
        }
        if (replaced.length > 0) {
          const merge = table.mergeInsert(definition.key).whenMatchedUpdateAll().whenNotMatchedInsertAll().useIndex(false);
          await merge.execute(toArrowTable(definition.schema, replaced));
          committed(replaced.length);
        }
      }),
    remove: (removed) =>
      change(async () => {
        const known = [...new Set(removed)].filter((key) => keys.has(key));
        for (const part of chunks(known, keysPerStatement)) {
          await table.delete(sqlIn(definition.key, part));
          for (const key of part) keys.delete(key);
          committed(part.length);
        }
      }),
    rewrite: ({ where, values }) =>
      change(async () => {
        const { rowsUpdated } = await table.update({ where, valuesSql: { ...values } });
        await readKeys();
        committed(rowsUpdated);
      }),
    async optimise(isForced) {
      const isDue = commits >= compactAtLatestAfterCommits || (commits >= compactAfterCommits && rowsWritten * 2 >= keys.size);
      if (commits === 0 || !(isForced || isDue)) return false;
      commits = 0;
      rowsWritten = 0;
      if (keys.size >= keyIndexRows) await ensureKeyIndex(table, definition.key);
      await table.optimize({ cleanupOlderThan: new Date(Date.now() - keepVersionsMs) });
      return true;
    },
  };
}

async function ensureKeyIndex(table: Table, key: string): Promise<void> {
  const indices = await table.listIndices();
  if (!indices.some((index) => index.columns.includes(key))) await table.createIndex(key, { config: Index.btree() });
}
