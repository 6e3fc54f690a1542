/**
 * @file Tells what changed below a folder, now and since an earlier day. The only door to @parcel/watcher.
 *
 * [Note: What the events leave out] On Linux a folder that is moved in with folders inside is watched without these, a flood of events may overflow the
 * system's queue without a word, and links to folders are not followed. So events are hints where to look: who listens walks
 * new folders itself, compares the whole folder after a flood, and watches it anew where it got new folders.
 */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { getEventsSince, subscribe, writeSnapshot } from "@parcel/watcher";
import { temporarySuffix } from "../../platform/atomic-file";

export interface FolderEvent {
  readonly type: "create" | "update" | "delete";
  /** Absolute path of a file or folder. */
  readonly path: string;
}

export interface WatchOptions {
  /** Called with what changed, some tens of milliseconds after it did. */
  readonly onEvents: (events: readonly FolderEvent[]) => void;
  /** Called when the folder can no longer be watched. */
  readonly onError: (error: Error) => void;
  /** Folders without interest: the library's own. */
  readonly exclude: readonly string[];
}

export interface Watch {
  /** What changed between the snapshot at `path` and now. Throws when there is none. */
  eventsSince(path: string): Promise<readonly FolderEvent[]>;
  /** Writes the state of the folder; it takes its place when `isStill` says, a moment later, that nothing came in between. True when it did. */
  saveSnapshot(path: string, isStill: () => Promise<boolean>): Promise<boolean>;
  close(): Promise<void>;
}

let calls: Promise<unknown> = Promise.resolve();

/** The library below keeps one list of folders for all, and gives up a folder while it is asked about at the cost of the process: one call at a time. */
function inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
  const result = calls.then(call);
  calls = result.catch(() => undefined);
  return result;
}

/** Starts watching a folder and all below it. Throws when it cannot be watched, e.g. because the system allows no more watches. */
export async function watchFolder(root: string, { onEvents, onError, exclude }: WatchOptions): Promise<Watch> {
  // The library below reads some names as patterns; these folders are told apart by who listens.
  const options = { ignore: exclude.filter((path) => !/[*?[\]{}()!+@|]/.test(path)) };
  const subscription = await inTurn(() =>
    subscribe(root, (error, events) => (error === null ? onEvents(events) : onError(error)), options),
  );
  return {
    eventsSince: (path) => inTurn(() => getEventsSince(root, path, options)),
    async saveSnapshot(path, isStill) {
      const temporary = `${path}${temporarySuffix}`;
      await mkdir(dirname(path), { recursive: true });
      try {
        await inTurn(() => writeSnapshot(root, temporary, options));
        // A snapshot that a power cut left empty would be read as nonsense.
        const file = await open(temporary, "r+");
        await file.sync().finally(() => file.close());
        if (!(await isStill())) return false;
        await rename(temporary, path);
        return true;
      } finally {
        await rm(temporary, { force: true });
      }
    },
    // A drive that is gone has taken its watches with it.
    close: () => inTurn(() => subscription.unsubscribe()).catch(() => undefined),
  };
}

/** Why a folder cannot be watched, as one sentence. */
export function watchFailure(root: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/no space left|ENOSPC|too many open files|EMFILE/i.test(text))
    return `The system allows no more folders to be watched, so ${root} is looked through from time to time; a higher fs.inotify.max_user_watches helps.`;
  return `The system cannot watch ${root} (${text.trim()}), so it is looked through from time to time.`;
}
