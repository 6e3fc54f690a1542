/**
 * @file A Gram matrix as a vector whose cosine is that of the matrices: exact while it is short, else a count sketch.
 * Source: Charikar et al., "Finding frequent items in data streams", 2002; for Gram features Gao et al., "Compact Bilinear Pooling", CVPR 2016.
 */
import { seededRandom } from "../../../platform/seeded-random";

/** Numbers kept of a matrix at most: a cosine c of the sketches is off by about (1 - c^2) / 64. */
const longest = 4096;
const sketchSeed = 1;

/**
 * The upper triangle of a symmetric [channels, channels] matrix, entries beside the diagonal counted twice.
 *
 * @returns channels * (channels + 1) / 2 numbers; of more than 4096, their sketch of 4096 numbers, the same for equal matrices
 */
export function gramVector(gram: Float32Array, channels: number): Float32Array {
  const triangle = new Float32Array((channels * (channels + 1)) / 2);
  let at = 0;
  for (let row = 0; row < channels; row++) {
    for (let column = row; column < channels; column++, at++) {
      triangle[at] = (gram[row * channels + column] ?? 0) * (row === column ? 1 : Math.SQRT2);
    }
  }
  return triangle.length <= longest ? triangle : sketch(triangle);
}

/** Adds every number, with a random sign, to one of the places: dot products are kept on average. */
function sketch(numbers: Float32Array): Float32Array {
  const random = seededRandom(sketchSeed);
  const result = new Float32Array(longest);
  for (const number of numbers) {
    const draw = Math.floor(random() * 2 * longest);
    const place = draw >> 1;
    result[place] = (result[place] ?? 0) + (draw % 2 === 0 ? number : -number);
  }
  return result;
}
