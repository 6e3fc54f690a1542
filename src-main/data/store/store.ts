/**
 * @file Opens a library: one folder with tables (LanceDB), short lists (JSON) and content-addressed files.
 *
 * [Note: Killed at any moment] Assets are written before the files that point to them, vectors and features are found missing by asking for
 * them, and every file appears by a rename. So a process may die anywhere; the next one opens what is there and does the rest.
 */
import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { RootId } from "#shared/domain/library";
import { openAnnotationTable } from "./annotation-table";
import type { PictureStoreOptions } from "./assets-and-files";
import { createBenchmarkStore } from "./benchmarks";
import { createAssetStore, createFileStore, forgetFileRows, openPictureTables } from "./assets-and-files";
import { openDuplicateDecisions } from "./duplicate-decisions";
import { openJobStore, openModelStore, openRecipeStore, openRootsDocument } from "./catalogue";
import { removeStaleTemporaryFiles } from "./content-path";
import type { Database } from "./database";
import { openDatabase } from "./database";
import { createEmbeddingTables } from "./embedding-tables";
import { createFeatureCache } from "./feature-cache";
import { openFeatureRecords } from "./feature-records";
import { openFileActs } from "./file-acts";
import { openIssueTable } from "./issues";
import { assertReadable, prepareLibraryFolder, prepareTables, temporaryFolder } from "./library-folder";
import { readLibraryFormat } from "./library-format";
import { LibraryIndex } from "./library-index";
import { acquireLibraryLock } from "./library-lock";
import { createMaintenance } from "./maintenance";
import { createMaskStore } from "./masks";
import { openMetadataTable } from "./metadata-table";
import { createOutsideImages } from "./outside-images";
import { openReferenceBoards } from "./reference-boards";
import type { RootMove } from "./root-move";
import { rowsOfMove } from "./root-move";
import { createRootStore, finishMoves, setIndexRoots } from "./roots";
import type { Store } from "./store-types";
import type { RenderThumbnail } from "./thumbnails";
import { createThumbnailStore } from "./thumbnails";
import { openVerdictStore } from "./verdicts";
import { createWriter } from "./writer";

export type { EmbeddingTable, Store } from "./store-types";

export interface OpenStoreOptions {
  /** Opens without the lock and refuses writes: for a second process. */
  readonly readOnly?: boolean;
  readonly renderThumbnail?: RenderThumbnail;
  /** Space for attention features; the least used are dropped beyond it. */
  readonly featureCacheBytes?: number;
}

const contentFolders = [
  "features",
  "thumbnails",
  "outside",
  "viewing",
  "tokens",
  "yardsticks",
  "benchmarks",
  "masks",
  "raw-metadata",
  "snapshots",
  "retrieval",
  "verdicts",
] as const;

/**
 * Opens the library in the folder `libraryPath`, creating it when it is not there.
 * @throws library/locked naming the process that has it, library/corrupt, library/not-found (read-only), usage/invalid for a folder with other things, disk/*
 */
export async function openStore(libraryPath: string, options: OpenStoreOptions = {}): Promise<Store> {
  const isReadOnly = options.readOnly ?? false;
  const render = options.renderThumbnail ?? renderLazily;
  if (!isReadOnly) await prepareLibraryFolder(resolve(libraryPath));
  // Roots are real paths; only as one itself is the library recognised inside or around them.
  const path = await realpath(libraryPath).catch(() => resolve(libraryPath));
  const { release, scratch } = isReadOnly ? await temporaryFolder() : { ...(await acquireLibraryLock(path)), scratch: null };
  try {
    return await openLibrary({ path, isReadOnly, render, featureCacheBytes: options.featureCacheBytes, scratch, release });
  } catch (error) {
    await release();
    throw error;
  }
}

/** The imaging library is loaded with the first thumbnail: most commands never need one. */
const renderLazily: RenderThumbnail = async (sourcePath, longSide) =>
  (await import("../imaging/thumbnail")).renderThumbnail(sourcePath, longSide);

interface OpenLibraryOptions {
  readonly path: string;
  readonly isReadOnly: boolean;
  readonly render: RenderThumbnail;
  readonly featureCacheBytes: number | undefined;
  /** Folder for what a read-only store renders. */
  readonly scratch: string | null;
  readonly release: () => Promise<void>;
}

async function openLibrary(options: OpenLibraryOptions): Promise<Store> {
  const { path, isReadOnly } = options;
  const format = await readLibraryFormat(path);
  if (isReadOnly) assertReadable(path, format);
  const database = await openDatabase(path, isReadOnly);
  await prepareTables(database, format);
  const parts = await openParts(database, createContentStores(options));
  const { index, forgetFiles } = parts;
  // Finishes the removal of roots that was cut short.
  for (const rootId of isReadOnly ? [] : index.rootsOfFiles()) {
    if (!index.hasRoot(rootId)) await forgetFiles(rootId);
  }
  return composeStore(options, parts, database);
}

/** What lies in files of its own instead of tables. */
function createContentStores({ path, isReadOnly, render, scratch, featureCacheBytes }: OpenLibraryOptions) {
  const maintenance = createMaintenance();
  const writer = createWriter({ libraryPath: path, isReadOnly, afterWrite: () => maintenance.afterWrite() });
  maintenance.attach(writer);
  const thumbnails = join(path, "thumbnails");
  return {
    maintenance,
    writer,
    features: createFeatureCache({ folder: join(path, "features"), writer, budgetBytes: featureCacheBytes }),
    thumbnails: createThumbnailStore({
      folder: thumbnails,
      writableFolder: scratch === null ? thumbnails : join(scratch, "thumbnails"),
      render,
    }),
    outside: createOutsideImages(join(scratch ?? path, "outside")),
  };
}

