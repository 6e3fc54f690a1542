/** @file One publisher, many async readers. A slow reader sees the newest value of each key instead of a growing backlog. */

export interface Broadcast<T> {
  /** Hands `value` to every reader that listens now. */
  publish(value: T): void;
  /** Values from now on, until `signal` fires or the broadcast is closed. */
  subscribe(signal?: AbortSignal): AsyncGenerator<T, void, undefined>;
  /** Ends every subscription. */
  close(): void;
}

interface Reader<T> {
  readonly pending: Map<string, T>;
  wake: () => void;
}

/** Creates a broadcast. `keyOf` names the thing a value is about; a newer value of the same key replaces one not read yet. */
export function createBroadcast<T>(keyOf: (value: T) => string): Broadcast<T> {
  const readers = new Set<Reader<T>>();
  let isClosed = false;

  function publish(value: T): void {
    for (const reader of readers) {
      reader.pending.set(keyOf(value), value);
      reader.wake();
    }
  }

  function subscribe(signal?: AbortSignal): AsyncGenerator<T, void, undefined> {
    // Registered here and not in the generator body, so that nothing is lost between the call and the first `next()`.
    const reader: Reader<T> = { pending: new Map(), wake: () => undefined };
    readers.add(reader);
    return read(reader, signal);
  }

  async function* read(reader: Reader<T>, signal: AbortSignal | undefined): AsyncGenerator<T, void, undefined> {
    const onAbort = (): void => reader.wake();
    signal?.addEventListener("abort", onAbort);
    try {
      while (!isClosed && signal?.aborted !== true) {
        const first = reader.pending.entries().next();
        if (first.done === true) {
          await new Promise<void>((resolve) => {
            reader.wake = resolve;
          });
          continue;
        }
        reader.pending.delete(first.value[0]);
        yield first.value[1];
      }
    } finally {
      readers.delete(reader);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  function close(): void {
    isClosed = true;
    for (const reader of readers) reader.wake();
  }

  return { publish, subscribe, close };
}
