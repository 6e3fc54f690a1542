/** @file Remembers the promise of a costly call per key, and forgets it again when it fails. */

/** A call remembered by key. `has` says whether one is; `forget` makes the next call start afresh; `clear` forgets all. */
export interface MemoizedPromise<Key, Result> {
  (key: Key): Promise<Result>;
  has(key: Key): boolean;
  forget(key: Key): void;
  clear(): void;
}

/**
 * Wraps `load` so that calls with an equal key share one promise. A rejection is handed to everybody who waits and
 * then evicted, so that one bad moment (a drive that was not there) does not last for the life of the process.
 */
export function memoizePromise<Key, Result>(load: (key: Key) => Promise<Result>): MemoizedPromise<Key, Result> {
  const pending = new Map<Key, Promise<Result>>();
  const call = (key: Key): Promise<Result> => {
    const known = pending.get(key);
    if (known !== undefined) return known;
    const promise = load(key);
    pending.set(key, promise);
    promise.catch(() => {
      if (pending.get(key) === promise) pending.delete(key);
    });
    return promise;
  };
  return Object.assign(call, {
    has: (key: Key) => pending.has(key),
    forget: (key: Key) => void pending.delete(key),
    clear: () => pending.clear(),
  });
}
