import { expect, test } from "vitest";
import { randomNumbers } from "../../../../tests/support/random-numbers";
import { cosine } from "../../tensor/linear-algebra";
import { gramVector } from "./gram-vector";

/** F Fᵀ of random features [channels, places] that share `common` of their numbers between seeds. */
function gramOf(channels: number, seed: number): Float32Array {
  const places = 40;
  const shared = randomNumbers(channels * places, 1);
  const own = randomNumbers(channels * places, seed);
  const features = shared.map((x, i) => x + 0.7 * (own[i] ?? 0));
  return Float32Array.from({ length: channels * channels }, (_, i) => {
    const [row, column] = [Math.floor(i / channels) * places, (i % channels) * places];
    let sum = 0;
    for (let place = 0; place < places; place++) sum += (features[row + place] ?? 0) * (features[column + place] ?? 0);
    return sum;
  });
}

test("a small matrix is kept whole: the cosine is that of the matrices", () => {
  const [a, b] = [gramOf(24, 2), gramOf(24, 3)];
  expect(gramVector(a, 24)).toHaveLength(300);
  expect(cosine(gramVector(a, 24), gramVector(b, 24))).toBeCloseTo(cosine(a, b), 6);
});

test("a large matrix is sketched: the cosine stays within three deviations, equal matrices stay equal", () => {
  const channels = 160;
  const a = gramOf(channels, 2);
  expect(gramVector(a, channels)).toHaveLength(4096);
  expect(gramVector(a, channels)).toEqual(gramVector(a, channels));
  for (let seed = 3; seed < 8; seed++) {
    const b = gramOf(channels, seed);
    const exact = cosine(a, b);
    expect(Math.abs(cosine(gramVector(a, channels), gramVector(b, channels)) - exact)).toBeLessThan((3 * (1 - exact ** 2)) / 64);
  }
});
