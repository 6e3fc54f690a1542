/** @file Tells when something changed below the roots. The only door to @parcel/watcher. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { subscribe } from "@parcel/watcher";
import { fileKindOf, isHidden } from "./file-kinds";

/** Copying a folder fires thousands of events; a scan is worth it once they pause. */
const quietMs = 1_500;
/** But a download that never pauses must not hold it up for ever. */
const latestMs = 30_000;

export interface WatchOptions {
  /** Called after changes that can matter, once things are quiet; not again before its promise has settled. It reports its own failures. */
  readonly onChange: () => Promise<void>;
  /** Called when a folder can no longer be watched: its drive went away, or the system's limit of watches is reached. */
  readonly onError: (root: string, error: Error) => void;
  /** Folders without interest: the library's own. */
  readonly exclude?: readonly string[];
  readonly quietMs?: number;
}

export interface Watch {
  close(): Promise<void>;
}

/** A change that can add or remove a picture: of a picture's file, or of something without extension, which may be a folder. */
function canMatter(path: string): boolean {
  const name = basename(path);
  return !isHidden(name) && (fileKindOf(name).kind !== "other" || !name.includes("."));
}

/** Calls of `work` that come together become one, and never two at once. */
function createDebounced(work: () => Promise<void>, pauseMs: number): { trigger(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let firstMs: number | null = null;
  let running: Promise<void> | null = null;
  let isStopped = false;
  const trigger = (): void => {
    if (isStopped) return;
    firstMs ??= Date.now();
    clearTimeout(timer);
    timer = setTimeout(run, Math.max(0, Math.min(pauseMs, firstMs + latestMs - Date.now())));
  };
  const run = (): void => {
    if (running !== null) {
      void running.then(trigger);
      return;
    }
    firstMs = null;
    const settled = (): void => {
      running = null;
    };
    running = work().then(settled, settled);
  };
  return {
    trigger,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Watches folders and all below them. Folders that are not there now are reported and left out. */
export async function watchFolders(roots: readonly string[], options: WatchOptions): Promise<Watch> {
  const changes = createDebounced(options.onChange, options.quietMs ?? quietMs);
  const watchOne = async (root: string) => {
    try {
      await stat(root);
      return await subscribe(
        root,
        (error, events) => {
          if (error !== null) options.onError(root, error);
          else if (events.some((event) => canMatter(event.path))) changes.trigger();
        },
        { ignore: [...(options.exclude ?? [])] },
      );
    } catch (error) {
      options.onError(root, error instanceof Error ? error : new Error(String(error)));
      return null;
    }
  };
  const subscriptions = await Promise.all(roots.map(watchOne));
  return {
    async close() {
      await Promise.all(subscriptions.map((subscription) => subscription?.unsubscribe()));
      await changes.stop();
    },
  };
}
