import fc from "fast-check";
import { expect, test } from "vitest";
import { MersenneTwister } from "./mersenne-twister";
import { TorchGenerator } from "./torch-generator";

test("the word stream is the reference implementation's for its default seed", () => {
  const words = new MersenneTwister(5489);
  expect([words.nextWord(), words.nextWord(), words.nextWord()]).toEqual([3499211612, 581869302, 3890346734]);
  for (let i = 4; i < 10_000; i++) words.nextWord();
  expect(words.nextWord()).toBe(4123659995); // the 10 000th, as the C++ standard demands
});

test("law: equal seeds draw equal numbers, and only the low 32 bits count", () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), fc.nat(40), (seed, count) => {
      const drawn = new TorchGenerator(seed).randn(count);
      expect(drawn).toHaveLength(count);
      expect(drawn.every(Number.isFinite)).toBe(true);
      expect(new TorchGenerator(seed + 2 ** 32).randn(count)).toEqual(drawn);
    }),
  );
});

test("a large draw is standard normal", () => {
  const numbers = new TorchGenerator(7).randn(100_000);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  expect(Math.abs(mean)).toBeLessThan(0.01);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
});

test("state carries over: small draws of one generator continue each other", () => {
  const whole = new TorchGenerator(3).randn(6);
  const parts = new TorchGenerator(3);
  expect([...parts.randn(1), ...parts.randn(2), ...parts.randn(3)]).toEqual([...whole]);
});

test("a seed that is no integer is refused", () => {
  expect(() => new TorchGenerator(0.5)).toThrow("A seed is an integer");
});
