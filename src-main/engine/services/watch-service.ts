/**
 * @file Takes up what changes below the roots by itself, for hosts that stay.
 *
 * Events and comparisons say where to look; files that have come to rest are handed to an index run over just them. What changed while nothing ran
 * is found by the state of the folder that was kept when it was last in step with the library, or by comparing all of it.
 */
import { join } from "node:path";
import type { AssetId } from "#shared/domain/asset";
import type { LibraryRoot, RootId, WatchedRoot, WatchState } from "#shared/domain/library";
import { createSettling } from "../../data/library/settling";
import type { FileRecord, Store } from "../../data/store/store-types";
import { createBroadcast } from "../broadcast";
import type { JobRunner } from "../jobs/job-runner";
import type { IndexingService } from "./indexing-service";
import { RootWatch } from "./root-watch";

/** How often it is looked whether drives have come or gone. */
const availabilityMs = 5_000;
/** A file that cannot be decoded yet is asked for again after this. */
const postponeMs = 2_000;
/** Folders are in step with the library once nothing has happened for so long; kept at most once a minute, since it is written whole. */
const stillMs = 2_000;
const snapshotIntervalMs = 60_000;

/** What became of a file. */
export interface FileChange {
  readonly change: "added" | "changed" | "removed" | "skipped";
  readonly path: string;
  readonly assetId: AssetId | null;
}

export interface WatchService {
  /** Begins to watch the roots whose switch is on. Once; for hosts that stay. */
  start(): void;
  list(): Promise<WatchedRoot[]>;
  /** @throws root/not-found, library/read-only */
  setWatched(rootId: RootId, isWatched: boolean): Promise<void>;
  /** Files as they become searchable, or are forgotten. */
  events(signal?: AbortSignal): AsyncGenerator<FileChange, void, undefined>;
  dispose(): Promise<void>;
}

export interface WatchParts {
  readonly store: Store;
  readonly indexing: IndexingService;
  readonly jobs: JobRunner;
  /** What views are told, and tell each other. */
  readonly changes: {
    publish(change: { readonly topic: "roots" | "assets" }): void;
    subscribe(signal: AbortSignal): AsyncGenerator<{ readonly topic: string }, void, undefined>;
  };
  readonly device: () => Promise<string>;
}

/** Creates the service; nothing is watched before `start`. */
export function createWatchService(parts: WatchParts): WatchService {
  return new Watching(parts);
}

