/** @file Waits until files that are being written have come to rest. */
import { stat } from "node:fs/promises";

/** A file is complete when neither size nor time changed for this long: longer than programs pause between two writes, short enough to be at hand. */
const restMs = 600;
const lookMs = 200;
/** Nothing in it yet: most were made a moment ago by a program that has still to think. */
const emptyRestMs = 10_000;
/** Files that are gone wait for those that come, since a move is both, but not for a download of an hour. */
const goneAtLatestMs = 15_000;
const looksAtOnce = 32;

export interface Settling {
  /** These files were made, changed or removed. */
  touch(paths: Iterable<string>): void;
  /** Files that have not come to rest. */
  readonly size: number;
  close(): void;
}

interface Waiting {
  /** Size and time, or "gone". */
  look: string | null;
  isEmpty: boolean;
  sinceMs: number;
  readonly firstMs: number;
}

/** Calls `onReady` with files that have come to rest, also with those that are gone, in one call where they do together. */
export function createSettling(onReady: (paths: readonly string[]) => void): Settling {
  const waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function look(path: string, entry: Waiting): Promise<void> {
    const stats = await stat(path).catch(() => null);
    const now = stats === null ? "gone" : `${stats.size} ${stats.mtimeMs}`;
    if (now === entry.look) return;
    entry.look = now;
    entry.isEmpty = stats?.size === 0;
    entry.sinceMs = Date.now();
  }

  function ready(): readonly string[] {
    const now = Date.now();
    const isComing = [...waiting.values()].some((entry) => entry.look !== "gone" && !isAtRest(entry, now));
    return [...waiting]
      .filter(([, entry]) => isAtRest(entry, now) && (entry.look !== "gone" || !isComing || now - entry.firstMs > goneAtLatestMs))
      .map(([path]) => path);
  }

  async function tick(): Promise<void> {
    const entries = [...waiting];
    for (let start = 0; start < entries.length && !isClosed; start += looksAtOnce)
      await Promise.all(entries.slice(start, start + looksAtOnce).map(([path, entry]) => look(path, entry)));
    timer = null;
    if (isClosed) return;
    const paths = ready();
    for (const path of paths) waiting.delete(path);
    if (paths.length > 0) onReady(paths);
    schedule();
  }

  function schedule(): void {
    if (waiting.size > 0 && !isClosed) timer ??= setTimeout(() => void tick(), lookMs);
  }

  return {
    touch(paths) {
      for (const path of paths) {
        const now = Date.now();
        if (!waiting.has(path)) waiting.set(path, { look: null, isEmpty: false, sinceMs: now, firstMs: now });
      }
      schedule();
    },
    get size() {
      return waiting.size;
    },
    close() {
      isClosed = true;
      waiting.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function isAtRest({ look, isEmpty, sinceMs }: Waiting, now: number): boolean {
  return look !== null && now - sinceMs >= (isEmpty ? emptyRestMs : restMs);
}
