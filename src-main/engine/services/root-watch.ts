/** @file Watches one root: by the system's events, or by looking through it from time to time where there are none. */
import { readdir, rm, stat } from "node:fs/promises";
import { dirname, relative, sep } from "node:path";
import type { LibraryRoot, WatchState } from "#shared/domain/library";
import { fileKindOf, isHidden, isSystemFolder } from "../../data/library/file-kinds";
import { whyPolled } from "../../data/library/remote-folders";
import { scanFolder } from "../../data/library/scanner";
import { type FolderEvent, type Watch, watchFailure, watchFolder } from "../../data/library/watcher";
import { isInFolder } from "../../data/store/path-test";
import type { Store } from "../../data/store/store-types";
import { toAppError } from "#shared/domain/app-error";
import { compareRoot } from "./index-plan";

/** Looking through a folder may take this share of the time at most. */
const pollShare = 0.05;
const shortestPollMs = 15_000;
const longestPollMs = 600_000;
/** So many events at once may have been more: the system's queue is bounded. */
const floodOfEvents = 1_000;
/** A new folder is often filled by the same move that made it. */
const rewatchMs = 1_000;

export interface RootWatchParts {
  readonly store: Store;
  /** Where the state of the folder is kept from one start to the next. */
  readonly snapshotPath: string;
  /** Told of files that may have come, changed or gone. */
  readonly onTouched: (paths: readonly string[]) => void;
  readonly onState: () => void;
  /** Settles when no index run is going: until then the library lags behind the folders by what that run does. */
  readonly untilIndexed: (signal: AbortSignal) => Promise<void>;
}

/** Watching of one root, from its making to `close`. */
export class RootWatch {
  readonly root: LibraryRoot;
  readonly #parts: RootWatchParts;
  readonly #abort = new AbortController();
  #watch: Watch | null = null;
  #state: WatchState = { mode: "off", note: null };
  #timer: NodeJS.Timeout | undefined;
  #eventsSeen = 0;
  #snapshotOfEvents = -1;
  /** Ends before `close` does, so that nothing is written into a library that is closed. */
  #work: Promise<void> = Promise.resolve();
  /** Pieces of work that have not ended: until then the library may not know what was seen. */
  #unfinished = 0;

  constructor(root: LibraryRoot, parts: RootWatchParts) {
    this.root = root;
    this.#parts = parts;
    this.#enqueue(() => this.#start());
  }

  get state(): WatchState {
    return this.#state;
  }

