/** @file Vectors that cluster like features do, the same on every run. */
import type { RecipeId } from "#shared/domain/feature-recipe";
import { defined } from "#shared/lib/assert";
import { brandId } from "#shared/lib/branded-id";
import { seededRandom } from "#main/platform/seeded-random";

/** Pictures of a library come in groups; within one they differ in a few directions and a little noise. */
const clusters = 300;
const clusterRank = 16;
const noise = 0.02;

/** As long as the pooled feature of a diffusion model: what is searched. */
export const searchedRecipe = { id: brandId<RecipeId>("benchmark0640dim"), dimension: 640 } as const;

/** Unit vectors of a mixture of Gaussians of low rank, the same for the same `dimension`. */
export function vectorMixture(dimension: number): (row: number) => Float32Array {
  const random = seededRandom(7);
  const gaussian = (from: () => number): number => Math.sqrt(-2 * Math.log(1 - from())) * Math.cos(2 * Math.PI * from());
  const directions = (count: number): Float32Array[] =>
    Array.from({ length: count }, () => Float32Array.from({ length: dimension }, () => gaussian(random) / Math.sqrt(dimension)));
  const centres = directions(clusters);
  const spreads = Array.from({ length: clusters }, () => directions(clusterRank));
  return (row) => {
    const own = seededRandom(row + 1);
    const cluster = Math.floor(own() * clusters);
    const vector = Float32Array.from(defined(centres[cluster], "a cluster"));
    for (const direction of defined(spreads[cluster], "a cluster")) {
      const along = gaussian(own) * 0.3;
      for (let axis = 0; axis < dimension; axis += 1) vector[axis] = (vector[axis] ?? 0) + along * (direction[axis] ?? 0);
    }
    let squares = 0;
    for (let axis = 0; axis < dimension; axis += 1) {
      vector[axis] = (vector[axis] ?? 0) + ((own() - 0.5) * noise) / Math.sqrt(dimension);
      squares += (vector[axis] ?? 0) ** 2;
    }
    return vector.map((value) => value / Math.sqrt(squares));
  };
}