class Watching implements WatchService {
  readonly #parts: WatchParts;
  readonly #watches = new Map<RootId, RootWatch>();
  readonly #abort = new AbortController();
  readonly #files = createBroadcast<FileChange>((change) => change.path);
  readonly #settling = createSettling((paths) => this.#index(paths));
  readonly #timers = new Set<NodeJS.Timeout>();
  #isStarted = false;
  #available = "";
  #runs: Promise<void> = Promise.resolve();
  #refreshes: Promise<void> = Promise.resolve();
  #running = 0;
  #stillTimer: NodeJS.Timeout | undefined;
  #snapshotMs = 0;
  #snapshots: Promise<void> = Promise.resolve();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#isStarted || this.#parts.store.isReadOnly) return;
    this.#isStarted = true;
    void this.#follow();
    this.#refreshSoon(0);
  }

  async list(): Promise<WatchedRoot[]> {
    const roots = await this.#parts.store.roots.list();
    return roots.map((root) => ({ ...root, watch: this.#stateOf(root) }));
  }

  async setWatched(rootId: RootId, isWatched: boolean): Promise<void> {
    await this.#parts.store.roots.setWatched(rootId, isWatched);
    if (this.#isStarted) await this.#refresh();
    this.#parts.changes.publish({ topic: "roots" });
  }

  events(signal?: AbortSignal): AsyncGenerator<FileChange, void, undefined> {
    return this.#files.subscribe(signal);
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    this.#settling.close();
    clearTimeout(this.#stillTimer);
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#refreshes;
    for (const watch of this.#watches.values()) await watch.close();
    await this.#snapshots;
    await this.#runs;
    this.#files.close();
  }

  #stateOf(root: LibraryRoot): WatchState {
    if (this.#parts.store.isReadOnly) return { mode: "off", note: "The library is open read-only." };
    return this.#watches.get(root.id)?.state ?? { mode: "off", note: null };
  }

  async #follow(): Promise<void> {
    for await (const { topic } of this.#parts.changes.subscribe(this.#abort.signal)) if (topic === "roots") await this.#refresh();
  }

  #refreshSoon(pauseMs: number): void {
    this.#after(pauseMs, () => void this.#refresh().finally(() => this.#refreshSoon(availabilityMs)));
  }

  /** Brings the watches in line with the roots, one call after the other. */
  #refresh(): Promise<void> {
    this.#refreshes = this.#refreshes.then(() => this.#reconcile()).catch(() => undefined);
    return this.#refreshes;
  }

  async #reconcile(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const roots = await this.#parts.store.roots.list();
    const wanted = new Map(roots.filter((root) => root.isWatched && root.isAvailable).map((root) => [root.id, root]));
    for (const [id, watch] of this.#watches) {
      if (wanted.has(id)) continue;
      this.#watches.delete(id);
      await watch.close();
      if (!roots.some((root) => root.id === id)) await watch.dropSnapshot();
    }
    for (const [id, root] of wanted) if (!this.#watches.has(id)) this.#watches.set(id, this.#watch(root));
    const available = roots.map((root) => `${root.id} ${root.isAvailable}`).join();
    const isNews = this.#available !== "" && this.#available !== available;
    this.#available = available;
    if (isNews) for (const topic of ["roots", "assets"] as const) this.#parts.changes.publish({ topic });
  }

  #watch(root: LibraryRoot): RootWatch {
    const { store, changes } = this.#parts;
    return new RootWatch(root, {
      store,
      snapshotPath: join(store.libraryPath, "snapshots", `${root.id}.snapshot`),
      onTouched: (paths) => {
        this.#settling.touch(paths);
        this.#stillLater();
      },
      onState: () => changes.publish({ topic: "roots" }),
      untilIndexed: (signal) => this.#untilIndexed(signal),
    });
  }

  async #untilIndexed(signal: AbortSignal): Promise<void> {
    const { jobs } = this.#parts;
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    const going = () => jobs.list().find((job) => job.kind === "index" && ["queued", "running", "paused"].includes(job.state));
    for (let job = going(); job !== undefined && !signal.aborted; job = going()) await Promise.race([jobs.finished(job.id), aborted]);
  }

  #index(paths: readonly string[]): void {
    this.#running += 1;
    this.#runs = this.#runs
      .then(() => this.#run(paths))
      .catch(() => undefined)
      .finally(() => {
        this.#running -= 1;
        this.#stillLater();
      });
  }

  async #run(paths: readonly string[]): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const { store, indexing, jobs, device } = this.#parts;
    const before = new Map(paths.map((path) => [path, store.files.get(path)]));
    const job = indexing.start(await device(), {
      paths: new Set(paths),
      postpone: (path) => this.#after(postponeMs, () => this.#settling.touch([path])),
    });
    const { state } = await jobs.finished(job.id);
    if (state !== "done") for (const watch of this.#watches.values()) await watch.dropSnapshot();
    for (const [path, known] of before) {
      const change = changeOf(known, store.files.get(path));
      if (change !== null) this.#files.publish({ change, path, assetId: store.files.get(path)?.assetId ?? null });
    }
  }

  /** Keeps the state of the folders once they and the library have been in step for a while. */
  #stillLater(): void {
    clearTimeout(this.#stillTimer);
    if (this.#abort.signal.aborted) return;
    const pauseMs = Math.max(stillMs, this.#snapshotMs + snapshotIntervalMs - Date.now());
    this.#stillTimer = setTimeout(() => {
      if (!this.#isInStep()) return this.#stillLater();
      this.#snapshots = this.#snapshots.then(() => this.#keepSnapshots()).catch(() => undefined);
    }, pauseMs);
    this.#stillTimer.unref();
  }

  async #keepSnapshots(): Promise<void> {
    // What happened right before the snapshot is told a moment after it.
    const isStill = async (): Promise<boolean> => {
      await new Promise((resolve) => setTimeout(resolve, stillMs / 2));
      return this.#isInStep();
    };
    let isKept = true;
    for (const watch of this.#watches.values()) isKept = (await watch.saveSnapshot(isStill)) && isKept;
    if (!isKept) return this.#stillLater();
    this.#snapshotMs = Date.now();
  }

  #isInStep(): boolean {
    const latest = this.#parts.jobs.list().find((job) => job.kind === "index");
    const isIndexed = latest === undefined || latest.state === "done";
    return isIndexed && this.#running === 0 && this.#settling.size === 0 && !this.#abort.signal.aborted;
  }

  #after(pauseMs: number, work: () => void): void {
    if (this.#abort.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, pauseMs);
    this.#timers.add(timer);
  }
}

function changeOf(before: FileRecord | null, after: FileRecord | null): FileChange["change"] | null {
  if (after === null) return before === null ? null : "removed";
  if (after.assetId === null) return after.mtimeMs === before?.mtimeMs ? null : "skipped";
  if (before === null || before.assetId === null) return "added";
  return before.assetId === after.assetId ? null : "changed";
}