  /** Keeps the state of the folder for the next start. False where it could not, because something changed meanwhile. */
  async saveSnapshot(isStill: () => Promise<boolean>): Promise<boolean> {
    const seen = this.#eventsSeen;
    if (this.#unfinished > 0) return false;
    if (this.#watch === null || this.#snapshotOfEvents === seen || this.#abort.signal.aborted) return true;
    const isSame = async (): Promise<boolean> => (await isStill()) && this.#eventsSeen === seen;
    if (!(await this.#watch.saveSnapshot(this.#parts.snapshotPath, isSame))) return false;
    this.#snapshotOfEvents = seen;
    return true;
  }

  /** From the next start on the whole folder is compared again. */
  async dropSnapshot(): Promise<void> {
    this.#snapshotOfEvents = -1;
    await rm(this.#parts.snapshotPath, { force: true });
  }

  async close(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    await this.#work;
    await this.#watch?.close();
  }

  async #start(): Promise<void> {
    const { store, snapshotPath, untilIndexed } = this.#parts;
    const folderCount = store.assets.folders().filter((folder) => folder.rootId === this.root.id).length;
    const reason = await whyPolled(this.root.path, folderCount);
    if (reason !== null) return this.#poll(reason);
    if (!(await this.#subscribe())) return;
    await untilIndexed(this.#abort.signal);
    const events = await this.#watch?.eventsSince(snapshotPath).catch(() => null);
    if (events === null || events === undefined) await this.#compare();
    else await this.#take(events.filter(({ path }) => this.#isVisible(path)));
  }

  #see(all: readonly FolderEvent[]): void {
    const events = all.filter(({ path }) => this.#isVisible(path));
    if (events.length === 0) return;
    this.#eventsSeen += 1;
    this.#enqueue(() => this.#take(events));
  }

  async #restart(): Promise<void> {
    await this.#watch?.close();
    this.#watch = null;
    await this.#start();
  }

  /** False where it had to be given up for looking through the folder. */
  async #subscribe(): Promise<boolean> {
    try {
      this.#watch = await watchFolder(this.root.path, {
        onEvents: (events) => this.#see(events),
        onError: (error) => this.#enqueue(() => this.#giveUp(error)),
        exclude: [this.#parts.store.libraryPath],
      });
      this.#show({ mode: "watching", note: null });
      return true;
    } catch (error) {
      await this.#poll(watchFailure(this.root.path, error));
      return false;
    }
  }

  async #giveUp(error: Error): Promise<void> {
    await this.#watch?.close();
    this.#watch = null;
    await this.#poll(watchFailure(this.root.path, error));
  }

  async #poll(note: string): Promise<void> {
    this.#show({ mode: "polling", note });
    await this.#parts.untilIndexed(this.#abort.signal);
    const startedMs = Date.now();
    await this.#compare();
    const pauseMs = Math.min(longestPollMs, Math.max(shortestPollMs, (Date.now() - startedMs) / pollShare));
    this.#later(() => this.#poll(note), pauseMs);
  }

  /** Touches everything that differs from what the library knows. */
  async #compare(): Promise<void> {
    const { store, onTouched } = this.#parts;
    const { changed, removed, skipped } = await compareRoot(this.root, store, this.#abort.signal);
    const noted = new Map(store.issues.list(Number.MAX_SAFE_INTEGER).map((issue) => [issue.path, issue.message]));
    const left = skipped.filter((issue) => noted.get(issue.path) !== issue.message && issue.path !== this.root.path);
    // A file that could not be read is noted and has no record; a rescan asks for it again.
    const fresh = changed.filter(({ file }) => store.files.get(file.path) !== null || !noted.has(file.path));
    onTouched([...fresh.map(({ file }) => file.path), ...removed.map((file) => file.path), ...left.map((issue) => issue.path)]);
  }

  async #take(events: readonly FolderEvent[]): Promise<void> {
    const touched: string[] = [];
    const gone: string[] = [];
    let isBlind = events.length >= floodOfEvents;
    for (const { type, path } of events) {
      const isPicture = fileKindOf(path.slice(path.lastIndexOf(sep) + 1)).kind !== "other";
      if (isPicture) touched.push(path);
      if (type === "delete") gone.push(path);
      if (type !== "create" || isPicture || !(await isFolder(path))) continue;
      const { pictures, hasFolders } = await this.#lookInto(path);
      touched.push(...pictures);
      isBlind ||= hasFolders && process.platform === "linux";
    }
    if (gone.length > 0) touched.push(...this.#filesBelow(gone));
    if (touched.length > 0) this.#parts.onTouched(touched);
    if (isBlind) this.#later(() => this.#rewatch(), rewatchMs);
  }

  /** What is in a folder that is new. */
  async #lookInto(folder: string): Promise<{ readonly pictures: readonly string[]; readonly hasFolders: boolean }> {
    const pictures: string[] = [];
    try {
      for await (const entry of scanFolder(folder, { signal: this.#abort.signal })) pictures.push(entry.path);
      return { pictures, hasFolders: (await readdir(folder, { withFileTypes: true })).some((entry) => entry.isDirectory()) };
    } catch {
      // It is gone again, which is an event of its own.
      return { pictures, hasFolders: false };
    }
  }

  /** See [Note: What the events leave out]. */
  async #rewatch(): Promise<void> {
    await this.#watch?.close();
    this.#watch = null;
    if (await this.#subscribe()) await this.#compare();
  }

  /** Known files in folders that are gone. */
  #filesBelow(gone: readonly string[]): readonly string[] {
    const folders = new Set(gone.filter((path) => this.#parts.store.files.get(path) === null));
    if (folders.size === 0) return [];
    const isBelow = (path: string): boolean => {
      for (let folder = dirname(path); folder.length >= this.root.path.length; folder = dirname(folder)) {
        if (folders.has(folder)) return true;
        if (dirname(folder) === folder) return false;
      }
      return false;
    };
    return this.#parts.store.files.byRoot(this.root.id).flatMap((file) => (isBelow(file.path) ? [file.path] : []));
  }

  /** Whether a scan would come to this path: nothing hidden on the way, and not the library itself. */
  #isVisible(path: string): boolean {
    if (isInFolder(path, this.#parts.store.libraryPath)) return false;
    return !relative(this.root.path, path)
      .split(sep)
      .some((name) => isHidden(name) || isSystemFolder(name));
  }

  #show(state: WatchState): void {
    if (this.#state.mode === state.mode && this.#state.note === state.note) return;
    this.#state = state;
    this.#parts.onState();
  }

  #later(work: () => Promise<void>, pauseMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#enqueue(work), pauseMs);
  }

  #enqueue(work: () => Promise<void>): void {
    this.#unfinished += 1;
    this.#work = this.#work
      .then(() => this.#guarded(work))
      .finally(() => {
        this.#unfinished -= 1;
      });
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#abort.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.#show({ mode: "failed", note: toAppError(error).message });
      this.#later(() => this.#restart(), longestPollMs);
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
