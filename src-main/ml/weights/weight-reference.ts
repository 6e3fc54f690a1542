/** @file A promise that a tensor of a known shape lies in a file: what a graph needs to read it without loading it. */
import type { TensorEntry } from "./safetensors";

/** A weight file as it was when its header was read; any later difference means it was changed under us. */
export interface WeightFile {
  /** Absolute real path. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** A tensor with the file it lies in. */
export interface StoredWeight {
  readonly entry: TensorEntry;
  readonly file: WeightFile;
}

export interface WeightReference extends StoredWeight {
  /** The shape a graph sees; may differ from the stored one by a free reshape ([C] seen as [C, 1, 1]). */
  readonly shape: readonly number[];
}
