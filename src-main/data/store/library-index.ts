/**
 * @file Files and pictures in memory: what a grid of a million pictures asks for many times a second.
 *
 * Read once when the store opens and changed by the writer after each commit, so that it never says more than the disk knows. Inside, pictures and
 * files are their numbers; see [Note: Small numbers for long keys].
 */
import type { AssetId, AssetSummary } from "#shared/domain/asset";
import { formatFilter } from "#shared/domain/asset-filter-format";
import { parseFilter } from "#shared/domain/asset-filter-parse";
import type { FacetGroup } from "#shared/domain/facet";
import type { AssetSort, LibraryFolder, RootId } from "#shared/domain/library";
import { defined } from "#shared/lib/assert";
import type { AssetTable } from "./asset-table";
import type { FileTable } from "./file-table";
import { FilterResults, isLasting, keepAnswer } from "./filter-results";
import { AssetSubject, type AssetFacts } from "./filter-subject";
import type { TreeRoot } from "./folder-tree";
import { folderTree } from "./folder-tree";
import type { LibraryKeys } from "./library-keys";
import { foldText } from "./natural-key";
import { NumberSet } from "./number-set";
import { folderTest, wordsTest } from "./path-test";
import type { Pictures } from "./pictures";
import type { FileSort, SortedView } from "./sorted-view";
import { createSortedView, fileOrder, rankedBy } from "./sorted-view";
import type { AssetPage, AssetPageRequest, AssetRecord, AssetSelection, FileRecord } from "./store-types";

