/**
 * @file What pictures say about themselves, one row per content, and the texts themselves in compressed files of their own.
 *
 * [Note: Metadata loads after the library] Opening reads only which pictures are described. The rows follow when somebody asks for them, in
 * batches, so that neither the first grid nor a command that needs none of it waits for a hundred thousand prompts.
 */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import type { AssetId } from "#shared/domain/asset";
import type { FileAccount } from "#shared/domain/asset-filter-fields";
import type { AssetMetadata, PaletteColour } from "#shared/domain/asset-metadata";
import { writeFileAtomic } from "../../platform/atomic-file";
import { contentPath, removeContent } from "./content-path";
import { corruptLibrary } from "./corrupt-library";
import type { Database } from "./database";
import { toColumns } from "./database";
import { keyNumbers, readRows, type KeyedTable } from "./keyed-table";
import { KeySet } from "./library-keys";
import { createTextSharing, fromCells, packMetadata, toCells, unpackMetadata, unpackPalette, type PackedMetadata } from "./metadata-row";
import { metadataTableDefinition } from "./schema";
import type { MetadataStore } from "./store-types";
import type { Writer } from "./writer";

/** Raise it when the readers understand more than before: pictures described by an older version are described again. */
const readersVersion = 1;

const extension = ".json.gz";
/** A bound for files that were tampered with; texts are bounded when they are read from a picture. */
const maxRawBytes = 256 << 20;
const rawSchema = z.record(z.string(), z.string());
const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

const cellColumns = ["id", "json", "palette", "phash"];

export interface MetadataTable {
  /** null in a read-only library that was never described. */
  readonly keyed: KeyedTable | null;
  readonly store: MetadataStore;
  /** Parts of what is held in memory of a picture, by its number, made of nothing new: a filter looks at 100,000 of them. */
  account(asset: number): FileAccount | null;
  palette(asset: number): readonly PaletteColour[];
  /** Ends a load that is going on. */
  close(): void;
}

interface MetadataTableOptions {
  readonly database: Database;
  readonly writer: Writer;
  /** Where the texts lie. */
  readonly folder: string;
  /** Told after a change is on disk. */
  readonly onChange: (ids: readonly AssetId[]) => void;
}

/** Opens the table, which a library of an earlier version lacks: it is then made, or read as empty where nothing may be written. @throws library/corrupt */
export async function openMetadataTable({ database, writer, folder, onChange }: MetadataTableOptions): Promise<MetadataTable> {
  const { described, table } = await openKeyed(database);
  const held = createHeldMetadata(database, table);
  let revision = 0;

  const store: MetadataStore = {
    get revision() {
      return revision;
    },
    ready: () => held.ready(),
    has: (id) => described.has(id),
    missing: (ids) => [...new Set(ids)].filter((id) => !described.has(id)),
    get: (id) => held.get(id),
    entries: () => held.entries(),
    read: (id) => held.read(id),
    async upsert(batch) {
      if (batch.length === 0) return;
      writer.assertWritable();
      // Texts before rows: a row is the sign that everything of the picture is there.
      for (const { id, raw } of batch) {
        if (Object.keys(raw).length > 0) await writeFileAtomic(contentPath(folder, id, extension), await compress(JSON.stringify(raw)));
      }
      await writer.write(async () => {
        await table?.upsert(batch.map(({ id, metadata }) => ({ id, version: readersVersion, ...toCells(metadata) })));
        for (const { id, metadata } of batch) {
          described.add(id);
          held.put(id, metadata);
        }
        revision += 1;
        onChange(batch.map(({ id }) => id));
      });
    },
    async raw(id) {
      try {
        return rawSchema.parse(
          JSON.parse((await decompress(await readFile(contentPath(folder, id, extension)), { maxOutputLength: maxRawBytes })).toString()),
        );
      } catch {
        // Never written, or damaged: the texts are still in the picture.
        return null;
      }
    },
    async removeAssets(ids) {
      const known = [...ids].filter((id) => table?.keys.has(id) === true);
      if (known.length === 0) return;
      await writer.write(async () => {
        await table?.remove(known);
        for (const id of known) {
          described.delete(id);
          held.drop(id);
        }
        revision += 1;
        onChange(known);
      });
      await removeContent([folder], known, extension);
    },
  };
  return { keyed: table, store, account: held.account, palette: held.palette, close: () => held.close() };
}

