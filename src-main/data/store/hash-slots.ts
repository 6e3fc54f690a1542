/**
 * @file Numbered things found by their hash: open addressing with linear probing in a typed array.
 *
 * What the things are is the user's: it walks the candidates of a hash and compares. Things are only ever added.
 *
 *     for (let slot = slots.first(hash); slot >= 0; slot = slots.next(slot, hash)) if (isWanted(slots.at(slot))) ...
 */

const firstSlots = 64;

export class HashSlots {
  /** Two numbers a slot, side by side since they are read together: the number of the thing and one (0 in a free slot), and its hash. */
  #slots = new Uint32Array(2 * firstSlots);
  #size = 0;

  /** The first slot of this hash (an unsigned 32-bit integer); -1 when there is none. */
  first(hash: number): number {
    return this.#probe(2 * hash, hash);
  }

  /** The slot of this hash after `slot`; -1 when there is none. */
  next(slot: number, hash: number): number {
    return this.#probe(slot + 2, hash);
  }

  /** The number in a slot. */
  at(slot: number): number {
    return (this.#slots[slot] ?? 0) - 1;
  }

  add(hash: number, number: number): void {
    if (4 * this.#size >= this.#slots.length) this.#grow();
    this.#put(hash, number + 1);
    this.#size += 1;
  }

  #probe(from: number, hash: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    for (let slot = from & last; slots[slot] !== 0; slot = (slot + 2) & last) if (slots[slot + 1] === hash) return slot;
    return -1;
  }

  #put(hash: number, entry: number): void {
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = (2 * hash) & last;
    while (slots[slot] !== 0) slot = (slot + 2) & last;
    slots[slot] = entry;
    slots[slot + 1] = hash;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(2 * slots.length);
    for (let slot = 0; slot < slots.length; slot += 2) {
      const entry = slots[slot] ?? 0;
      if (entry !== 0) this.#put(slots[slot + 1] ?? 0, entry);
    }
  }
}

/** Spreads the bits of a 32-bit integer over all of it. */
export function mixed(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}
