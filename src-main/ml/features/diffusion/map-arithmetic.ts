/**
 * @file Feature maps made smaller, averaged and laid one upon another.
 * Source: `FeatureStore.store` and `--aggregate_output` of generic-diffusion-feature; `SDRepresentation.concat` of sdhelper.
 */
import { appError } from "#shared/domain/app-error";
import { tensor, type Float32Tensor } from "../../tensor/tensor";

/** Means over `factor` x `factor` cells of a [C, H, W] tensor, as adaptive average pooling to H / factor x W / factor; other ranks stay as they are. */
export function pooledMap(map: Float32Tensor, factor: number): Float32Tensor {
  const [channels = 1, height = 1, width = 1] = map.shape;
  if (factor === 1 || map.shape.length !== 3) return map;
  const [rows, columns] = [Math.max(1, Math.floor(height / factor)), Math.max(1, Math.floor(width / factor))];
  const pooled = new Float32Array(channels * rows * columns);
  for (let i = 0; i < pooled.length; i++) {
    const channel = Math.floor(i / (rows * columns));
    const [top, bottom] = window(Math.floor(i / columns) % rows, height, rows);
    const [left, right] = window(i % columns, width, columns);
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += map.data[(channel * height + y) * width + x] ?? 0;
    }
    pooled[i] = sum / ((bottom - top) * (right - left));
  }
  return tensor([channels, rows, columns], pooled);
}

/** Which of `size` cells the cell `index` of `count` is the mean of: windows may overlap where the sizes do not divide. */
function window(index: number, size: number, count: number): readonly [from: number, to: number] {
  return [Math.floor((index * size) / count), Math.ceil(((index + 1) * size) / count)];
}

/** The mean of tensors of one shape. */
export function meanOf(tensors: readonly Float32Tensor[]): Float32Tensor {
  const [first] = tensors as readonly [Float32Tensor, ...Float32Tensor[]];
  if (tensors.length === 1) return first;
  const mean = first.data.map((_, i) => tensors.reduce((sum, { data }) => sum + (data[i] ?? 0), 0) / tensors.length);
  return tensor(first.shape, mean);
}

/**
 * How maps of several sizes get one size. `nearest` enlarges to the largest. `repeat` enlarges to the smallest doubled until the largest fits, by whole
 * factors; what then is not covered, at the right and the bottom, is zero.
 */
export type Enlargement = "nearest" | "repeat";

/**
 * Maps [C, H, W] one upon another: [sum of C, H, W].
 *
 * @throws usage/invalid naming a value that is no map
 */
export function stackedMaps(maps: ReadonlyMap<string, Float32Tensor>, enlargement: Enlargement): Float32Tensor {
  for (const [name, { shape }] of maps) {
    if (shape.length !== 3 || shape[1] !== shape[2])
      throw appError("usage/invalid", `${name} is [${shape.join(", ")}] and no feature map, so it cannot be laid upon others.`, {
        hint: "Leave it out, or leave out --concat. Attentions are maps by their names of the vocabulary (…-self-q) or by …attn1.to_q.",
      });
  }
  const sides = [...maps.values()].map(({ shape }) => shape[2] ?? 1);
  const side = enlargement === "nearest" ? Math.max(...sides) : doubledToCover(Math.min(...sides), Math.max(...sides));
  const enlarged = [...maps.values()].map((map) => enlargedMap(map, side, enlargement));
  const stacked = new Float32Array(enlarged.reduce((sum, { length }) => sum + length, 0));
  let start = 0;
  for (const map of enlarged) {
    stacked.set(map, start);
    start += map.length;
  }
  return tensor([stacked.length / (side * side), side, side], stacked);
}

function doubledToCover(smallest: number, largest: number): number {
  return smallest * 2 ** Math.ceil(Math.log2(largest / smallest));
}

function enlargedMap({ shape, data }: Float32Tensor, side: number, enlargement: Enlargement): Float32Array {
  const [channels = 1, , width = 1] = shape;
  const factor = enlargement === "nearest" ? side / width : Math.floor(side / width);
  const enlarged = new Float32Array(channels * side * side);
  for (let i = 0; i < enlarged.length; i++) {
    const channel = Math.floor(i / (side * side));
    const [row, column] = [Math.floor((Math.floor(i / side) % side) / factor), Math.floor((i % side) / factor)];
    if (row < width && column < width) enlarged[i] = data[(channel * width + row) * width + column] ?? 0;
  }
  return enlarged;
}
