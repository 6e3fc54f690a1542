/**
 * @file Numbered things found by their hash: open addressing with linear probing in two typed arrays.
 *
 * What the things are is the user's: it walks the candidates of a hash and compares. Things are only ever added.
 *
 *     for (let slot = slots.first(hash); slot >= 0; slot = slots.next(slot, hash)) if (isWanted(slots.at(slot))) ...
 */

const firstSlots = 64;

export class HashSlots {
  /** The number of the thing and one; 0 is a free slot. */
  #numbers = new Uint32Array(firstSlots);
  #hashes = new Uint32Array(firstSlots);
  #size = 0;

  /** The first slot of this hash (an unsigned 32-bit integer); -1 when there is none. */
  first(hash: number): number {
    return this.#probe(hash & (this.#numbers.length - 1), hash);
  }

  /** The slot of this hash after `slot`; -1 when there is none. */
  next(slot: number, hash: number): number {
    return this.#probe((slot + 1) & (this.#numbers.length - 1), hash);
  }

  /** The number in a slot. */
  at(slot: number): number {
    return (this.#numbers[slot] ?? 0) - 1;
  }

  add(hash: number, number: number): void {
    if (2 * this.#size >= this.#numbers.length) this.#grow();
    this.#put(hash, number + 1);
    this.#size += 1;
  }

  #probe(from: number, hash: number): number {
    const last = this.#numbers.length - 1;
    for (let slot = from; this.#numbers[slot] !== 0; slot = (slot + 1) & last) if (this.#hashes[slot] === hash) return slot;
    return -1;
  }

  #put(hash: number, entry: number): void {
    const last = this.#numbers.length - 1;
    let slot = hash & last;
    while (this.#numbers[slot] !== 0) slot = (slot + 1) & last;
    this.#numbers[slot] = entry;
    this.#hashes[slot] = hash;
  }

  #grow(): void {
    const [numbers, hashes] = [this.#numbers, this.#hashes];
    this.#numbers = new Uint32Array(2 * numbers.length);
    this.#hashes = new Uint32Array(2 * numbers.length);
    for (let slot = 0; slot < numbers.length; slot += 1) {
      const entry = numbers[slot] ?? 0;
      if (entry !== 0) this.#put(hashes[slot] ?? 0, entry);
    }
  }
}

/** Spreads the bits of a 32-bit integer over all of it. */
export function mixed(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}
