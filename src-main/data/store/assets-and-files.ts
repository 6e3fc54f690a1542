/** @file The two tables of pictures and of the places where they lie, with the index in memory that answers for them. */
import { resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { Annotation } from "#shared/domain/annotation";
import type { AssetDetail, AssetId, ImageFormat } from "#shared/domain/asset";
import { imageFormats } from "#shared/domain/asset";
import type { RootId } from "#shared/domain/library";
import { assert } from "#shared/lib/assert";
import type { RecordBatch } from "./arrow";
import type { Database } from "./database";
import { toColumns } from "./database";
import { keyNumbers, type KeyedTable } from "./keyed-table";
import type { LibraryIndex } from "./library-index";
import { createPictures, type Pictures } from "./pictures";
import { assetTableDefinition, fileTableDefinition, type TableDefinition } from "./schema";
import type { AssetFilter, AssetRecord, AssetStore, FileStore } from "./store-types";
import type { Writer } from "./writer";

export interface PictureTables {
  readonly assets: KeyedTable;
  readonly files: KeyedTable;
}

export interface PictureStoreOptions {
  readonly tables: PictureTables;
  readonly index: LibraryIndex;
  readonly writer: Writer;
  /** What a person said about an asset. */
  readonly annotation: (id: AssetId) => Annotation;
  /** Settles when what pictures say about themselves is in memory. */
  readonly described: () => Promise<void>;
  /** What was measured of an asset. */
  readonly measuredWith: (id: AssetId) => AssetDetail["measuredWith"];
  /** Drops vectors, features and thumbnails of assets; runs outside the writer's queue. */
  readonly dropDerived: (ids: readonly AssetId[]) => Promise<void>;
}

/** Opens both tables and reads what is in them. @throws library/corrupt */
export async function openPictureTables(database: Database): Promise<{ readonly tables: PictureTables; readonly pictures: Pictures }> {
  const names = (definition: TableDefinition) => definition.schema.fields.map((field) => field.name);
  const pictures = createPictures(database.keys);
  const assets = await database.openTable(assetTableDefinition, {
    columns: names(assetTableDefinition),
    take: (batch, numbers) => takeAssets(batch, numbers, pictures),
    drop: (asset) => pictures.assets.remove(asset),
  });
  const files = await database.openTable(fileTableDefinition, {
    columns: names(fileTableDefinition),
    take: (batch, numbers) => takeFiles(batch, numbers, pictures),
    drop: (file) => pictures.files.remove(file),
  });
  return { tables: { assets, files }, pictures };
}

function takeAssets(rows: RecordBatch, numbers: Int32Array, { assets }: Pictures): void {
  const column = toColumns(rows);
  const [widths, heights, formats] = [column("width"), column("height"), column("format")];
  for (const [row, asset] of numbers.entries()) {
    const format = formats[row] as ImageFormat;
    if (imageFormats.includes(format)) assets.put(asset, { width: Number(widths[row]), height: Number(heights[row]), format });
  }
}

function takeFiles(rows: RecordBatch, numbers: Int32Array, { keys, assets, files }: Pictures): void {
  const column = toColumns(rows);
  const [rootIds, sizes, times] = [column("rootId"), column("sizeBytes"), column("mtimeMs")];
  const assetNumbers = keyNumbers(keys.id, rows, "assetId");
  for (const [row, file] of numbers.entries()) {
    const asset = assetNumbers[row] ?? -1;
    // A file whose asset is not there is as good as unknown: the next scan looks at it again.
    if (asset >= 0 && !assets.has(asset)) continue;
    files.remove(file);
    const record = { rootId: rootIds[row] as RootId, sizeBytes: Number(sizes[row]), mtimeMs: Number(times[row]) };
    files.add(file, asset >= 0 ? asset : null, record);
  }
}

/** Removes file rows, then the index's knowledge of them. Runs inside the writer's queue. */
export async function forgetFileRows(tables: PictureTables, index: LibraryIndex, paths: readonly string[]): Promise<void> {
  await tables.files.remove(paths);
  for (const path of paths) index.removeFile(path);
}

export function createFileStore(options: PictureStoreOptions): FileStore {
  const { tables, index, writer } = options;
  return {
    byRoot: (rootId) => index.filesOfRoot(rootId),
    get: (path) => index.file(path),
    count: (rootId) => index.fileCount(rootId),
    async upsert(batch) {
      if (batch.length === 0) return;
      await writer.write(async () => {
        for (const { path, rootId, assetId } of batch) {
          if (!index.hasRoot(rootId)) throw appError("root/not-found", `${path} belongs to a folder that was removed from the library.`);
          assert(assetId === null || index.asset(assetId) !== null, `the asset of ${path} is stored before its file`);
        }
        await tables.files.upsert(
          batch.map(({ path, rootId, assetId, sizeBytes, mtimeMs }) => ({ path, rootId, assetId, sizeBytes, mtimeMs })),
        );
        for (const record of batch) index.putFile(record);
      });
    },
    async remove(paths) {
      const known = [...paths].filter((path) => index.file(path) !== null);
      if (known.length > 0) await writer.write(() => forgetFileRows(tables, index, known));
    },
  };
}

const everything: AssetFilter = { folder: null, text: null };
const normalised = <Filter extends AssetFilter>(filter: Filter): Filter =>
  filter.folder === null ? filter : { ...filter, folder: resolve(filter.folder) };

export function createAssetStore(options: PictureStoreOptions): AssetStore {
  const { tables, index, writer, annotation, described, measuredWith, dropDerived } = options;
  return {
    has: (id) => index.asset(id) !== null,
    summary: (id) => index.summary(id),
    page: (request) => index.page(normalised(request)),
    folders: () => index.folders(),
    ids: (filter = everything) => index.ids({ ...normalised(filter), where: null }),
    described,
    async facets(selection) {
      await described();
      return index.facets(normalised(selection));
    },
    async matching(selection) {
      await described();
      return index.ids(normalised(selection));
    },
    count: () => index.assetCount,
    get(id) {
      const summary = index.summary(id);
      if (summary === null) return null;
      const files = index
        .filesOfAsset(id)
        .map(({ path, rootId, sizeBytes, mtimeMs }) => ({ path, rootId, sizeBytes, modifiedMs: mtimeMs }));
      return { ...summary, files, measuredWith: measuredWith(id), annotation: annotation(id) };
    },
    async upsert(batch) {
      const changed = batch.filter((asset) => !isEqualAsset(index.asset(asset.id), asset));
      if (changed.length === 0) return;
      await writer.write(async () => {
        await tables.assets.upsert(changed.map(({ id, width, height, format }) => ({ id, width, height, format })));
        for (const asset of changed) index.putAsset(asset);
      });
    },
    async removeOrphans() {
      const orphans = index.orphans();
      if (orphans.length === 0) return [];
      await dropDerived(orphans);
      return writer.write(async () => {
        // Looked at again in the queue: a file may have found one of them meanwhile.
        const dropped = new Set(orphans);
        const removed = index.orphans().filter((id) => dropped.has(id));
        await tables.assets.remove(removed);
        for (const id of removed) index.removeAsset(id);
        return removed;
      });
    },
  };
}

function isEqualAsset(known: AssetRecord | null, asset: AssetRecord): boolean {
  return known !== null && known.width === asset.width && known.height === asset.height && known.format === asset.format;
}
