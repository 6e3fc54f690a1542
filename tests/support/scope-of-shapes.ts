/** @file Tensors that have a name and a shape and lie nowhere: for what is decided before any number is read. */
import type { TensorEntry } from "#main/ml/weights/safetensors";
import { collectScopes, weightScope, type WeightScope } from "#main/ml/weights/weight-scope";

export function scopeOfShapes(shapes: Readonly<Record<string, readonly number[]>>): WeightScope {
  const entry = (name: string, shape: readonly number[]): TensorEntry => ({
    name,
    shape,
    dtype: "F32",
    file: "nowhere.safetensors",
    offset: 0,
    byteLength: 0,
  });
  const tensors = new Map(Object.entries(shapes).map(([name, shape]) => [name, entry(name, shape)]));
  return weightScope({ tensors, files: new Map(), scopes: collectScopes(tensors.keys()), label: "nowhere.safetensors" }, "");
}
