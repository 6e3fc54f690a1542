/**
 * @file Interpolates DINOv2's learned position embeddings to the patch grid of the picture, computed once while the graph is authored.
 * Source: transformers 4.44 modeling_dinov2.py `interpolate_pos_encoding`, transformers 5 modeling_dinov2_with_registers.py;
 * PyTorch's `upsample_bicubic2d` and `_upsample_bicubic2d_aa` (quirks D5-D7 of QUIRKS-vision).
 */

/**
 * - `offset`: source coordinate (i + 0.5) * source / (target + 0.1) - 0.5, a = -0.75, borders repeated; what the published code runs.
 * - `size`: the same with source / target.
 * - `size-antialiased`: source / target, filter widened when shrinking, a = -0.5, window cut at the borders and renormalised; models with registers.
 */
export const positionInterpolations = ["offset", "size", "size-antialiased"] as const;
export type PositionInterpolation = (typeof positionInterpolations)[number];

/** The pixels a picture has when it enters the network; a remainder smaller than a patch is cut off. */
export interface InputSize {
  readonly height: number;
  readonly width: number;
  readonly patchSize: number;
}

export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
}

/** Whole patches of a picture. */
export function patchGrid(size: InputSize): PatchGrid {
  return { rows: Math.floor(size.height / size.patchSize), columns: Math.floor(size.width / size.patchSize) };
}

/** Sparse weights of one output sample: the first source index and one weight for each following source sample. */
interface Tap {
  readonly indices: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Resizes a square table of position embeddings.
 *
 * @param table [side * side, channels], row by row, without the class token
 * @returns [rows * columns, channels]; the table itself when the input is square and has as many patches as the table has rows
 */
export function interpolatePositions(
  table: Float32Array,
  channels: number,
  options: { readonly size: InputSize; readonly interpolation: PositionInterpolation },
): Float32Array {
  const { size, interpolation } = options;
  const grid = patchGrid(size);
  const side = Math.round(Math.sqrt(table.length / channels));
  if (grid.rows * grid.columns === side * side && size.height === size.width) return table;
  const vertical = sampleTaps(side, grid.rows, interpolation);
  const horizontal = sampleTaps(side, grid.columns, interpolation);
  const result = new Float32Array(grid.rows * grid.columns * channels);
  const sum = new Float64Array(channels);
  vertical.forEach((rowTap, row) => {
    horizontal.forEach((columnTap, column) => {
      sum.fill(0);
      rowTap.indices.forEach((sourceRow, y) => {
        columnTap.indices.forEach((sourceColumn, x) => {
          const weight = (rowTap.weights[y] ?? 0) * (columnTap.weights[x] ?? 0);
          const from = (sourceRow * side + sourceColumn) * channels;
          for (let c = 0; c < channels; c += 1) sum[c] = (sum[c] ?? 0) + weight * (table[from + c] ?? 0);
        });
      });
      result.set(sum, (row * grid.columns + column) * channels);
    });
  });
  return result;
}

function sampleTaps(source: number, target: number, interpolation: PositionInterpolation): readonly Tap[] {
  const outputs = Array.from({ length: target }, (_, index) => index);
  if (interpolation === "size-antialiased") return outputs.map((index) => antialiasedTap(index, source, target));
  const scale = source / (interpolation === "offset" ? target + 0.1 : target);
  return outputs.map((index) => bicubicTap((index + 0.5) * scale - 0.5, source));
}

/** Four samples around `coordinate`; those beyond the border repeat the border. */
function bicubicTap(coordinate: number, source: number): Tap {
  const base = Math.floor(coordinate);
  const offsets = [-1, 0, 1, 2];
  return {
    indices: offsets.map((offset) => Math.min(Math.max(base + offset, 0), source - 1)),
    weights: offsets.map((offset) => cubic(coordinate - base - offset, -0.75)),
  };
}

/** All samples under the widened filter, cut at the borders and renormalised. */
function antialiasedTap(index: number, source: number, target: number): Tap {
  const scale = source / target;
  const widening = Math.max(scale, 1);
  const centre = (index + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - 2 * widening + 0.5));
  const end = Math.min(source, Math.trunc(centre + 2 * widening + 0.5));
  const indices = Array.from({ length: end - first }, (_, offset) => first + offset);
  const weights = indices.map((sample) => cubic((sample - centre + 0.5) / widening, -0.5));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { indices, weights: weights.map((weight) => weight / total) };
}

/** Keys' cubic convolution kernel with parameter `a`. */
function cubic(position: number, a: number): number {
  const x = Math.abs(position);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return ((x - 5) * x + 8) * x * a - 4 * a;
  return 0;
}
