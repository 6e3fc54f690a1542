/** @file What the store offers to the engine. Everything asynchronous may throw disk/* and library/* errors. */
import type { z } from "zod";
import type { ThumbnailSize } from "#shared/contract/media-routes";
import type { Annotation, AnnotationChange } from "#shared/domain/annotation";
import type { AssetAnnotation, AssetDetail, AssetId, AssetSummary, ImageFormat } from "#shared/domain/asset";
import type { AssetMetadata } from "#shared/domain/asset-metadata";
import type { FacetGroup } from "#shared/domain/facet";
import type { FeatureRecipe, RecipeId } from "#shared/domain/feature-recipe";
import type { Job } from "#shared/domain/job";
import type { AssetSort, FileIssue, LibraryFolder, LibraryRoot, RootId } from "#shared/domain/library";
import type { Mask } from "#shared/domain/mask";
import type { ModelCard } from "#shared/domain/model-card";
import type { BoardId, BoardToKeep, ReferenceBoard } from "#shared/domain/reference-board";
import type { FileAct, FileActId } from "#shared/domain/split-files";
import type { EarlierVerdicts, Verdict, VerdictChange, VerdictSet } from "#shared/domain/verdict";
import type { Allocate } from "../../platform/lent-memory";
import type { FeatureBlob } from "./feature-file";
import type { FeatureRecords } from "./feature-records";

