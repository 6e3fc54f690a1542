/** @file Scores against the middle of the references: the cosine with the mean of their vectors, where near-duplicates of one another count as one. */
import { cosine } from "../../ml/tensor/linear-algebra";

export interface Centroid {
  /** null for a picture without a vector, and where no reference has one. */
  scoreOf(vector: Float32Array | null): number | null;
  /** The same for the reference at a place, whose group is left out of the middle. */
  scoreOfReference(place: number): number | null;
}

/** The middle of unit vectors; `groups` has the number of each reference's group. */
export function createCentroid(vectors: readonly (Float32Array | null)[], groups: readonly number[]): Centroid {
  const members = new Map<number, Float32Array[]>();
  for (const [place, vector] of vectors.entries()) {
    const group = groups[place] ?? place;
    if (vector !== null) members.set(group, [...(members.get(group) ?? []), vector]);
  }
  const means = new Map([...members].map(([group, own]) => [group, meanOf(own)]));
  const middle = means.size === 0 ? null : meanOf([...means.values()]);
  return {
    scoreOf: (vector) => (vector === null || middle === null ? null : cosine(vector, middle)),
    scoreOfReference(place) {
      const vector = vectors[place] ?? null;
      const others = [...means].filter(([group]) => group !== groups[place]).map(([, mean]) => mean);
      return vector === null || others.length === 0 ? null : cosine(vector, meanOf(others));
    },
  };
}

/** Of at least one vector. */
function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [index, value] of vector.entries()) sum[index] = (sum[index] ?? 0) + value;
  return Float32Array.from(sum, (value) => value / vectors.length);
}
