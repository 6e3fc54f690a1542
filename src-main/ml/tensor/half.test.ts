import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloat16ToFloat32, float16ToFloat32, float32ToFloat16 } from "./half";

const allBits = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
const isFloat16NaN = (bits: number) => (bits & 0x7fff) > 0x7c00;

test("every float16 survives widening and rounding", () => {
  const back = float32ToFloat16(float16ToFloat32(allBits));
  expect(allBits.filter((bits) => !isFloat16NaN(bits) && back[bits] !== bits)).toHaveLength(0);
  expect(allBits.filter((bits) => isFloat16NaN(bits) && !isFloat16NaN(back[bits] ?? 0))).toHaveLength(0);
});

test("known values", () => {
  expect([...float16ToFloat32(Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00))]).toEqual([
    1,
    -2,
    65504,
    2 ** -24,
    2 ** -14,
    Infinity,
  ]);
  expect([...float32ToFloat16(Float32Array.of(65519, 65520, -1e9, 2 ** -25, 2 ** -25 * 1.01, NaN))]).toEqual([
    0x7bff, 0x7c00, 0xfc00, 0, 1, 0x7e00,
  ]);
  expect([...bfloat16ToFloat32(Uint16Array.of(0x3f80, 0xc000))]).toEqual([1, -2]);
});

test("law: float16 rounding takes the nearest value, and the even one of two", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (value) => {
      const [bits = 0] = float32ToFloat16(Float32Array.of(value));
      const neighbours = Uint16Array.of(bits, bits + 1, (bits & 0x7fff) === 0 ? bits : bits - 1);
      const [found, ...others] = [...float16ToFloat32(neighbours)].map((candidate) => Math.abs(candidate - value));
      for (const [i, distance] of others.entries()) {
        if (!Number.isFinite(distance)) continue;
        expect(found).toBeLessThanOrEqual(distance);
        if (found === distance && neighbours[i + 1] !== bits) expect(bits % 2).toBe(0);
      }
    }),
  );
});
