/** @file A small seeded generator, so that the sample library is the same on every machine. */

/** Xorshift seeded by a whole number: `f` uniform in [0, 1), `u` in a range, `i` whole in a closed range, `pick` of a list, `g` normal. */
export function random(seed) {
  let state = (seed * 2654435761) >>> 0 || 1;
  const f = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
  for (let warmUp = 0; warmUp < 8; warmUp++) f();
  return {
    f,
    u: (low, high) => low + (high - low) * f(),
    i: (low, high) => Math.floor(low + (high - low + 1) * f()),
    pick: (list) => list[Math.floor(f() * list.length)],
    g: () => Math.sqrt(-2 * Math.log(f() + 1e-9)) * Math.cos(2 * Math.PI * f()),
  };
}

/** Smooth value noise over the unit square, in [-1, 1]. */
export function valueNoise(r, cells) {
  const grid = Array.from({ length: (cells + 1) ** 2 }, () => r.u(-1, 1));
  const smooth = (t) => t * t * (3 - 2 * t);
  const at = (column, row) => grid[row * (cells + 1) + column];
  return (u, v) => {
    const x = u * cells;
    const y = v * cells;
    const column = Math.min(cells - 1, Math.trunc(x));
    const row = Math.min(cells - 1, Math.trunc(y));
    const a = smooth(x - column);
    const b = smooth(y - row);
    const top = at(column, row) * (1 - a) + at(column + 1, row) * a;
    const bottom = at(column, row + 1) * (1 - a) + at(column + 1, row + 1) * a;
    return top * (1 - b) + bottom * b;
  };
}
