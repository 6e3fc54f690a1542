/** @file Connects two stages that run at different speeds: the fast one waits instead of filling the memory. */

export interface BoundedQueue<Item> extends AsyncIterable<Item> {
  /** Waits while the queue is full. False when nobody takes items any more, so that the producer can stop. */
  push(item: Item): Promise<boolean>;
  /** No more items come; consumers end after the last one. */
  close(): void;
  /** Consumers throw `error` at once, and producers stop. */
  fail(error: unknown): void;
  readonly size: number;
}

/** A queue of at most `capacity` items for any number of producers and consumers; each item goes to one consumer, in order. */
export function createBoundedQueue<Item>(capacity: number): BoundedQueue<Item> {
  if (!(capacity >= 1)) throw new RangeError(`A queue of ${capacity} items would never pass one on`);
  const items: Item[] = [];
  const waitingForItem: (() => void)[] = [];
  const waitingForRoom: (() => void)[] = [];
  let state: { kind: "open" } | { kind: "closed" } | { kind: "failed"; error: unknown } = { kind: "open" };

  const wakeAll = () => {
    for (const wake of [...waitingForItem.splice(0), ...waitingForRoom.splice(0)]) wake();
  };

  const take = async (): Promise<IteratorResult<Item, undefined>> => {
    for (;;) {
      if (state.kind === "failed") throw state.error;
      if (items.length > 0) {
        const value = items.shift() as Item;
        waitingForRoom.shift()?.();
        return { done: false, value };
      }
      if (state.kind === "closed") return { done: true, value: undefined };
      await new Promise<void>((wake) => waitingForItem.push(wake));
    }
  };

  return {
    get size() {
      return items.length;
    },
    async push(item) {
      while (state.kind === "open" && items.length >= capacity) await new Promise<void>((wake) => waitingForRoom.push(wake));
      if (state.kind !== "open") return false;
      items.push(item);
      waitingForItem.shift()?.();
      return true;
    },
    close() {
      if (state.kind === "open") state = { kind: "closed" };
      wakeAll();
    },
    fail(error) {
      if (state.kind !== "failed") state = { kind: "failed", error };
      items.length = 0;
      wakeAll();
    },
    [Symbol.asyncIterator]: () => ({ next: take, return: async () => ({ done: true, value: undefined }) }),
  };
}
