/**
 * @file The fixed positions of a DiT's tokens: sines and cosines of column and row, computed in float64 and rounded once.
 * Source: facebookresearch/DiT `get_2d_sincos_pos_embed`; the column comes first.
 */

/** Positions of a square grid, row by row: [side * side, channels]. `channels` is a multiple of four. */
export function positionTable(channels: number, side: number): Float32Array {
  const quarter = channels / 4;
  const table = new Float32Array(side * side * channels);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const token = (row * side + column) * channels;
      for (const [half, position] of [column, row].entries()) {
        for (let i = 0; i < quarter; i++) {
          const angle = position / 10_000 ** (i / quarter);
          table[token + half * 2 * quarter + i] = Math.sin(angle);
          table[token + (half * 2 + 1) * quarter + i] = Math.cos(angle);
        }
      }
    }
  }
  return table;
}
