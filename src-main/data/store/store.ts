/**
 * @file Opens a library: one folder with tables (LanceDB), short lists (JSON) and content-addressed files.
 *
 * [Note: Killed at any moment] Assets are written before the files that point to them, vectors and features are found missing by asking for
 * them, and every file appears by a rename. So a process may die anywhere; the next one opens what is there and does the rest.
 */
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { RootId } from "#shared/domain/library";
import { isNotFound, toDiskError } from "../../platform/disk-error";
import { createAssetStore, createFileStore, forgetFileRows, openPictureTables } from "./assets-and-files";
import { openJobStore, openModelStore, openRecipeStore, openRootsDocument } from "./catalogue";
import type { Database } from "./database";
import { openDatabase } from "./database";
import { createEmbeddingTables } from "./embedding-tables";
import { createFeatureCache } from "./feature-cache";
import { openIssueTable } from "./issues";
import { assertMayBecomeLibrary, readLibraryFormat, writeLibraryFormat } from "./library-format";
import { LibraryIndex } from "./library-index";
import { acquireLibraryLock } from "./library-lock";
import { createMaintenance } from "./maintenance";
import { currentFormat, migrationPath, migrations } from "./migrations";
import { createOutsideImages } from "./outside-images";
import { createRootStore, setIndexRoots } from "./roots";
import { assetTableDefinition, fileTableDefinition, issueTableDefinition } from "./schema";
import type { Store } from "./store-types";
import type { RenderThumbnail } from "./thumbnails";
import { createThumbnailStore } from "./thumbnails";
import { createWriter } from "./writer";

export type { EmbeddingTable, Store } from "./store-types";

export interface OpenStoreOptions {
  /** Opens without the lock and refuses writes: for a second process. */
  readonly readOnly?: boolean;
  readonly renderThumbnail?: RenderThumbnail;
}

/**
 * Opens the library in the folder `libraryPath`, creating it when it is not there.
 * @throws library/locked naming the process that has it, library/corrupt, library/not-found (read-only), usage/invalid for a folder with other things, disk/*
 */
