/** @file Our tensors as ONNX Runtime takes them, and back; no numbers are copied. */
import type { Tensor as OrtTensorType } from "onnxruntime-node";
import { appError } from "#shared/domain/app-error";
import type { Tensor } from "../tensor/tensor";
import { OrtTensor } from "./onnx-runtime";

export function toOrtTensor(tensor: Tensor): OrtTensorType {
  const { shape } = tensor;
  switch (tensor.dtype) {
    case "float32":
      return new OrtTensor("float32", tensor.data, shape);
    case "float16":
      return new OrtTensor("float16", tensor.data, shape);
    case "int64":
      return new OrtTensor("int64", tensor.data, shape);
    case "int32":
      return new OrtTensor("int32", tensor.data, shape);
    case "uint8":
      return new OrtTensor("uint8", tensor.data, shape);
    case "int8":
      return new OrtTensor("int8", tensor.data, shape);
  }
}

export function fromOrtTensor(name: string, tensor: OrtTensorType): Tensor {
  const { data, dims: shape } = tensor;
  if (tensor.type === "float32" && data instanceof Float32Array) return { dtype: "float32", shape, data };
  if (tensor.type === "int64" && data instanceof BigInt64Array) return { dtype: "int64", shape, data };
  if (tensor.type === "int32" && data instanceof Int32Array) return { dtype: "int32", shape, data };
  if (tensor.type === "uint8" && data instanceof Uint8Array) return { dtype: "uint8", shape, data };
  if (tensor.type === "float16" && ArrayBuffer.isView(data)) {
    // Newer engines hand out a Float16Array; the bits are the same.
    return { dtype: "float16", shape, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2) };
  }
  throw appError("device/failed", `Output ${name} of the graph has the element type ${tensor.type}, which no stage can take.`);
}
