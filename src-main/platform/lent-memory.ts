/**
 * @file Memory that is lent and used again. A system hands out fresh memory page by page and cleared; for files of megabytes that takes several
 * times as long as copying what is in them.
 */

/** Memory of so many bytes, with anything in it. */
export type Allocate = (size: number) => Uint8Array;

/** Memory that stays with whoever asks for it. */
export const allocateOwn: Allocate = (size) => Buffer.allocUnsafeSlow(size);

/** Memory that another thread reads where it lies: what is posted to it is not copied. */
const allocateShared: Allocate = (size) => new Uint8Array(new SharedArrayBuffer(size));

/** What one borrower holds, until it says that nothing in this memory is used any more. */
export interface Loan {
  readonly allocate: Allocate;
  end(): void;
}

export interface LentMemory {
  lend(): Loan;
}

/** Pieces are whole multiples of this, so that files of nearly one size fit into one another's. */
const granuleBytes = 2 ** 16;

/** Lends memory of `make`; there is never more of it than was lent at once. Beyond `mostBytes` a borrower gets memory of its own. */
export function createLentMemory(make: Allocate = allocateOwn, mostBytes = Infinity): LentMemory {
  const free: Uint8Array[] = [];
  let madeBytes = 0;

  function take(size: number): Uint8Array | null {
    // The last to come back is the likeliest to lie in a cache.
    const fitting = free.findLastIndex(({ byteLength }) => byteLength >= size);
    if (fitting >= 0) return free.splice(fitting, 1)[0] ?? null;
    const whole = Math.ceil(size / granuleBytes) * granuleBytes;
    if (madeBytes + whole > mostBytes) return null;
    madeBytes += whole;
    // Where none is large enough, one that is too small makes room for it.
    free.shift();
    return make(whole);
  }

  return {
    lend() {
      const lent: Uint8Array[] = [];
      return {
        allocate(size) {
          const piece = take(size);
          if (piece === null) return allocateOwn(size);
          lent.push(piece);
          return piece.subarray(0, size);
        },
        end: () => void free.push(...lent.splice(0)),
      };
    },
  };
}

/** Three times what one search reads ahead of Stable Diffusion. */
const mostSharedBytes = 256 * 2 ** 20;

/** For what is sent to the thread of the models. One for the process and bounded: the collector does not count shared memory, so what is given up stays for long. */
export const sharedMemory: LentMemory = createLentMemory(allocateShared, mostSharedBytes);
