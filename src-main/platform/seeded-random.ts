/** @file Random choices that are the same on every machine. */

/** A pseudo-random source with a seed: numbers in [0, 1). Mulberry32 by Tommy Ettinger, public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The items, or `count` of them, in random order (Fisher-Yates, stopped early). */
export function shuffled<Item>(items: readonly Item[], random: () => number, count = items.length): readonly Item[] {
  const pool = [...items];
  const wanted = Math.min(count, pool.length);
  for (let index = 0; index < wanted; index += 1) {
    const other = index + Math.floor(random() * (pool.length - index));
    [pool[index], pool[other]] = [pool[other] as Item, pool[index] as Item];
  }
  return pool.slice(0, wanted);
}