export async function openStore(libraryPath: string, options: OpenStoreOptions = {}): Promise<Store> {
  const path = resolve(libraryPath);
  const isReadOnly = options.readOnly ?? false;
  const render = options.renderThumbnail ?? renderLazily;
  if (!isReadOnly) await prepareFolder(path);
  const { release, scratch } = isReadOnly ? await temporaryFolder() : { ...(await acquireLibraryLock(path)), scratch: null };
  try {
    return await openLibrary({ path, isReadOnly, render, scratch, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** The imaging library is loaded with the first thumbnail: most commands never need one. */
const renderLazily: RenderThumbnail = async (sourcePath, longSide) => (await import("../imaging/thumbnail")).renderThumbnail(sourcePath, longSide);

/** Where a read-only store puts what it renders; `release` removes it. */
async function temporaryFolder(): Promise<{ scratch: string; release: () => Promise<void> }> {
  const scratch = await mkdtemp(join(tmpdir(), "semblance-"));
  return { scratch, release: () => rm(scratch, { recursive: true, force: true }) };
}

async function prepareFolder(path: string): Promise<void> {
  try {
    const existing = await stat(path).catch((error: unknown) => {
      if (isNotFound(error)) return null;
      throw error;
    });
    if (existing !== null && !existing.isDirectory()) throw appError("usage/invalid", `${path} is a file; a library is a folder.`, { hint: "Choose another place with --library." });
    await mkdir(path, { recursive: true });
  } catch (error) {
    // On a read-only disk a recursive mkdir says that a folder is not there.
    if (isNotFound(error)) throw appError("disk/read-only", `The folder ${path} cannot be made: its disk is read-only or not there.`, { hint: "Choose another place with --library.", cause: error });
    throw toDiskError(error, path);
  }
  if ((await readLibraryFormat(path)) === null) await assertMayBecomeLibrary(path);
}

/** @throws library/not-found or library/read-only when a library in this format cannot be opened without writing */
function assertReadable(path: string, format: number | null): void {
  if (format === null) throw appError("library/not-found", `There is no library at ${path}.`, { hint: "Add a folder first, or name another library with --library." });
  if (format < currentFormat) throw appError("library/read-only", `The library at ${path} has an older format and must be brought up to date first.`, { hint: "Open it once without --read-only." });
}

/** Makes the tables of a new library, or brings those of an older one up to date. The format file comes last, see library-format.ts. */
async function prepareTables({ libraryPath, connection, ensureTable }: Database, format: number | null): Promise<void> {
  if (format === currentFormat) return;
  if (format === null) {
    for (const definition of [assetTableDefinition, fileTableDefinition, issueTableDefinition]) await ensureTable(definition);
  } else {
    for (const step of migrationPath(format, currentFormat, migrations)) await step.run({ libraryPath, connection });
  }
  await writeLibraryFormat(libraryPath);
}

interface OpenLibraryOptions {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly render: RenderThumbnail;
  /** Folder for what a read-only store renders. */
  readonly scratch: string | null;
  readonly release: () => Promise<void>;
}

async function openLibrary({ path, isReadOnly, render, scratch, release }: OpenLibraryOptions): Promise<Store> {
  const format = await readLibraryFormat(path);
  if (isReadOnly) assertReadable(path, format);
  const database = await openDatabase(path, isReadOnly);
  await prepareTables(database, format);

  const maintenance = createMaintenance();
  const writer = createWriter({ libraryPath: path, isReadOnly, afterWrite: () => maintenance.afterWrite() });
  maintenance.attach(writer);

  const rootsDocument = await openRootsDocument(path);
  const [recipes, jobs, models] = await Promise.all([openRecipeStore(path, writer), openJobStore(path, writer), openModelStore(path, writer)]);
  const index = new LibraryIndex((id) => embeddings.isMeasured(id));
  await setIndexRoots(rootsDocument, index);
  const tables = await openPictureTables(database, index);
  await setIndexRoots(rootsDocument, index); // Again: only now it is known which roots should hold files.
  const issues = await openIssueTable(database, writer);
  const embeddings = await createEmbeddingTables({ database, writer, maintenance, idsInFolder: (folder) => index.ids({ folder, text: null }) });
  for (const keyed of [tables.assets, tables.files, issues.keyed]) maintenance.watch(keyed);

  const features = createFeatureCache(join(path, "features"), writer);
  const ownThumbnails = join(path, "thumbnails");
  const thumbnails = createThumbnailStore({ folder: ownThumbnails, writableFolder: scratch === null ? ownThumbnails : join(scratch, "thumbnails"), render });

  const pictureOptions = {
    tables,
    index,
    writer,
    measuredWith: (id: AssetId) => recipes.list().flatMap((recipe) => (embeddings.has(recipe.id, id) ? [{ metric: recipe.metric, model: recipe.modelName, recipeId: recipe.id }] : [])),
    dropDerived: async (ids: readonly AssetId[]) => {
      await embeddings.removeAssets(ids);
      await features.removeAssets(ids);
      await thumbnails.removeAssets(ids);
    },
  };
  const assets = createAssetStore(pictureOptions);
  const forgetFiles = async (rootId: RootId): Promise<number> => {
    const paths = index.filesOfRoot(rootId).map((file) => file.path);
    await writer.write(async () => {
      await forgetFileRows(tables, index, paths);
      await issues.forgetRoot(rootId);
    });
    await assets.removeOrphans();
    return paths.length;
  };
  const store: Store = {
    libraryPath: path,
    isReadOnly,
    roots: createRootStore({ document: rootsDocument, index, writer, libraryPath: path, forgetFiles }),
    files: createFileStore(pictureOptions),
    assets,
    issues: issues.store,
    recipes,
    jobs,
    models,
    features,
    thumbnails,
    outside: createOutsideImages(join(scratch ?? path, "outside")),
    embeddings: (recipeId, dimension) => embeddings.open(recipeId, dimension),
    findEmbeddings: (recipeId) => embeddings.find(recipeId),
    optimise: () => maintenance.optimise(),
    async close() {
      maintenance.stop();
      await writer.close();
      database.close();
      await release();
    },
  };
  if (!isReadOnly) await forgetUnknownRoots(index, forgetFiles);
  return store;
}

/** Finishes the removal of roots that was cut short. */
async function forgetUnknownRoots(index: LibraryIndex, forgetFiles: (rootId: RootId) => Promise<number>): Promise<void> {
  for (const rootId of index.rootsOfFiles()) {
    if (!index.hasRoot(rootId)) await forgetFiles(rootId);
  }
}
