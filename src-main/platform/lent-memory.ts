/**
 * @file Memory that is lent and used again. A system hands out fresh memory page by page and cleared; for files of megabytes that takes several
 * times as long as copying what is in them.
 */

/** Memory of so many bytes, with anything in it. */
export type Allocate = (size: number) => Uint8Array;

/** Memory that stays with whoever asks for it. */
export const allocateOwn: Allocate = (size) => Buffer.allocUnsafeSlow(size);

/** What one borrower holds, until it says that nothing in this memory is used any more. */
export interface Loan {
  readonly allocate: Allocate;
  end(): void;
}

export interface LentMemory {
  lend(): Loan;
}

/** Lends memory; there is never more of it than was lent at once. */
export function createLentMemory(): LentMemory {
  const free: Uint8Array[] = [];

  function take(size: number): Uint8Array {
    const fitting = free.findIndex(({ byteLength }) => byteLength >= size);
    // Where none is large enough, one that is too small makes room for it.
    const [piece] = free.splice(Math.max(0, fitting), 1);
    return piece !== undefined && piece.byteLength >= size ? piece : allocateOwn(size);
  }

  return {
    lend() {
      const lent: Uint8Array[] = [];
      return {
        allocate(size) {
          const piece = take(size);
          lent.push(piece);
          return piece.subarray(0, size);
        },
        end: () => void free.push(...lent.splice(0)),
      };
    },
  };
}
