import { MessageChannel } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateOwn, createLentMemory, type Loan, sharedMemory } from "./lent-memory";

describe("lent memory", () => {
  it("is used again once a loan has ended", () => {
    const memory = createLentMemory();
    const first = memory.lend();
    const { buffer } = first.allocate(1000);
    expect(memory.lend().allocate(1000).buffer).not.toBe(buffer);
    first.end();
    const again = memory.lend().allocate(400);
    expect(again.buffer).toBe(buffer);
    expect(again.byteLength).toBe(400);
  });

  it("grows with what is asked for, in place of what is too small", () => {
    const memory = createLentMemory();
    const first = memory.lend();
    const small = first.allocate(100_000);
    first.end();
    expect(memory.lend().allocate(200_000).byteLength).toBe(200_000);
    expect(memory.lend().allocate(100_000).buffer).not.toBe(small.buffer);
  });

  it("gives memory of the borrower's own where the most was lent, and does not take that back", () => {
    const memory = createLentMemory(allocateOwn, 200_000);
    const [first, second] = [memory.lend(), memory.lend()];
    const { buffer } = first.allocate(150_000);
    const own = second.allocate(150_000);
    expect(own.byteLength).toBe(150_000);
    second.end();
    first.end();
    expect(memory.lend().allocate(150_000).buffer).toBe(buffer);
    expect(memory.lend().allocate(150_000).buffer).not.toBe(own.buffer);
  });

  it("is read by another thread where it lies when it is shared", async () => {
    const loan = sharedMemory.lend();
    const bytes = loan.allocate(10);
    const { port1, port2 } = new MessageChannel();
    const received = new Promise<Uint8Array>((resolve) => port2.once("message", resolve));
    port1.postMessage(bytes);
    const there = await received;
    bytes.fill(7);
    expect([...there]).toEqual([...bytes]);
    port1.close();
    loan.end();
  });

  it("takes back what was lent only once", () => {
    const memory = createLentMemory();
    const loan = memory.lend();
    loan.allocate(10);
    loan.end();
    loan.end();
    expect(memory.lend().allocate(10).buffer).not.toBe(memory.lend().allocate(10).buffer);
  });

  it("never lends the same bytes to two", () => {
    const step = fc.oneof(fc.record({ size: fc.integer({ min: 0, max: 64 }) }), fc.record({ end: fc.nat(10) }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const memory = createLentMemory();
        const open: { readonly loan: Loan; readonly bytes: Uint8Array; readonly mark: number }[] = [];
        for (const [mark, taken] of steps.entries()) {
          if ("size" in taken) {
            const loan = memory.lend();
            open.push({ loan, bytes: loan.allocate(taken.size).fill(mark), mark });
            expect(open.at(-1)?.bytes.byteLength).toBe(taken.size);
          } else open.splice(taken.end, 1)[0]?.loan.end();
          for (const held of open) expect(held.bytes.every((byte) => byte === held.mark)).toBe(true);
        }
      }),
    );
  });
});
