/** @file The pictures of one folder and filter, of which only the pages that come into view are fetched. */
import type { AssetId, AssetSummary } from "#shared/domain/asset";

/** Assets a page; a screen shows 20 to 200. */
export const pageSize = 200;

/** Pages fetched in one call when a long range is wanted, e.g. to select all; the engine gives at most 5,000 assets a call. */
const pagesPerCall = 25;

/** Shape of a tile whose picture is not known yet: width over height. */
const usualAspect = 1.25;

export interface AssetPage {
  readonly total: number;
  readonly items: readonly AssetSummary[];
}

export type LoadPage = (offset: number, limit: number) => Promise<AssetPage>;

/**
 * Holds what was fetched of a list of `total` assets, at their indices. Views say which indices they need; what is
 * fetched stays until {@link refresh} declares it stale, and stale pages stay on screen until their successor is there.
 */
export class AssetPages {
  readonly #load: LoadPage;
  readonly #pages = new Map<number, readonly AssetSummary[]>();
  readonly #indices = new Map<AssetId, number>();
  readonly #loading = new Map<number, Promise<void>>();
  readonly #stale = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #aspects = new Float32Array(0);
  #aspectOf = this.#readAspects();
  #needed: readonly [number, number] = [0, 1];
  #total: number | null = null;
  #error: unknown = null;
  #version = 0;

  constructor(load: LoadPage) {
    this.#load = load;
  }

  /** Number of assets in the list; null until the first page has come. */
  get total(): number | null {
    return this.#total;
  }

  get error(): unknown {
    return this.#error;
  }

  /** Changes whenever anything here does; for useSyncExternalStore. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The asset at `index`, if its page is here. */
  at(index: number): AssetSummary | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Width over height of the picture at an index; a usual one while it is unknown. A new function whenever anything here changed. */
  get aspectOf(): (index: number) => number {
    return this.#aspectOf;
  }

  /** Where an asset stands in the list, if that is known. */
  indexOf(id: AssetId): number | null {
    return this.#indices.get(id) ?? null;
  }

  /** Says that indices `start` to `end` (exclusive) are on screen; missing pages are fetched. */
  need(start: number, end: number): void {
    this.#needed = [start, end];
    for (const page of pagesOf(start, Math.max(end, start + 1))) {
      if (this.#stale.has(page) || !this.#pages.has(page)) void this.#fetch(page, 1);
    }
  }

  /** Assets `start` to `end` (exclusive), fetching what is missing. */
  async range(start: number, end: number): Promise<readonly AssetSummary[]> {
    const wanted = pagesOf(start, end);
    for (let at = 0; at < wanted.length; at += pagesPerCall) {
      const missing = wanted.slice(at, at + pagesPerCall).filter((page) => !this.#pages.has(page));
      const first = missing[0];
      if (first !== undefined) await this.#fetch(first, (missing.at(-1) ?? first) - first + 1);
    }
    const assets: AssetSummary[] = [];
    for (let index = start; index < end; index++) {
      const asset = this.at(index);
      if (asset) assets.push(asset);
    }
    return assets;
  }

  /** Declares everything stale and fetches again what is on screen. */
  refresh(): void {
    for (const page of this.#pages.keys()) this.#stale.add(page);
    this.need(...this.#needed);
  }

  /** Fetches `count` pages from `page` on; one page that is on its way is not fetched twice. */
  #fetch(page: number, count: number): Promise<void> {
    const known = count === 1 ? this.#loading.get(page) : undefined;
    if (known) return known;
    const loading = this.#fetchNow(page, count).finally(() => {
      this.#loading.delete(page);
      this.#changed();
    });
    this.#loading.set(page, loading);
    return loading;
  }

  async #fetchNow(page: number, count: number): Promise<void> {
    for (let next = page; next < page + count; next++) this.#stale.delete(next);
    try {
      const { total, items } = await this.#load(page * pageSize, count * pageSize);
      for (let next = 0; next < count; next++)
        this.#keep(page + next, { total, items: items.slice(next * pageSize, (next + 1) * pageSize) });
    } catch (error) {
      this.#error = error;
    }
  }

  #keep(page: number, { total, items }: AssetPage): void {
    this.#error = null;
    this.#resize(total);
    if (page * pageSize >= total && page > 0) return;
    for (const asset of this.#pages.get(page) ?? []) {
      if (Math.floor((this.#indices.get(asset.id) ?? -1) / pageSize) === page) this.#indices.delete(asset.id);
    }
    this.#pages.set(page, items);
    for (const [offset, asset] of items.entries()) {
      const index = page * pageSize + offset;
      this.#indices.set(asset.id, index);
      this.#aspects[index] = asset.width / asset.height;
    }
  }

  #resize(total: number): void {
    if (total === this.#total) return;
    this.#total = total;
    const aspects = new Float32Array(total);
    aspects.set(this.#aspects.subarray(0, total));
    this.#aspects = aspects;
    for (const page of this.#pages.keys()) if (page * pageSize >= total) this.#pages.delete(page);
  }

  #readAspects(): (index: number) => number {
    return (index) => this.#aspects[index] || usualAspect;
  }

  #changed(): void {
    this.#version += 1;
    this.#aspectOf = this.#readAspects();
    for (const listener of this.#listeners) listener();
  }
}

function pagesOf(start: number, end: number): readonly number[] {
  const first = Math.floor(start / pageSize);
  const last = Math.floor(Math.max(start, end - 1) / pageSize);
  return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
}
