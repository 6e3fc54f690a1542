/**
 * @file Files and assets in memory: what a grid of 100,000 pictures asks for many times a second.
 *
 * Loaded once when the store opens and changed by the writer after each commit, so that it never says more than the disk knows.
 */
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import type { FacetGroup } from "#shared/domain/facet";
import type { AssetSort, LibraryFolder, RootId } from "#shared/domain/library";
import { defined } from "#shared/lib/assert";
import { FileEntry, isInFolder } from "./file-entry";
import { FilterResults, isLasting, keepAnswer } from "./filter-results";
import { AssetSubject, type AssetFacts } from "./filter-subject";
import type { TreeRoot } from "./folder-tree";
import { folderTree } from "./folder-tree";
import { foldText } from "./natural-key";
import type { FileSort, SortedView } from "./sorted-view";
import { createSortedView, rankedBy } from "./sorted-view";
import type { AssetPage, AssetPageRequest, AssetRecord, AssetSelection, FileRecord } from "./store-types";

export class LibraryIndex {
  readonly #roots = new Map<RootId, TreeRoot>();
  readonly #unavailableRoots = new Set<RootId>();
  readonly #files = new Map<string, FileEntry>();
  readonly #assets = new Map<AssetId, AssetRecord>();
  readonly #filesByAsset = new Map<AssetId, FileEntry[]>();
  /** Assets with more than one file: only they can come up twice in a list. */
  readonly #sharedAssets = new Set<AssetId>();
  readonly #views = new Map<FileSort, SortedView>();
  readonly #ranked = new Map<AssetSort, readonly FileEntry[]>();
  readonly #lists = new Map<string, readonly FileEntry[]>();
  readonly #filters = new FilterResults({
    ids: () => this.#filesByAsset.keys(),
    subject: (id) => this.#subject(id),
    isMeasured: (id) => this.#facts.isMeasured(id),
    isMissing: (id) => this.#unavailableRoots.size > 0 && this.#isMissing(this.#filesByAsset.get(id) ?? []),
  });
  #folders: LibraryFolder[] | null = null;
  readonly #facts: AssetFacts;

  constructor(facts: AssetFacts) {
    this.#facts = facts;
  }

  /** Something was learned about assets: what was derived from it is forgotten. */
  touch(ids: Iterable<AssetId>): void {
    for (const id of ids) this.#filters.touch(id);
    this.#lists.clear();
    this.#ranked.clear();
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
    this.#changed(asset.id);
  }

  removeAsset(id: AssetId): void {
    this.#assets.delete(id);
    this.#changed(id);
  }

  putFile(record: FileRecord): void {
    this.removeFile(record.path);
    const entry = new FileEntry(record, this.#roots.get(record.rootId)?.path ?? "");
    this.#files.set(record.path, entry);
    this.#changed(record.assetId);
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
    const { assetId } = entry.record;
    this.#changed(assetId);
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
    const { width, height, format } = asset;
    const { rating, flag } = this.#facts.annotation(id);
    return { id, name, width, height, format, isMissing: this.#isMissing(files), isMeasured: this.#facts.isMeasured(id), rating, flag };
  }

  /** One page of an ordered, filtered list. @throws usage/invalid for a `where` that is not understood */
  page(request: AssetPageRequest): AssetPage {
    const list = this.#list({ ...request, where: request.where ?? null }, request.sort);
    const items = list
      .slice(request.offset, request.offset + request.limit)
      .flatMap((entry) => this.summary(entry.record.assetId as AssetId, entry) ?? []);
    return { total: list.length, items };
  }

  /** The newest first. */
  ids(selection: AssetSelection): AssetId[] {
    return this.#list(selection, "newest").map((entry) => entry.record.assetId as AssetId);
  }

  /** What the pictures under a filter have in common. @throws usage/invalid for a `where` that is not understood */
  facets({ folder, text, where }: AssetSelection): FacetGroup[] {
    return this.#filters.facets(this.ids({ folder, text, where: null }), parseFilter(where ?? ""));
  }

  folders(): LibraryFolder[] {
    return (this.#folders ??= folderTree([...this.#roots.values()], this.#filesByAsset.values()));
  }

  /** The first file of each asset that passes the filter, in order. */
  #list({ folder, text, where }: AssetSelection, sort: AssetSort): readonly FileEntry[] {
    const filter = parseFilter(where ?? "");
    const key = JSON.stringify([sort, folder, text, formatFilter(filter)]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const passing = filter === null ? null : this.#filters.passing(filter);
    const words = foldText(text ?? "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const seen = new Set<AssetId>();
    const entries = this.#ordered(sort);
    const isWhole = folder === null && words.length === 0 && passing === null && this.#sharedAssets.size === 0;
    const passes = (entry: FileEntry): boolean => {
      const id = entry.record.assetId as AssetId;
      if (folder !== null && !isInFolder(entry.record.path, folder)) return false;
      if (words.length > 0 && !words.every((word) => entry.searchText.includes(word))) return false;
      if (passing?.has(id) === false) return false;
      return !this.#sharedAssets.has(id) || seen.size < seen.add(id).size;
    };
    const list = isWhole ? entries : entries.filter(passes);
    if (filter === null || isLasting(filter)) keepAnswer(this.#lists, key, list);
    return list;
  }

  #subject(id: AssetId): AssetSubject {
    const asset = defined(this.#assets.get(id), "a file's asset is known");
    const files = this.#filesByAsset.get(id) ?? [];
    return new AssetSubject(asset, files, { facts: this.#facts, isMissing: this.#isMissing(files) });
  }

  #isMissing(files: readonly FileEntry[]): boolean {
    return files.every((file) => this.#unavailableRoots.has(file.record.rootId));
  }

  #ordered(sort: AssetSort): readonly FileEntry[] {
    if (sort !== "rating" && sort !== "largest" && sort !== "taken") return this.#view(sort).entries();
    let ranked = this.#ranked.get(sort);
    if (ranked === undefined) {
      ranked = rankedBy(this.#ordered("newest"), ({ record }) => this.#rank(record.assetId as AssetId, sort));
      this.#ranked.set(sort, ranked);
    }
    return ranked;
  }

  #rank(id: AssetId, sort: "rating" | "largest" | "taken"): number | null {
    if (sort === "rating") return this.#facts.annotation(id).rating;
    if (sort === "taken") return this.#facts.account(id)?.capture?.takenMs ?? null;
    const asset = this.#assets.get(id);
    return asset === undefined ? null : asset.width * asset.height;
  }

  #view(sort: FileSort): SortedView {
    let view = this.#views.get(sort);
    if (view === undefined) {
      view = createSortedView(sort, [...this.#filesByAsset.values()].flat());
      this.#views.set(sort, view);
    }
    return view;
  }

  #changed(assetId: AssetId | null): void {
    this.#folders = null;
    this.touch(assetId === null ? [] : [assetId]);
  }
}
