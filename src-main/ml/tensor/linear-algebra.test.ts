import { expect, test } from "vitest";
import { assertFinite } from "./finite";
import { cosine, dot, norm, unit } from "./linear-algebra";

test("products, lengths and angles", () => {
  const [a, b] = [Float32Array.of(3, 4), Float32Array.of(4, -3)];
  expect([dot(a, a), norm(a), cosine(a, b), cosine(a, a)]).toEqual([25, 5, 0, 1]);
  expect(cosine(a, new Float32Array(2))).toBe(0);
  expect(norm(unit(a))).toBeCloseTo(1, 6);
  expect([...unit(new Float32Array(2))]).toEqual([0, 0]);
  expect(() => dot(a, new Float32Array(3))).toThrow();
});

test("damaged numbers are named, large ones are not damaged", () => {
  expect(() => assertFinite("unet", Float32Array.of(1, NaN))).toThrow(
    expect.objectContaining({ code: "weights/not-finite", message: expect.stringContaining("unet") as string }),
  );
  expect(() => assertFinite("unet", Float32Array.of(-Infinity))).toThrow();
  expect(() => assertFinite("unet", Float32Array.of(3e38, 3e38))).not.toThrow();
});