export class LibraryIndex {
  readonly #keys: LibraryKeys;
  readonly #roots = new Map<RootId, TreeRoot>();
  readonly #unavailableRoots = new Set<RootId>();
  readonly #files: FileTable;
  readonly #assets: AssetTable;
  readonly #views = new Map<FileSort, SortedView>();
  readonly #ranked = new Map<AssetSort, Uint32Array>();
  readonly #lists = new Map<string, Uint32Array>();
  readonly #filters = new FilterResults({
    assets: () => this.#files.assets,
    subject: (asset) => this.#subject(asset),
    isMeasured: (asset) => this.#facts.isMeasured(asset),
    isMissing: (asset) => this.#isMissing(asset),
  });
  #folders: LibraryFolder[] | null = null;
  readonly #facts: AssetFacts;

  /** @param pictures what is known already; changed by the index alone from now on */
  constructor({ keys, assets, files }: Pictures, facts: AssetFacts) {
    this.#keys = keys;
    this.#facts = facts;
    this.#files = files;
    this.#assets = assets;
  }

  /** Something was learned about pictures: what was derived from it is forgotten. */
  touch(ids: Iterable<AssetId>): void {
    for (const id of ids) this.#filters.touch(this.#keys.id.numberOf(id));
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
    const roots = new Set<RootId>();
    for (const file of this.#files) roots.add(this.#files.rootOf(file));
    return roots;
  }

  putAsset(asset: AssetRecord): void {
    this.#assets.put(this.#keys.id.add(asset.id), asset);
    this.#changed(asset.id);
  }

  removeAsset(id: AssetId): void {
    this.#assets.remove(this.#keys.id.numberOf(id));
    this.#changed(id);
  }

  putFile(record: FileRecord): void {
    this.removeFile(record.path);
    const file = this.#keys.path.add(record.path);
    this.#files.add(file, record.assetId === null ? null : this.#keys.id.add(record.assetId), record);
    this.#changed(record.assetId);
    if (record.assetId !== null) for (const view of this.#views.values()) view.add(file);
  }

  removeFile(path: string): void {
    const file = this.#fileAt(path);
    if (file === null) return;
    const { assetId } = this.#files.record(file);
    this.#files.remove(file);
    this.#changed(assetId);
    if (assetId !== null) for (const view of this.#views.values()) view.remove(file);
  }

  file(path: string): FileRecord | null {
    const file = this.#fileAt(path);
    return file === null ? null : this.#files.record(file);
  }

  filesOfRoot(rootId: RootId): FileRecord[] {
    const records: FileRecord[] = [];
    for (const file of this.#files) if (this.#files.rootOf(file) === rootId) records.push(this.#files.record(file));
    return records;
  }

  fileCount(rootId?: RootId): number {
    if (rootId === undefined) return this.#files.size;
    let count = 0;
    for (const file of this.#files) if (this.#files.rootOf(file) === rootId) count += 1;
    return count;
  }

  asset(id: AssetId): AssetRecord | null {
    return this.#assets.record(this.#keys.id.numberOf(id));
  }

  /** Files of a picture, by path. */
  filesOfAsset(id: AssetId): FileRecord[] {
    return this.#recordsOf(this.#keys.id.numberOf(id)).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Pictures with at least one file. */
  get assetCount(): number {
    return this.#files.assets.size;
  }

  orphans(): AssetId[] {
    const orphans: AssetId[] = [];
    for (const asset of this.#assets) if (!this.#files.assets.has(asset)) orphans.push(this.#keys.id.textAt(asset));
    return orphans;
  }

  /** The tile of a picture, named after its first file. */
  summary(id: AssetId): AssetSummary | null {
    const asset = this.#keys.id.numberOf(id);
    return this.#summary(asset, this.#files.filesOf(asset)[0] ?? null);
  }

  /** One page of an ordered, filtered list. @throws usage/invalid for a `where` that is not understood */
  page(request: AssetPageRequest): AssetPage {
    const list = this.#list({ ...request, where: request.where ?? null }, request.sort);
    const shown = [...list.subarray(request.offset, request.offset + request.limit)];
    return { total: list.length, items: shown.flatMap((file) => this.#summary(this.#assetOf(file), file) ?? []) };
  }

  /** The newest first. */
  ids(selection: AssetSelection): AssetId[] {
    return Array.from(this.#list(selection, "newest"), (file) => this.#keys.id.textAt(this.#assetOf(file)));
  }

  /** What the pictures under a filter have in common. @throws usage/invalid for a `where` that is not understood */
  facets({ folder, text, where }: AssetSelection): FacetGroup[] {
    const assets = this.#list({ folder, text, where: null }, "newest").map((file) => this.#assetOf(file));
    return this.#filters.facets(assets, parseFilter(where ?? ""));
  }

  folders(): LibraryFolder[] {
    return (this.#folders ??= folderTree([...this.#roots.values()], this.#files, this.#keys.path));
  }

  /** The first file of each picture that passes the filter, in order. */
  #list({ folder, text, where }: AssetSelection, sort: AssetSort): Uint32Array {
    const filter = parseFilter(where ?? "");
    const key = JSON.stringify([sort, folder, text, formatFilter(filter)]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const passing = filter === null ? null : this.#filters.passing(filter);
    const words = foldText(text ?? "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const roots = Array.from(this.#roots.values(), (root) => root.path);
    const isInside = folder === null ? null : folderTest(this.#keys.path, folder);
    const hasWords = words.length === 0 ? null : wordsTest(this.#keys.path, roots, words);
    const shared = this.#files.sharedAssets;
    const seen = new NumberSet();
    const ordered = this.#ordered(sort);
    const isWhole = isInside === null && hasWords === null && passing === null && shared.size === 0;
    const passes = (file: number): boolean => {
      const asset = this.#assetOf(file);
      if (isInside?.(file) === false || passing?.has(asset) === false || hasWords?.(file) === false) return false;
      return !shared.has(asset) || seen.add(asset);
    };
    const list = isWhole ? ordered : ordered.filter(passes);
    if (filter === null || isLasting(filter)) keepAnswer(this.#lists, key, list);
    return list;
  }

  #summary(asset: number, file: number | null): AssetSummary | null {
    const record = this.#assets.record(asset);
    if (record === null) return null;
    const name = file === null ? record.id : this.#keys.path.nameAt(file);
    const { rating, flag } = this.#facts.annotation(asset);
    return { ...record, name, isMissing: this.#isMissing(asset), isMeasured: this.#facts.isMeasured(asset), rating, flag };
  }

  #subject(number: number): AssetSubject {
    const asset = defined(this.#assets.record(number), "a file's asset is known");
    return new AssetSubject({ asset, number, files: this.#recordsOf(number), facts: this.#facts, isMissing: this.#isMissing(number) });
  }

  /** Whether all files of a picture lie on drives that are not there. */
  #isMissing(asset: number): boolean {
    return (
      (this.#unavailableRoots.size > 0 || !this.#files.assets.has(asset)) &&
      this.#files.filesOf(asset).every((file) => this.#unavailableRoots.has(this.#files.rootOf(file)))
    );
  }

  #recordsOf(asset: number): FileRecord[] {
    return this.#files.filesOf(asset).map((file) => this.#files.record(file));
  }

  #fileAt(path: string): number | null {
    const file = this.#keys.path.numberOf(path);
    return file >= 0 && this.#files.has(file) ? file : null;
  }

  /** The picture of a file in a list; files without one are in none. */
  #assetOf(file: number): number {
    return defined(this.#files.assetOf(file), "a listed file has a picture");
  }

  #ordered(sort: AssetSort): Uint32Array {
    if (sort !== "rating" && sort !== "largest" && sort !== "taken") return this.#view(sort).files();
    let ranked = this.#ranked.get(sort);
    if (ranked === undefined) {
      ranked = rankedBy(this.#ordered("newest"), (file) => this.#rank(this.#assetOf(file), sort));
      this.#ranked.set(sort, ranked);
    }
    return ranked;
  }

  #rank(asset: number, sort: "rating" | "largest" | "taken"): number | null {
    if (sort === "rating") return this.#facts.annotation(asset).rating;
    if (sort === "taken") return this.#facts.account(asset)?.capture?.takenMs ?? null;
    return this.#assets.pixels(asset);
  }

  #view(sort: FileSort): SortedView {
    let view = this.#views.get(sort);
    if (view === undefined) {
      const listed = Array.from(this.#files).filter((file) => this.#files.assetOf(file) !== null);
      view = createSortedView(fileOrder(sort, this.#files, this.#keys.path), listed);
      this.#views.set(sort, view);
    }
    return view;
  }

  #changed(assetId: AssetId | null): void {
    this.#folders = null;
    this.touch(assetId === null ? [] : [assetId]);
  }
}
