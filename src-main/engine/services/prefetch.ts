/** @file Prepares items ahead of their consumer: in order, a bounded number at a time. */

/** Yields each item with what `prepare` made of it; at most `ahead` are being prepared or wait. `prepare` must not reject. */
export async function* prefetch<Item, Prepared>(
  items: readonly Item[],
  ahead: number,
  prepare: (item: Item) => Promise<Prepared>,
): AsyncGenerator<{ readonly item: Item; readonly prepared: Prepared }, void, undefined> {
  const waiting: { readonly item: Item; readonly prepared: Promise<Prepared> }[] = [];
  for (const item of items) {
    waiting.push({ item, prepared: prepare(item) });
    if (waiting.length < ahead) continue;
    const next = waiting.shift();
    if (next !== undefined) yield { item: next.item, prepared: await next.prepared };
  }
  for (const next of waiting) yield { item: next.item, prepared: await next.prepared };
}
