import { BinaryReader } from "@bufbuild/protobuf/wire";
import { expect, test } from "vitest";
import { encodeModel, type GraphModel } from "./onnx-writer";

type Field = number | bigint | Uint8Array;

/** Fields of a message by number, undecoded: varints as bigint, fixed32 as float, the rest as bytes. */
function decode(bytes: Uint8Array): Map<number, Field[]> {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, Field[]>();
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const value = wireType === 0 ? BigInt(reader.int64()) : wireType === 5 ? reader.float() : reader.bytes();
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

const parts = (message: Map<number, Field[]>, field: number) => (message.get(field) ?? []).map((bytes) => decode(bytes as Uint8Array));
const texts = (message: Map<number, Field[]>, field: number) =>
  (message.get(field) ?? []).map((bytes) => new TextDecoder().decode(bytes as Uint8Array));

const model: GraphModel = {
  irVersion: 10,
  opsets: [
    { domain: "", version: 21 },
    { domain: "com.microsoft", version: 1 },
  ],
  nodes: [
    {
      type: "Conv",
      domain: "com.microsoft",
      inputs: ["x", "", "w"],
      outputs: ["y"],
      attributes: { axis: -1, epsilon: { float: 0.5 }, mode: "nearest", pads: [0, 300, -2] },
    },
  ],
  initializers: [
    {
      name: "w",
      dtype: "bfloat16",
      shape: [2, 70_000],
      content: { location: "model.safetensors", offset: 5_000_000_000, length: 280_000 },
    },
    { name: "c", dtype: "int64", shape: [], content: { bytes: Uint8Array.of(1, 2, 3) } },
  ],
  inputs: [{ name: "x", dtype: "float32", shape: ["N", 3] }],
  outputs: [{ name: "y", dtype: "float16", shape: [] }],
};

const message = decode(encodeModel(model));
const [graph = new Map<number, Field[]>()] = parts(message, 7);

test("model: versions and operator sets", () => {
  expect(message.get(1)).toEqual([10n]);
  expect(parts(message, 8).map((opset) => [texts(opset, 1)[0], opset.get(2)?.[0]])).toEqual([
    ["", 21n],
    ["com.microsoft", 1n],
  ]);
});

test("nodes: names, the gap of a left-out operand, every kind of attribute", () => {
  const [node = new Map<number, Field[]>()] = parts(graph, 1);
  expect([texts(node, 1), texts(node, 2), texts(node, 4), texts(node, 7)]).toEqual([["x", "", "w"], ["y"], ["Conv"], ["com.microsoft"]]);
  const attributes = parts(node, 5).map((attribute) => [
    texts(attribute, 1)[0],
    attribute.get(20)?.[0],
    attribute.get(2)?.[0] ?? attribute.get(3)?.[0] ?? texts(attribute, 4)[0] ?? attribute.get(8),
  ]);
  expect(attributes).toEqual([
    ["axis", 2n, -1n],
    ["epsilon", 1n, 0.5],
    ["mode", 3n, "nearest"],
    ["pads", 7n, [0n, 300n, -2n]],
  ]);
});

test("initializers: external bytes by place, inline bytes as they are", () => {
  const [external = new Map<number, Field[]>(), inline = new Map<number, Field[]>()] = parts(graph, 5);
  expect([external.get(1), external.get(2), texts(external, 8), external.get(14)]).toEqual([[2n, 70_000n], [16n], ["w"], [1n]]);
  expect(parts(external, 13).map((entry) => [texts(entry, 1)[0], texts(entry, 2)[0]])).toEqual([
    ["location", "model.safetensors"],
    ["offset", "5000000000"],
    ["length", "280000"],
  ]);
  expect([inline.get(1), inline.get(2), inline.get(9), inline.get(14)]).toEqual([undefined, [7n], [Uint8Array.of(1, 2, 3)], undefined]);
});

test("inputs and outputs: element type and shape, symbols included", () => {
  const shapes = [...parts(graph, 11), ...parts(graph, 12)].map((value) => {
    const [type = new Map<number, Field[]>()] = parts(value, 2);
    const [tensor = new Map<number, Field[]>()] = parts(type, 1);
    const [shape = new Map<number, Field[]>()] = parts(tensor, 2);
    return [texts(value, 1)[0], tensor.get(1)?.[0], parts(shape, 1).map((size) => size.get(1)?.[0] ?? texts(size, 2)[0])];
  });
  expect(shapes).toEqual([
    ["x", 1n, ["N", 3n]],
    ["y", 10n, []],
  ]);
});
