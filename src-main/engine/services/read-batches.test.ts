import { describe, expect, it } from "vitest";
import type { Allocate } from "../../platform/lent-memory";
import { readBatches } from "./read-batches";

const numbers = Array.from({ length: 100 }, (_, index) => index);

/** A number in the memory that is given; later ones are often read earlier. */
async function readNumber(number: number, allocate: Allocate): Promise<Uint8Array> {
  const bytes = allocate(1);
  await new Promise((resolve) => setTimeout(resolve, number % 3));
  return bytes.fill(number);
}

const soon = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));

describe("batches that are read ahead", () => {
  it("hold every item in its order until the next is asked for, in memory that is used again", async () => {
    const read: number[] = [];
    const buffers = new Set<ArrayBufferLike>();
    for await (const batch of readBatches(numbers, readNumber)) {
      await soon();
      read.push(...batch.map(([number]) => number ?? NaN));
      for (const { buffer } of batch) buffers.add(buffer);
    }
    expect(read).toEqual(numbers);
    expect(buffers.size).toBeLessThan(numbers.length / 2);
  });

  it("give their memory back when no more is asked for", async () => {
    const buffers = new Set<ArrayBufferLike>();
    for (const _ of numbers.slice(0, 20)) {
      for await (const batch of readBatches(numbers, readNumber)) {
        for (const { buffer } of batch) buffers.add(buffer);
        break;
      }
      await soon();
    }
    expect(buffers.size).toBeLessThan(numbers.length);
  });

  it("lend to nobody else what is still being read", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const late = async (number: number, allocate: Allocate): Promise<Uint8Array> => {
      const bytes = allocate(1);
      if (number >= 16) await gate;
      return bytes.fill(255);
    };
    for await (const _ of readBatches(numbers, late)) break;
    const read: number[] = [];
    for await (const batch of readBatches(numbers, readNumber)) {
      open();
      await soon();
      read.push(...batch.map(([number]) => number ?? NaN));
    }
    expect(read).toEqual(numbers);
  });

  it("throw what cannot be read when its turn comes, and the reason of a signal", async () => {
    const seen: number[] = [];
    const failing = async (number: number): Promise<number> => {
      if (number >= 20) throw new Error(`${number} cannot be read`);
      return Promise.resolve(number);
    };
    const reading = async (signal?: AbortSignal): Promise<void> => {
      for await (const batch of readBatches(numbers, failing, signal)) seen.push(...batch);
    };
    await expect(reading()).rejects.toThrow("20 cannot be read");
    expect(seen).toEqual(numbers.slice(0, 16));
    await expect(reading(AbortSignal.abort(new Error("Enough")))).rejects.toThrow("Enough");
  });
});