type ContentStores = ReturnType<typeof createContentStores>;

async function openParts(database: Database, content: ContentStores) {
  const { libraryPath } = database;
  const { writer, maintenance, features, thumbnails } = content;
  const roots = await openRootsDocument(libraryPath);
  const [recipes, jobs, models, featureRecords, duplicateDecisions, verdicts, boards, fileActs] = await Promise.all([
    openRecipeStore(libraryPath, writer),
    openJobStore(libraryPath, writer),
    openModelStore(libraryPath, writer),
    openFeatureRecords(libraryPath, writer),
    openDuplicateDecisions(libraryPath, writer),
    openVerdictStore(libraryPath, writer),
    openReferenceBoards(libraryPath, writer),
    openFileActs(libraryPath, writer),
  ]);
  const { tables, pictures: known } = await openPictureTables(database);
  const index = new LibraryIndex(known, {
    isMeasured: (asset) => embeddings.isMeasured(asset),
    annotation: (asset) => annotations.store.get(database.keys.id.textAt(asset)),
    account: (asset) => metadata.account(asset),
    palette: (asset) => metadata.palette(asset),
  });
  await setIndexRoots(roots, index);
  const issues = await openIssueTable(database, writer);
  const moves = {
    document: roots,
    index,
    writer,
    moveRows: async (move: RootMove) => {
      await tables.files.rewrite(rowsOfMove(move));
      await issues.moveRoot(move);
    },
  };
  await finishMoves(moves);
  const onChange = (ids: readonly AssetId[]): void => index.touch(ids);
  const annotations = await openAnnotationTable({ database, writer, onChange });
  if (annotations.keyed !== null) maintenance.watch(annotations.keyed);
  const metadata = await openMetadataTable({ database, writer, folder: join(libraryPath, "raw-metadata"), onChange });
  if (metadata.keyed !== null) maintenance.watch(metadata.keyed);
  const embeddings = await createEmbeddingTables({
    database,
    writer,
    maintenance,
    idsInFolder: (folder) => index.ids({ folder, text: null, where: null }),
  });
  for (const keyed of [tables.assets, tables.files, issues.keyed]) maintenance.watch(keyed);

  const pictures: PictureStoreOptions = {
    tables,
    index,
    writer,
    annotation: (id) => annotations.store.get(id),
    described: () => metadata.store.ready(),
    measuredWith: (id) =>
      recipes
        .list()
        .flatMap((recipe) =>
          embeddings.has(recipe.id, id) ? [{ metric: recipe.metric, model: recipe.modelName, recipeId: recipe.id }] : [],
        ),
    dropDerived: async (ids) => {
      await embeddings.removeAssets(ids);
      await features.removeAssets(ids);
      await thumbnails.removeAssets(ids);
      await metadata.store.removeAssets(ids);
    },
  };
  const assets = createAssetStore(pictures);
  const forgetFiles = async (rootId: RootId): Promise<number> => {
    const paths = index.filesOfRoot(rootId).map((file) => file.path);
    await writer.write(async () => {
      await forgetFileRows(tables, index, paths);
      await issues.forgetRoot(rootId);
    });
    await assets.removeOrphans();
    return paths.length;
  };
  return {
    ...content,
    index,
    roots,
    recipes,
    jobs,
    models,
    featureRecords,
    duplicateDecisions,
    verdicts,
    boards,
    fileActs,
    issues,
    annotations,
    metadata,
    embeddings,
    pictures,
    assets,
    forgetFiles,
    moves,
  };
}

type Parts = Awaited<ReturnType<typeof openParts>>;

function composeStore(options: OpenLibraryOptions, parts: Parts, database: Database): Store {
  const { path, isReadOnly, scratch, release } = options;
  const { writer, maintenance, metadata, embeddings, recipes, jobs, models, features, featureRecords, thumbnails, outside } = parts;
  return {
    libraryPath: path,
    isReadOnly,
    scratchPath: scratch ?? path,
    roots: createRootStore({ ...parts.moves, libraryPath: path, forgetFiles: parts.forgetFiles }),
    files: createFileStore(parts.pictures),
    assets: parts.assets,
    annotations: parts.annotations.store,
    metadata: metadata.store,
    issues: parts.issues.store,
    duplicateDecisions: parts.duplicateDecisions,
    verdicts: parts.verdicts,
    boards: parts.boards,
    fileActs: parts.fileActs,
    recipes,
    jobs,
    models,
    features,
    featureRecords,
    thumbnails,
    outside,
    masks: createMaskStore(join(path, "masks"), writer),
    benchmarks: createBenchmarkStore(join(path, "benchmarks"), writer),
    embeddings: (recipeId, dimension) => embeddings.open(recipeId, dimension),
    findEmbeddings: (recipeId) => embeddings.find(recipeId),
    dropEmbeddings: (isDropped) => embeddings.drop(isDropped),
    async warm() {
      await embeddings.warm();
      // Counted once, later counts only look at what changed.
      await parts.assets.facets({ folder: null, text: null, where: null });
    },
    async optimise() {
      await maintenance.optimise();
      if (!isReadOnly) for (const folder of contentFolders) await removeStaleTemporaryFiles(join(path, folder));
    },
    async close() {
      maintenance.stop();
      metadata.close();
      await writer.close();
      database.close();
      await release();
    },
  };
}
