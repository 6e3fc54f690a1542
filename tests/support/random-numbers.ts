/** @file Numbers that look random and are the same in every run. */

/** `count` roughly normal numbers (the sum of four even ones); other seeds give other numbers. */
export function randomNumbers(count: number, seed: number): Float32Array {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  if (state === 0) state = 1;
  return Float32Array.from({ length: count }, () => (next() + next() + next() + next()) * 0.87);
}