interface OpenedTable {
  readonly table: KeyedTable | null;
  /** Pictures that this version of the readers has described. */
  readonly described: KeySet;
}

async function openKeyed(database: Database): Promise<OpenedTable> {
  const { name } = metadataTableDefinition;
  const described = new KeySet(database.keys.id);
  if (!database.isReadOnly) await database.ensureTable(metadataTableDefinition);
  else if (!(await database.tableNames()).includes(name)) return { table: null, described };
  const table = await database.openTable(metadataTableDefinition, {
    columns: ["version"],
    take(batch, numbers) {
      const versions = batch.getChild("version");
      for (const [row, asset] of numbers.entries()) if (Number(versions?.get(row)) >= readersVersion) described.addNumber(asset);
    },
    drop: (asset) => described.delete(database.keys.id.textAt(asset)),
  });
  return { table, described };
}

/** The rows in memory, once they were asked for. */
function createHeldMetadata(database: Database, keyed: KeyedTable | null) {
  const numbers = database.keys.id;
  const packed = new Map<number, PackedMetadata>();
  const share = createTextSharing();
  let loading: Promise<void> | null = null;
  let isClosed = false;

  async function load(table: KeyedTable): Promise<void> {
    try {
      for await (const batch of table.table.query().select(cellColumns)) {
        if (isClosed) return;
        const [json, palettes, hashes] = ["json", "palette", "phash"].map((name) => batch.getChild(name));
        for (const [row, asset] of keyNumbers(numbers, batch, "id").entries()) {
          const cells = { json: String(json?.get(row)), palette: String(palettes?.get(row)), phash: String(hashes?.get(row)) };
          // What was written or removed since the load began is newer than what it reads.
          const found = packed.has(asset) || !table.keys.hasNumber(asset) ? null : fromCells(cells, share);
          if (found !== null) packed.set(asset, found);
        }
      }
    } catch (error) {
      if (!isClosed) throw corruptLibrary(database.libraryPath, `table ${table.definition.name} is damaged`, error);
    }
  }

  const ready = (): Promise<void> => (loading ??= keyed === null ? Promise.resolve() : load(keyed));
  const begin = (): void => void ready().catch(() => undefined);

  return {
    ready,
    get(id: AssetId): AssetMetadata | null {
      begin();
      const found = packed.get(numbers.numberOf(id));
      return found === undefined ? null : unpackMetadata(found);
    },
    account: (asset: number): FileAccount | null => packed.get(asset)?.account ?? null,
    palette: (asset: number): readonly PaletteColour[] => unpackPalette(packed.get(asset)?.palette ?? ""),
    *entries(): Generator<readonly [AssetId, AssetMetadata]> {
      begin();
      for (const [asset, found] of packed) yield [numbers.textAt(asset), unpackMetadata(found)];
    },
    async read(id: AssetId): Promise<AssetMetadata | null> {
      const held = packed.get(numbers.numberOf(id));
      if (held !== undefined) return unpackMetadata(held);
      if (keyed === null || !keyed.keys.has(id)) return null;
      for await (const rows of readRows(keyed, [id], cellColumns)) {
        const column = toColumns(rows);
        const cell = (name: string): string => String(column(name)[0] ?? "");
        const found = rows.numRows === 0 ? null : fromCells({ json: cell("json"), palette: cell("palette"), phash: cell("phash") }, share);
        if (found !== null) return unpackMetadata(found);
      }
      return null;
    },
    put: (id: AssetId, metadata: AssetMetadata) => void packed.set(numbers.add(id), packMetadata(metadata)),
    drop: (id: AssetId) => void packed.delete(numbers.numberOf(id)),
    close() {
      isClosed = true;
    },
  };
}