/** A file as it was when it was last looked at; `assetId` is null when it could not be decoded. */
export interface FileRecord {
  readonly path: string;
  readonly rootId: RootId;
  readonly assetId: AssetId | null;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** A picture by its bytes; pixels after EXIF rotation. */
export interface AssetRecord {
  readonly id: AssetId;
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

/** What the library knows of a picture, apart from what the picture says about itself. */
export type StoredAsset = Omit<AssetDetail, "metadata">;

/** `folder` is an absolute path, meaning it and all below; `text` is words that must all occur in the path below the root. */
export interface AssetFilter {
  readonly folder: string | null;
  readonly text: string | null;
}

/** `where` is the text of a filter, see `parseFilter`; null lets everything pass. */
export interface AssetSelection extends AssetFilter {
  readonly where: string | null;
}

/** `where` and the order `taken` ask for what is known only after `described`. */
export interface AssetPageRequest extends AssetFilter {
  readonly where?: string | null;
  readonly sort: AssetSort;
  readonly offset: number;
  readonly limit: number;
}

export interface AssetPage {
  readonly total: number;
  readonly items: AssetSummary[];
}

export interface RootStore {
  /** Looks whether each root's folder is there. A folder that lost everything it held counts as not there (an empty mount point). */
  list(): Promise<LibraryRoot[]>;
  /** @throws root/not-found, root/overlaps */
  add(path: string, options: { readonly isSample: boolean }): Promise<LibraryRoot>;
  /** Forgets the root, its files and what only they used. The files themselves stay. @throws root/not-found */
  remove(rootId: RootId): Promise<{ readonly removedFiles: number }>;
  /** Says that a root's files lie in `path` now: the root gets another id and its files new paths, all else stays. @throws root/not-found, root/overlaps */
  relocate(rootId: RootId, path: string): Promise<LibraryRoot>;
  /** Switches the watching of a root on or off. @throws root/not-found */
  setWatched(rootId: RootId, isWatched: boolean): Promise<void>;
}

export interface FileStore {
  byRoot(rootId: RootId): readonly FileRecord[];
  get(path: string): FileRecord | null;
  /** Every `assetId` must have been upserted as an asset before, so that a killed run never leaves a file without its asset. */
  upsert(batch: readonly FileRecord[]): Promise<void>;
  remove(paths: Iterable<string>): Promise<void>;
  count(rootId?: RootId): number;
}

export interface AssetStore {
  upsert(batch: readonly AssetRecord[]): Promise<void>;
  has(id: AssetId): boolean;
  get(id: AssetId): StoredAsset | null;
  summary(id: AssetId): AssetSummary | null;
  page(request: AssetPageRequest): AssetPage;
  folders(): LibraryFolder[];
  /** Settles when what pictures say about themselves is in memory. */
  described(): Promise<void>;
  /** What the pictures under a filter have in common. @throws usage/invalid */
  facets(selection: AssetSelection): Promise<FacetGroup[]>;
  /** Assets with at least one file in the folder that pass the filter, the newest first. @throws usage/invalid */
  matching(selection: AssetSelection): Promise<AssetId[]>;
  /** Assets with at least one file that passes the filter, in the order of the newest file. */
  ids(filter?: AssetFilter): AssetId[];
  /** Assets with at least one file. */
  count(): number;
  /** Drops assets that no file has any more, with their vectors, features and thumbnails. */
  removeOrphans(): Promise<readonly AssetId[]>;
}

/** What was read of a picture; `raw` are the texts themselves by their names in the file. */
export interface DescribedAsset {
  readonly id: AssetId;
  readonly metadata: AssetMetadata;
  readonly raw: Readonly<Record<string, string>>;
}

export interface MetadataStore {
  /** Whether the picture was described, by the readers as they are now. */
  has(id: AssetId): boolean;
  /** Those of `ids` that were not, in their order and once each. */
  missing(ids: Iterable<AssetId>): AssetId[];
  /** What is held in memory: everything once `ready` has settled, before that what was loaded or written so far. */
  get(id: AssetId): AssetMetadata | null;
  entries(): Iterable<readonly [AssetId, AssetMetadata]>;
  /** Loads everything into memory, once. @throws library/corrupt */
  ready(): Promise<void>;
  /** Grows with every change. */
  readonly revision: number;
  /** That of one picture, whether or not everything is loaded. */
  read(id: AssetId): Promise<AssetMetadata | null>;
  /** The texts of the file; null when it has none. */
  raw(id: AssetId): Promise<Readonly<Record<string, string>> | null>;
  upsert(batch: readonly DescribedAsset[]): Promise<void>;
  removeAssets(ids: Iterable<AssetId>): Promise<void>;
}

export interface AnnotationStore {
  /** Empty when nobody said anything. */
  get(id: AssetId): Annotation;
  entries(): Iterable<readonly [AssetId, Annotation]>;
  /** Replaces what is said about pictures, also those that are not in the library. */
  put(batch: readonly AssetAnnotation[]): Promise<void>;
  /** Changes what is said, and answers what was said before. Of changes that come together each sees what the one before it left. */
  change(ids: readonly AssetId[], change: AnnotationChange): Promise<AssetAnnotation[]>;
}

export interface DuplicateDecisions {
  /** Pictures that are no duplicates of this one. */
  apartFrom(id: AssetId): ReadonlySet<AssetId>;
  /** Says that no two of these pictures are duplicates. */
  keepApart(ids: readonly AssetId[]): Promise<void>;
  undoKeepApart(ids: readonly AssetId[]): Promise<void>;
}

export interface ReferenceBoards {
  /** In the order they were first kept. */
  list(): readonly ReferenceBoard[];
  /** Keeps a board and answers it with its id. */
  save(board: BoardToKeep): Promise<ReferenceBoard>;
  remove(id: BoardId): Promise<void>;
}

export interface FileActs {
  /** The newest last. */
  list(): readonly FileAct[];
  /** Keeps an act, in place of the one with its id. */
  put(act: FileAct): Promise<void>;
  remove(id: FileActId): Promise<void>;
}

export interface VerdictStore {
  /** All there are, by the references they were made against. */
  sets(): readonly VerdictSet[];
  /** What holds for a question with these references, by picture. */
  holding(references: readonly AssetId[]): ReadonlyMap<AssetId, Verdict>;
  /** Decides on pictures and answers what undoes it. Of changes that come together each sees what the one before it left. */
  decide(change: VerdictChange): Promise<EarlierVerdicts>;
  restore(earlier: EarlierVerdicts): Promise<void>;
  /** Forgets all verdicts of sets that share one of these references; all there are with null. */
  clear(references: readonly AssetId[] | null): Promise<void>;
}

export interface IssueStore {
  list(limit: number): FileIssue[];
  /** Replaces whatever was noted about `paths` by `issues`. */
  replaceFor(paths: Iterable<string>, issues: readonly FileIssue[]): Promise<void>;
  clear(paths: Iterable<string>): Promise<void>;
  count(): number;
}

export interface StoredVector {
  readonly assetId: AssetId;
  readonly vector: Float32Array;
}

export interface VectorMatch {
  readonly assetId: AssetId;
  /** Cosine similarity in [-1, 1]. */
  readonly score: number;
}

export interface VectorSearchOptions {
  readonly limit: number;
  /** Only these assets; as many of the best are found, whatever their number. */
  readonly filterIds?: Iterable<AssetId>;
  /** Only assets with a file in this folder or below. */
  readonly folder?: string | null;
  /** Compare with every vector instead of asking the index (which is only there from 20,000 rows on). */
  readonly exact?: boolean;
}

export interface EmbeddingTable {
  readonly recipeId: RecipeId;
  readonly dimension: number;
  /** Checks length, finiteness and length > 0 of each vector before anything is written. */
  upsert(batch: readonly StoredVector[]): Promise<void>;
  has(id: AssetId): Promise<boolean>;
  /** Those of `ids` without a vector, in their order and once each. */
  missing(ids: Iterable<AssetId>): Promise<AssetId[]>;
  get(ids: Iterable<AssetId>): Promise<Map<AssetId, Float32Array>>;
  /** All that have a vector. */
  ids(): AssetId[];
  /** Best first; equal scores by id. */
  search(query: Float32Array, options: VectorSearchOptions): Promise<VectorMatch[]>;
  /** Reads the index into memory where there is one. */
  warm(): Promise<void>;
  /** `size` different vectors (or all there are), chosen by `seed`. */
  sample(size: number, seed?: number): Promise<StoredVector[]>;
  count(): Promise<number>;
  removeAssets(ids: Iterable<AssetId>): Promise<void>;
}

export type StoredRecipe = FeatureRecipe & { readonly id: RecipeId; readonly name: string; readonly modelName: string };

export interface RecipeStore {
  list(): StoredRecipe[];
  get(id: RecipeId): StoredRecipe | null;
  put(recipe: FeatureRecipe & { readonly name: string; readonly modelName: string }): Promise<RecipeId>;
}

export interface JobStore {
  /** Newest first. */
  list(): Job[];
  /** Keeps the newest 100. */
  put(job: Job): Promise<void>;
}

export interface ModelStore {
  list(): ModelCard[];
  /** Replaces the card of the same name. */
  put(card: ModelCard): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Files and bytes of kept features. */
export interface FeatureUsage {
  readonly files: number;
  readonly bytes: number;
}

export interface FeatureCache {
  readonly budgetBytes: number;
  /** Holds from the next write on. */
  setBudget(bytes: number): void;
  /** Changes the budget and drops at once what no longer fits. @throws library/read-only, then nothing has changed */
  resize(bytes: number): Promise<void>;
  usage(): Promise<ReadonlyMap<RecipeId, FeatureUsage>>;
  /** Drops the features of one recipe, or of all; says how much that was. */
  clear(recipeId: RecipeId | null): Promise<FeatureUsage>;
  has(recipeId: RecipeId, assetId: AssetId): Promise<boolean>;
  /** null when it was never written, or when the file is damaged. The blob lies in what `allocate` gave, memory of its own when left out. */
  read(recipeId: RecipeId, assetId: AssetId, allocate?: Allocate): Promise<FeatureBlob | null>;
  /** What is larger than the whole budget is not kept. On a full disk older features make room first. */
  write(recipeId: RecipeId, assetId: AssetId, blob: FeatureBlob): Promise<void>;
  removeAssets(ids: Iterable<AssetId>): Promise<void>;
}

export interface ThumbnailStore {
  /** Where the thumbnail is or would be. */
  path(assetId: AssetId, size: ThumbnailSize): string;
  /** Path of the thumbnail, rendered from `sourcePath` when it is not there yet. */
  ensure(assetId: AssetId, size: ThumbnailSize, sourcePath: string): Promise<string>;
  removeAssets(ids: Iterable<AssetId>): Promise<void>;
}

/** Pictures from outside the library that were used as a question; the newest are kept. */
export interface OutsideImages {
  /** `name` is what errors about the picture call it, for as long as this process lives. */
  put(bytes: Uint8Array, name?: string): Promise<AssetId>;
  nameOf(assetId: AssetId): string;
  /** null when it was never put, or dropped since. */
  path(assetId: AssetId): Promise<string | null>;
}

/** What people said stands in front in a picture. */
export interface MaskStore {
  /** null when nobody gave one. @throws library/corrupt */
  read(assetId: AssetId): Promise<Mask | null>;
  /** Keeps a mask, or removes it; answers the one before. */
  put(assetId: AssetId, mask: Mask | null): Promise<Mask | null>;
}

/** JSON documents of benchmark runs; a run is named by what it judges. */
export interface BenchmarkStore {
  path(run: string, name: string): string;
  /** null when it was never written, or is damaged. */
  read<Value>(run: string, name: string, schema: z.ZodType<Value>): Promise<Value | null>;
  write(run: string, name: string, value: unknown): Promise<void>;
  /** Names of all runs that hold anything, sorted. */
  runs(): Promise<readonly string[]>;
  /** Removes a run with everything it holds. */
  remove(run: string): Promise<void>;
}

export interface Store {
  readonly libraryPath: string;
  readonly isReadOnly: boolean;
  /** Where files that are made for viewing go: the library, or for a read-only one a folder of this process that `close` removes. */
  readonly scratchPath: string;
  readonly roots: RootStore;
  readonly files: FileStore;
  readonly assets: AssetStore;
  readonly annotations: AnnotationStore;
  readonly metadata: MetadataStore;
  readonly issues: IssueStore;
  readonly duplicateDecisions: DuplicateDecisions;
  readonly boards: ReferenceBoards;
  readonly fileActs: FileActs;
  readonly verdicts: VerdictStore;
  readonly recipes: RecipeStore;
  readonly jobs: JobStore;
  readonly models: ModelStore;
  readonly features: FeatureCache;
  readonly featureRecords: FeatureRecords;
  readonly thumbnails: ThumbnailStore;
  readonly outside: OutsideImages;
  readonly masks: MaskStore;
  readonly benchmarks: BenchmarkStore;
  /** The table of a recipe; the same object for the same recipe. @throws scoring/incompatible-features when it exists with another dimension */
  embeddings(recipeId: RecipeId, dimension: number): Promise<EmbeddingTable>;
  /** The table of a recipe that was measured before; null when nothing was. */
  findEmbeddings(recipeId: RecipeId): EmbeddingTable | null;
  /** Drops the tables of the recipes that `isDropped` says. */
  dropEmbeddings(isDropped: (recipeId: RecipeId) => boolean): Promise<void>;
  /** Reads the indices of large tables into memory and counts the facets, so that the first question is answered as fast as the next. */
  warm(): Promise<void>;
  /** Compacts tables and builds vector indices where they pay; also happens by itself when the store is idle. */
  optimise(): Promise<void>;
  /** Waits for queued writes, closes the tables, releases the lock. */
  close(): Promise<void>;
}
