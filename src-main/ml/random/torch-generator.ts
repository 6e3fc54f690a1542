/**
 * @file The noise of PyTorch's CPU generator: `torch.randn(..., generator=torch.Generator("cpu").manual_seed(seed))` in float32.
 * Equal up to the last bits of log, sine and cosine, which PyTorch approximates with vector instructions.
 * Source: PyTorch `DistributionTemplates.h` (CPU) and `TransformationHelper.h`.
 */
import { MersenneTwister } from "./mersenne-twister";

/** Draws of this many numbers or more are transformed in blocks; smaller ones pair by pair in double precision. */
const BLOCK = 16;

/** A seeded generator. Its state carries over from draw to draw, so the order of draws matters as it does in PyTorch. */
export class TorchGenerator {
  readonly #words: MersenneTwister;
  /** The sine half of the last pair of a small draw. It waits here for the next small draw, however many large ones come between. */
  #waitingNormal: number | null = null;

  /** As `manual_seed`: only the low 32 bits of an integer seed count. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new Error(`A seed is an integer, not ${seed}`);
    this.#words = new MersenneTwister(seed);
  }

  /** The next `count` standard normal numbers, in the order a tensor of that many elements is filled. */
  randn(count: number): Float32Array {
    return count < BLOCK ? Float32Array.from({ length: count }, () => this.#nextNormal()) : this.#normalBlocks(count);
  }

  #normalBlocks(count: number): Float32Array {
    const numbers = new Float32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = this.#uniform24();
    for (let start = 0; start + BLOCK <= count; start += BLOCK) boxMuller(numbers, start);
    if (count % BLOCK !== 0) {
      // The last 16 places are drawn afresh, overwriting what the blocks before left there.
      const start = count - BLOCK;
      for (let i = start; i < count; i++) numbers[i] = this.#uniform24();
      boxMuller(numbers, start);
    }
    return numbers;
  }

  #nextNormal(): number {
    const waiting = this.#waitingNormal;
    if (waiting !== null) {
      this.#waitingNormal = null;
      return waiting;
    }
    const angle = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#waitingNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  #uniform24(): number {
    return (this.#words.nextWord() & 0xffffff) / 2 ** 24;
  }

  /** 53 random bits of two words, the first one above the second. */
  #uniform53(): number {
    const high = this.#words.nextWord() & 0x1fffff;
    return (high * 2 ** 32 + this.#words.nextWord()) / 2 ** 53;
  }
}

/** Turns sixteen uniform numbers at `start` into normal ones: the first eight give the radius, the others the angle. */
function boxMuller(numbers: Float32Array, start: number): void {
  for (let i = start; i < start + BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - numbers[i]!));
    const angle = 2 * Math.PI * numbers[i + BLOCK / 2]!;
    numbers[i] = radius * Math.cos(angle);
    numbers[i + BLOCK / 2] = radius * Math.sin(angle);
  }
}
