/** @file Pictures as they come into folders, for commands that wait on another program's work. Needs no library, and no drive that tells of changes. */
import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { listPictures } from "./picture-listing";

/** A file is complete when it was the same at two looks with this between them. */
const lookMs = 1000;
/** Looking may take this share of the time at most. */
const lookShare = 0.05;

/**
 * Yields the pictures that are there (perhaps none) and then, again and again, those that have come or changed and are at rest. Ends when `signal` fires.
 * @throws image/unreadable for a path that is not there at the beginning, root/not-found for a folder that is gone later
 */
export async function* watchPictures(inputs: readonly string[], signal: AbortSignal): AsyncGenerator<readonly string[], void, undefined> {
  const told = new Map<string, string>();
  let earlier: ReadonlyMap<string, string> = new Map();
  let isFirst = true;
  while (!signal.aborted) {
    const startedMs = performance.now();
    const stamps = await stampsOf(inputs, signal);
    const restMs = Math.max(lookMs, (performance.now() - startedMs) / lookShare);
    const ready = [...stamps].filter(([path, stamp]) => earlier.get(path) === stamp && told.get(path) !== stamp);
    for (const [path, stamp] of ready) told.set(path, stamp);
    const isQuiet = [...stamps].every(([path, stamp]) => earlier.get(path) === stamp);
    earlier = stamps;
    if (ready.length > 0 || (isFirst && isQuiet)) {
      isFirst = false;
      yield ready.map(([path]) => path);
    }
    await pause(restMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Size and time of each picture; one without bytes has yet to be written. */
async function stampsOf(inputs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const stamps = new Map<string, string>();
  for (const path of (await listPictures(inputs, signal)).paths) {
    const found = await stat(path).catch(() => null);
    if (found !== null && found.size > 0) stamps.set(path, `${found.size} ${found.mtimeMs}`);
  }
  return stamps;
}
