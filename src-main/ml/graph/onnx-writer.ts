/** @file Encodes an ONNX ModelProto by hand: the few messages a graph needs, in protobuf's wire format. Field numbers: onnx/onnx.proto. */
import type { Dimension, GraphDType, Value } from "./value";

/** A plain number is an INT, a list of numbers INTS; floats say so. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface GraphNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** A constant: its bytes inside the model, or a range of a file beside it. */
export interface Initializer {
  readonly name: string;
  readonly dtype: GraphDType;
  readonly shape: readonly number[];
  readonly content: { readonly bytes: Uint8Array } | { readonly location: string; readonly offset: number; readonly length: number };
}

export interface GraphModel {
  readonly irVersion: number;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly nodes: readonly GraphNode[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** TensorProto.DataType of an element type. */
const dataTypes: Readonly<Record<GraphDType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

/** The number ONNX gives an element type; also what Cast's `to` wants. */
export function dataTypeOf(dtype: GraphDType): number {
  return dataTypes[dtype];
}

/** Bytes of the ModelProto. */
export function encodeModel(model: GraphModel): Uint8Array {
  const graph = message([
    ...model.nodes.map((node) => nested(1, encodeNode(node))),
    text(2, "semblance"),
    ...model.initializers.map((initializer) => nested(5, encodeInitializer(initializer))),
    ...model.inputs.map((value) => nested(11, encodeValueInfo(value))),
    ...model.outputs.map((value) => nested(12, encodeValueInfo(value))),
  ]);
  return message([
    integer(1, model.irVersion),
    text(2, "semblance"),
    nested(7, graph),
    ...model.opsets.map((opset) => nested(8, message([text(1, opset.domain), integer(2, opset.version)]))),
  ]);
}

function encodeNode(node: GraphNode): Uint8Array {
  return message([
    ...node.inputs.map((name) => text(1, name)),
    ...node.outputs.map((name) => text(2, name)),
    text(3, `${node.outputs[0] ?? node.type}/node`),
    text(4, node.type),
    ...Object.entries(node.attributes).map(([name, value]) => nested(5, encodeAttribute(name, value))),
    ...(node.domain === "" ? [] : [text(7, node.domain)]),
  ]);
}

/** AttributeProto.AttributeType: FLOAT 1, INT 2, STRING 3, INTS 7. */
function encodeAttribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === "number") return message([text(1, name), integer(3, value), integer(20, 2)]);
  if (typeof value === "string") return message([text(1, name), text(4, value), integer(20, 3)]);
  if ("float" in value) return message([text(1, name), float(2, value.float), integer(20, 1)]);
  return message([text(1, name), ...value.map((item) => integer(8, item)), integer(20, 7)]);
}

function encodeInitializer(initializer: Initializer): Uint8Array {
  const { content } = initializer;
  const head = [...initializer.shape.map((size) => integer(1, size)), integer(2, dataTypeOf(initializer.dtype)), text(8, initializer.name)];
  if ("bytes" in content) return message([...head, nested(9, content.bytes)]);
  const entry = (key: string, value: string) => nested(13, message([text(1, key), text(2, value)]));
  return message([
    ...head,
    entry("location", content.location),
    entry("offset", String(content.offset)),
    entry("length", String(content.length)),
    integer(14, 1),
  ]);
}

function encodeValueInfo(value: Value): Uint8Array {
  const dimensions = value.shape.map((size) => nested(1, encodeDimension(size)));
  const tensorType = message([integer(1, dataTypeOf(value.dtype)), nested(2, message(dimensions))]);
  return message([text(1, value.name), nested(2, message([nested(1, tensorType)]))]);
}

function encodeDimension(size: Dimension): Uint8Array {
  return typeof size === "number" ? message([integer(1, size)]) : message([text(2, size)]);
}

// The wire format: every field is a varint key (number << 3 | wire type), then the payload.

function message(fields: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((total, field) => total + field.length, 0));
  let offset = 0;
  for (const field of fields) {
    bytes.set(field, offset);
    offset += field.length;
  }
  return bytes;
}

function integer(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(BigInt(field << 3)), ...varint(BigInt.asUintN(64, BigInt(value)))]);
}

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return message([Uint8Array.from(varint(BigInt((field << 3) | 5))), bytes]);
}

function text(field: number, value: string): Uint8Array {
  return nested(field, new TextEncoder().encode(value));
}

function nested(field: number, bytes: Uint8Array): Uint8Array {
  return message([Uint8Array.from([...varint(BigInt((field << 3) | 2)), ...varint(BigInt(bytes.length))]), bytes]);
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}
