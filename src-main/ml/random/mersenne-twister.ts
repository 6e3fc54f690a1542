/**
 * @file The Mersenne Twister MT19937, the word source of PyTorch's CPU generator.
 * Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 1998.
 */

const WORDS = 624;
const SHIFT = 397;
const MATRIX = 0x9908b0df;
const UPPER_BIT = 0x80000000;
const LOWER_BITS = 0x7fffffff;

/** A stream of uniform 32-bit words. */
export class MersenneTwister {
  readonly #state = new Uint32Array(WORDS);
  #used = WORDS;

  /** Only the low 32 bits of `seed` count. */
  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < WORDS; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next word, in [0, 2^32). */
  nextWord(): number {
    if (this.#used === WORDS) this.#twist();
    let word = this.#state[this.#used++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < WORDS; i++) {
      const mixed = (state[i]! & UPPER_BIT) | (state[(i + 1) % WORDS]! & LOWER_BITS);
      state[i] = state[(i + SHIFT) % WORDS]! ^ (mixed >>> 1) ^ (mixed & 1 ? MATRIX : 0);
    }
    this.#used = 0;
  }
}
