import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, countOf, formOf, inForm, partOfHeads, widened } from "./feature-array";
import { dequantise, quantise } from "./quantised-array";

const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -60_000, max: 60_000 });
const shaped = fc
  .record({ heads: fc.integer({ min: 1, max: 4 }), tokens: fc.integer({ min: 1, max: 9 }), headDim: fc.integer({ min: 1, max: 6 }) })
  .chain((shape) => {
    const length = shape.heads * shape.tokens * shape.headDim;
    return fc.record({
      shape: fc.constant(shape),
      numbers: fc.float32Array({ minLength: length, maxLength: length, ...{ noNaN: true, min: -60_000, max: 60_000 } }),
    });
  });

describe("eight bits", () => {
  test("law: no number is off by more than half a step of its channel", () => {
    fc.assert(
      fc.property(shaped, ({ shape, numbers }) => {
        const kept = quantise(numbers, shape);
        const back = dequantise(kept);
        expect(back).toHaveLength(numbers.length);
        numbers.forEach((x, i) => {
          const channel = Math.floor(i / (shape.tokens * shape.headDim)) * shape.headDim + (i % shape.headDim);
          const step = kept.scale[channel] as number;
          // Beyond half a step only what float32 itself cannot tell apart.
          const rounding = 4 * 2 ** -24 * (Math.abs(x) + Math.abs(kept.mean[channel] as number) + 127 * step);
          expect(Math.abs((back[i] as number) - x)).toBeLessThanOrEqual(step / 2 + rounding + 1e-40);
        });
      }),
    );
  });

  test("law: a channel that does not vary is kept to float32", () => {
    fc.assert(
      fc.property(number, fc.integer({ min: 1, max: 300 }), (x, tokens) => {
        const back = dequantise(quantise(new Float32Array(tokens).fill(x), { heads: 1, headDim: 1 }));
        back.forEach((value) => expect(Math.abs(value - x)).toBeLessThanOrEqual(2 ** -23 * Math.abs(x)));
      }),
    );
  });

  test("what is no number stays none", () => {
    const kept = quantise(Float32Array.of(1, NaN, 3, 4), { heads: 1, headDim: 2 });
    expect([...dequantise(kept)].map(Number.isNaN)).toEqual([false, true, false, true]);
  });
});

describe("forms of an array", () => {
  const numbers = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
  const shape = { heads: 2, headDim: 3 };

  test("count, bytes and form of each", () => {
    const forms = [numbers, inForm(numbers, "float16", shape), inForm(numbers, "int8", shape)];
    expect(forms.map(formOf)).toEqual(["float32", "float16", "int8"]);
    expect(forms.map(countOf)).toEqual([24, 24, 24]);
    expect(forms.map(bytesOf)).toEqual([96, 48, 24 + 2 * 4 * 6]);
    forms.forEach((array) => widened(array).forEach((x, i) => expect(x).toBeCloseTo(numbers[i] as number, 1)));
  });

  test("what is rounded already is not rounded again, and eight bits are not made finer", () => {
    const [half, eight] = [inForm(numbers, "float16", shape), inForm(numbers, "int8", shape)];
    expect(inForm(half, "float16", shape)).toBe(half);
    expect(inForm(eight, "int8", shape)).toBe(eight);
    expect(inForm(eight, "float16", shape)).toBe(eight);
    expect(inForm(half, "int8", shape)).toEqual(quantise(widened(half), shape));
  });

  test("law: the heads of a part are those of the whole", () => {
    for (const form of ["float16", "int8"] as const) {
      const whole = inForm(numbers, form, shape);
      for (const part of [0, 1]) expect(widened(partOfHeads(whole, part, 2))).toEqual(widened(whole).subarray(part * 12, (part + 1) * 12));
    }
    expect(partOfHeads(numbers, 1, 2)).toEqual(numbers.subarray(12));
  });
});
