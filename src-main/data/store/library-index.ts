/**
 * @file Files and assets in memory: what a grid of 100,000 pictures asks for many times a second.
 *
 * Loaded once when the store opens and changed by the writer after each commit, so that it never says more than the disk knows.
 */
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import type { AssetSort, LibraryFolder, RootId } from "#shared/domain/library";
import { FileEntry, isInFolder } from "./file-entry";
import type { TreeRoot } from "./folder-tree";
import { folderTree } from "./folder-tree";
import { foldText } from "./natural-key";
import type { SortedView } from "./sorted-view";
import { createSortedView } from "./sorted-view";
import type { AssetFilter, AssetPage, AssetPageRequest, AssetRecord, FileRecord } from "./store-types";

/** Filtered lists that are kept for the next page of the same scroll. */
const keptLists = 8;

export class LibraryIndex {
  readonly #roots = new Map<RootId, TreeRoot>();
  readonly #unavailableRoots = new Set<RootId>();
  readonly #files = new Map<string, FileEntry>();
  readonly #assets = new Map<AssetId, AssetRecord>();
  readonly #filesByAsset = new Map<AssetId, FileEntry[]>();
  /** Assets with more than one file: only they can come up twice in a list. */
  readonly #sharedAssets = new Set<AssetId>();
  readonly #views = new Map<AssetSort, SortedView>();
  readonly #lists = new Map<string, readonly FileEntry[]>();
  #folders: LibraryFolder[] | null = null;
  readonly #isMeasured: (id: AssetId) => boolean;

  constructor(isMeasured: (id: AssetId) => boolean) {
    this.#isMeasured = isMeasured;
  }

  /** Replaces the roots; `unavailable` are those whose drive is not there. */
  setRoots(roots: readonly TreeRoot[], unavailable: ReadonlySet<RootId>): void {
    this.#roots.clear();
    for (const root of roots) this.#roots.set(root.id, root);
    this.#unavailableRoots.clear();
    for (const id of unavailable) this.#unavailableRoots.add(id);
    this.#folders = null;
  }

  hasRoot(id: RootId): boolean {
    return this.#roots.has(id);
  }

  /** Roots that files in memory name, known or not. */
  rootsOfFiles(): Set<RootId> {
    return new Set(Array.from(this.#files.values(), (entry) => entry.record.rootId));
  }

  putAsset(asset: AssetRecord): void {
    this.#assets.set(asset.id, asset);
    this.#changed();
  }

  removeAsset(id: AssetId): void {
    this.#assets.delete(id);
    this.#changed();
  }

  putFile(record: FileRecord): void {
    this.removeFile(record.path);
    const entry = new FileEntry(record, this.#roots.get(record.rootId)?.path ?? "");
    this.#files.set(record.path, entry);
    this.#changed();
    if (record.assetId === null) return;
    const siblings = this.#filesByAsset.get(record.assetId);
    if (siblings === undefined) this.#filesByAsset.set(record.assetId, [entry]);
    else {
      siblings.push(entry);
      this.#sharedAssets.add(record.assetId);
    }
    for (const view of this.#views.values()) view.add(entry);
  }

  removeFile(path: string): void {
    const entry = this.#files.get(path);
    if (entry === undefined) return;
    this.#files.delete(path);
    this.#changed();
    const { assetId } = entry.record;
    if (assetId === null) return;
    const siblings = (this.#filesByAsset.get(assetId) ?? []).filter((other) => other !== entry);
    if (siblings.length < 2) this.#sharedAssets.delete(assetId);
    if (siblings.length === 0) this.#filesByAsset.delete(assetId);
    else this.#filesByAsset.set(assetId, siblings);
    for (const view of this.#views.values()) view.remove(entry);
  }

  file(path: string): FileRecord | null {
    return this.#files.get(path)?.record ?? null;
  }

  filesOfRoot(rootId: RootId): FileRecord[] {
    return Array.from(this.#files.values(), (entry) => entry.record).filter((record) => record.rootId === rootId);
  }

  fileCount(rootId?: RootId): number {
    if (rootId === undefined) return this.#files.size;
    let count = 0;
    for (const entry of this.#files.values()) if (entry.record.rootId === rootId) count += 1;
    return count;
  }

  asset(id: AssetId): AssetRecord | null {
    return this.#assets.get(id) ?? null;
  }

  /** Files of an asset, by path. */
  filesOfAsset(id: AssetId): FileRecord[] {
    return (this.#filesByAsset.get(id) ?? []).map((entry) => entry.record).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Assets with at least one file. */
  get assetCount(): number {
    return this.#filesByAsset.size;
  }

  orphans(): AssetId[] {
    return [...this.#assets.keys()].filter((id) => !this.#filesByAsset.has(id));
  }

  /** The tile of an asset, named after `entry` or else after its first file. */
  summary(id: AssetId, entry?: FileEntry): AssetSummary | null {
    const asset = this.#assets.get(id);
    if (asset === undefined) return null;
    const files = this.#filesByAsset.get(id) ?? [];
    const name = entry?.name ?? files[0]?.name ?? id;
    const isMissing = files.every((file) => this.#unavailableRoots.has(file.record.rootId));
    return { id, name, width: asset.width, height: asset.height, format: asset.format, isMissing, isMeasured: this.#isMeasured(id) };
  }

  /** One page of an ordered, filtered list. */
  page(request: AssetPageRequest): AssetPage {
    const list = this.#list(request, request.sort);
    const items = list
      .slice(request.offset, request.offset + request.limit)
      .flatMap((entry) => this.summary(entry.record.assetId as AssetId, entry) ?? []);
    return { total: list.length, items };
  }

  ids(filter: AssetFilter): AssetId[] {
    return this.#list(filter, "newest").map((entry) => entry.record.assetId as AssetId);
  }

  folders(): LibraryFolder[] {
    return (this.#folders ??= folderTree([...this.#roots.values()], this.#filesByAsset.values()));
  }

  /** The first file of each asset that passes the filter, in order. */
  #list(filter: AssetFilter, sort: AssetSort): readonly FileEntry[] {
    const key = JSON.stringify([sort, filter.folder, filter.text]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const { folder } = filter;
    const words = foldText(filter.text ?? "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const seen = new Set<AssetId>();
    const entries = this.#view(sort).entries();
    const isWhole = folder === null && words.length === 0 && this.#sharedAssets.size === 0;
    const passes = (entry: FileEntry): boolean => {
      const id = entry.record.assetId as AssetId;
      if (folder !== null && !isInFolder(entry.record.path, folder)) return false;
      if (words.length > 0 && !words.every((word) => entry.searchText.includes(word))) return false;
      return !this.#sharedAssets.has(id) || seen.size < seen.add(id).size;
    };
    const list = isWhole ? entries : entries.filter(passes);
    const oldest = this.#lists.size >= keptLists ? this.#lists.keys().next().value : undefined;
    if (oldest !== undefined) this.#lists.delete(oldest);
    this.#lists.set(key, list);
    return list;
  }

  #view(sort: AssetSort): SortedView {
    let view = this.#views.get(sort);
    if (view === undefined) {
      view = createSortedView(sort, [...this.#filesByAsset.values()].flat());
      this.#views.set(sort, view);
    }
    return view;
  }

  #changed(): void {
    this.#lists.clear();
    this.#folders = null;
  }
}
