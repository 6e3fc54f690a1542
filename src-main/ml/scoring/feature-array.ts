/** @file The numbers of one feature of a picture in any of the forms they are kept in. */
import { float16ToFloat32, float32ToFloat16 } from "../tensor/half";
import { dequantise, quantise, type QuantisedArray } from "./quantised-array";

/** As computed (float32), as stored at half precision (raw float16 bits), or as stored in eight bits: [heads, tokens, headDim]. */
export type FeatureArray = Float32Array | Uint16Array | QuantisedArray;

export type FeatureArrayForm = "float32" | "float16" | "int8";

export function formOf(array: FeatureArray): FeatureArrayForm {
  if (array instanceof Float32Array) return "float32";
  return array instanceof Uint16Array ? "float16" : "int8";
}

/** How many numbers there are. */
export function countOf(array: FeatureArray): number {
  return isPlain(array) ? array.length : array.values.length;
}

/** What they take in memory. */
export function bytesOf(array: FeatureArray): number {
  return isPlain(array) ? array.byteLength : array.values.byteLength + array.scale.byteLength + array.mean.byteLength;
}

/** The numbers as float32; float32 itself is passed on. */
export function widened(array: FeatureArray): Float32Array {
  if (array instanceof Float32Array) return array;
  return array instanceof Uint16Array ? float16ToFloat32(array) : dequantise(array);
}

/** The heads of one of several equal parts, counted from 0; memory is shared. */
export function partOfHeads(array: FeatureArray, part: number, parts: number): FeatureArray {
  const cut = <Numbers extends Float32Array | Uint16Array | Int8Array>(numbers: Numbers) =>
    numbers.subarray((part * numbers.length) / parts, ((part + 1) * numbers.length) / parts) as Numbers;
  if (isPlain(array)) return cut(array);
  return { ...array, values: cut(array.values), scale: cut(array.scale), mean: cut(array.mean) };
}

/** The same numbers in another form. Numbers that were rounded before are not refined: eight bits stay eight bits. */
export function inForm(
  array: FeatureArray,
  form: Exclude<FeatureArrayForm, "float32">,
  shape: { readonly heads: number; readonly headDim: number },
): FeatureArray {
  if (!isPlain(array)) return array;
  if (form === "int8") return quantise(widened(array), shape);
  return array instanceof Float32Array ? float32ToFloat16(array) : array;
}

function isPlain(array: FeatureArray): array is Float32Array | Uint16Array {
  return ArrayBuffer.isView(array);
}
