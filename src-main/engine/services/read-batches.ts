/** @file Reads items ahead of their consumer, into memory that is lent to each until its batch is done. */
import { type Allocate, type Loan, sharedMemory } from "../../platform/lent-memory";
import { prefetch } from "./prefetch";

/** Items of one run of a model: enough to keep a device busy, few enough to answer a cancelled question soon. */
const batchSize = 16;
/** Items that are being read or wait for their batch. Bounds memory: features of Stable Diffusion take 2.6 MB each. */
const readAhead = 16;

/** Yields what `read` made of the items, in their order; it may be used until the next batch is asked for. Throws what `read` throws, and the reason of an aborted signal. */
export async function* readBatches<Item, Read>(
  items: readonly Item[],
  read: (item: Item, allocate: Allocate) => Promise<Read>,
  signal?: AbortSignal,
): AsyncGenerator<readonly Read[], void, undefined> {
  const lent: { readonly loan: Loan; readonly reading: Promise<Read> }[] = [];
  const end = (count: number): void => {
    // What is still being read would be written over what somebody else reads there.
    for (const { loan, reading } of lent.splice(0, count)) void Promise.allSettled([reading]).then(() => loan.end());
  };
  const begun = prefetch(items, readAhead, async (item) => {
    const loan = sharedMemory.lend();
    const reading = read(item, loan.allocate);
    lent.push({ loan, reading });
    // A failure is told when its turn comes.
    await Promise.allSettled([reading]);
    return { reading };
  });
  try {
    let batch: Read[] = [];
    for await (const { prepared } of begun) {
      signal?.throwIfAborted();
      batch.push(await prepared.reading);
      if (batch.length < batchSize) continue;
      yield batch;
      end(batch.length);
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    end(lent.length);
  }
}
