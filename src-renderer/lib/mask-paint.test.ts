import fc from "fast-check";
import { expect, test } from "vitest";
import { countsAnything, painted } from "./mask-paint";

const blank = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height) });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = fc.record({ x: share, y: share });

test("a dot is round, and is taken away again by the same brush", () => {
  const dot = painted(
    blank(5, 5),
    [
      { x: 0.5, y: 0.5 },
      { x: 0.5, y: 0.5 },
    ],
    { radius: 0.2, adds: true },
  );
  expect([...dot.data].flatMap((bit, index) => (bit === 1 ? [index] : []))).toEqual([7, 11, 12, 13, 17]);
  const taken = painted(
    dot,
    [
      { x: 0.5, y: 0.5 },
      { x: 0.5, y: 0.5 },
    ],
    { radius: 0.2, adds: false },
  );
  expect(countsAnything(taken)).toBe(false);
});

test("a line covers its ends and every pixel between them, and leaves what was there as it was", () => {
  fc.assert(
    fc.property(place, place, fc.double({ min: 0, max: 0.5, noNaN: true }), (from, to, radius) => {
      const before = blank(16, 9);
      const after = painted(before, [from, to], { radius, adds: true });
      const at = ({ x, y }: typeof from) => after.data[Math.min(8, Math.floor(y * 9)) * 16 + Math.min(15, Math.floor(x * 16))];
      expect([at(from), at(to)]).toEqual([1, 1]);
      expect(countsAnything(before)).toBe(false);
      expect(painted(after, [to, from], { radius, adds: true })).toEqual(after);
    }),
  );
});
