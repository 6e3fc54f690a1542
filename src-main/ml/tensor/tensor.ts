/** @file A shape and a typed array. The only carrier of numbers between stages. */

export type Shape = readonly number[];

interface TypedTensor<DType extends string, Data> {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: Data;
}

/** Row-major numbers; float16 is kept as raw bits in a Uint16Array. */
export type Tensor =
  | TypedTensor<"float32", Float32Array>
  | TypedTensor<"float16", Uint16Array>
  | TypedTensor<"int64", BigInt64Array>
  | TypedTensor<"int32", Int32Array>
  | TypedTensor<"uint8", Uint8Array>
  | TypedTensor<"int8", Int8Array>;

export type Float32Tensor = Extract<Tensor, { dtype: "float32" }>;
export type DType = Tensor["dtype"];

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Wraps float32 data; throws when the length does not fit the shape. */
export function tensor(shape: Shape, data: Float32Array): Float32Tensor {
  if (data.length !== elementCount(shape)) throw new Error(`${data.length} numbers do not fill a tensor of [${shape.join(", ")}]`);
  return { dtype: "float32", shape, data };
}
