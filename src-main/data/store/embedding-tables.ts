/** @file All embedding tables of a library, by recipe. */
import { appError } from "#shared/domain/app-error";
import type { AssetId } from "#shared/domain/asset";
import type { RecipeId } from "#shared/domain/feature-recipe";
import { memoizePromise } from "../../platform/memoize-promise";
import { arrow } from "./arrow";
import { corruptLibrary } from "./corrupt-library";
import type { Database } from "./database";
import { createEmbeddingTable } from "./embedding-table";
import type { KeyedTable } from "./keyed-table";
import type { Maintenance } from "./maintenance";
import { embeddingTableDefinition, embeddingTablePrefix } from "./schema";
import type { EmbeddingTable } from "./store-types";
import type { Writer } from "./writer";

export interface EmbeddingTables {
  /** Creates the table when it is not there. In a read-only library a missing table is an error. */
  open(recipeId: RecipeId, dimension: number): Promise<EmbeddingTable>;
  /** The table if it is there. */
  find(recipeId: RecipeId): EmbeddingTable | null;
  /** Drops the tables of the recipes that `isDropped` says. */
  drop(isDropped: (recipeId: RecipeId) => boolean): Promise<void>;
  has(recipeId: RecipeId, assetId: AssetId): boolean;
  /** Reads the indices of large tables into memory. */
  warm(): Promise<void>;
  /** Whether a picture, by its number, was measured under at least one recipe. */
  isMeasured(asset: number): boolean;
  removeAssets(ids: readonly AssetId[]): Promise<void>;
}

interface EmbeddingTablesOptions {
  readonly database: Database;
  readonly writer: Writer;
  readonly maintenance: Maintenance;
  readonly idsInFolder: (folder: string) => readonly AssetId[];
}

async function storedDimension(database: Database, name: string): Promise<number> {
  try {
    const table = await database.connection.openTable(name);
    const type: unknown = (await table.schema()).fields.find((field) => field.name === "vector")?.type;
    if (type instanceof arrow.FixedSizeList) return type.listSize;
    throw new Error("it has no column of vectors");
  } catch (error) {
    throw corruptLibrary(database.libraryPath, `table ${name} is damaged`, error);
  }
}

/** Opens the tables that are there, so that it is known at once which pictures are measured. @throws library/corrupt */
export async function createEmbeddingTables({
  database,
  writer,
  maintenance,
  idsInFolder,
}: EmbeddingTablesOptions): Promise<EmbeddingTables> {
  const { libraryPath } = database;
  const opened = new Map<RecipeId, { keyed: KeyedTable; table: EmbeddingTable }>();

  const openExisting = async (recipeId: RecipeId, dimension: number): Promise<void> => {
    const keyed = await database.openTable(embeddingTableDefinition(recipeId, dimension));
    maintenance.watch(keyed);
    opened.set(recipeId, { keyed, table: createEmbeddingTable({ recipeId, dimension, keyed, writer, libraryPath, idsInFolder }) });
  };

  const create = memoizePromise(async (key: string): Promise<void> => {
    const [recipeId, dimension] = key.split(":");
    await writer.write(() => database.ensureTable(embeddingTableDefinition(recipeId as RecipeId, Number(dimension))));
    await openExisting(recipeId as RecipeId, Number(dimension));
  });

  for (const name of await database.tableNames()) {
    if (name.startsWith(embeddingTablePrefix))
      await openExisting(name.slice(embeddingTablePrefix.length) as RecipeId, await storedDimension(database, name));
  }

  return {
    async open(recipeId, dimension) {
      if (!opened.has(recipeId)) await create(`${recipeId}:${dimension}`);
      const known = opened.get(recipeId);
      if (known === undefined || known.table.dimension !== dimension) {
        throw appError(
          "scoring/incompatible-features",
          `Recipe ${recipeId} is stored with ${known?.table.dimension ?? 0} numbers per picture, not ${dimension}.`,
        );
      }
      return known.table;
    },
    find: (recipeId) => opened.get(recipeId)?.table ?? null,
    async drop(isDropped) {
      for (const [recipeId, { keyed }] of [...opened].filter(([id]) => isDropped(id))) {
        maintenance.forget(keyed);
        opened.delete(recipeId);
        create.clear();
        await writer.write(() => database.connection.dropTable(keyed.definition.name));
      }
    },
    has: (recipeId, assetId) => opened.get(recipeId)?.keyed.keys.has(assetId) ?? false,
    async warm() {
      for (const { table } of opened.values()) await table.warm();
    },
    isMeasured(asset) {
      for (const { keyed } of opened.values()) if (keyed.keys.hasNumber(asset)) return true;
      return false;
    },
    async removeAssets(ids) {
      for (const { table } of opened.values()) await table.removeAssets(ids);
    },
  };
}
