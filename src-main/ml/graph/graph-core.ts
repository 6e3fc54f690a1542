/** @file Collects nodes, constants and weights of one graph and encodes them. The operators live in the classes that extend it. */
import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import { appError } from "#shared/domain/app-error";
import { brandId, type BrandedId } from "#shared/lib/branded-id";
import type { SafetensorsDType, TensorEntry } from "../weights/safetensors";
import type { StoredWeight, WeightFile, WeightReference } from "../weights/weight-reference";
import { encodeModel, type Attributes, type GraphNode, type Initializer, dataTypeOf } from "./onnx-writer";
import { defaultOpset, irVersionOf, microsoftDomain, type AttentionForm } from "./opset";
import { shapeMismatch } from "./shape-inference";
import { formatShape, type Dimension, type GraphDType, type Value } from "./value";

/** Hash of the authored graph and of the identity (path, size, time) of the weight files it reads. */
export type GraphId = BrandedId<"GraphId">;

/** Floating point operations of one run (a multiply-add counts two), symbolic sizes counted as one. */
export interface FlopCount {
  readonly conv: number;
  readonly linear: number;
  readonly attention: number;
}

/** A finished graph: the ONNX bytes and what the runtime must know beside them. */
export interface Graph {
  readonly bytes: Uint8Array;
  readonly id: GraphId;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly weightFolder: string | null;
  readonly weightFiles: readonly WeightFile[];
  /** Size of the weights it reads, as stored. */
  readonly weightBytes: number;
  /** The tensors it reads from files, each once for every shape it is seen in. */
  readonly weights: readonly TensorEntry[];
  readonly flops: FlopCount;
  /** The same graph over float32 copies of all its weights; they lie in one folder, each as many numbers in the same order. */
  overCopies(copyOf: (weight: TensorEntry) => StoredWeight): Graph;
}

export interface GraphOptions {
  readonly opset?: number;
  readonly attention?: AttentionForm;
}

/** A weight as stored and as the graph goes on with it. */
interface GraphWeight {
  readonly source: StoredWeight;
  readonly stored: Value;
  /** `stored` itself, or what a Cast makes of it. */
  readonly widened: Value;
}

export interface NodeResult {
  readonly dtype: GraphDType;
  readonly shape: readonly Dimension[];
}

/** Operands of a node; `null` leaves an optional one out. */
export type Operands = readonly (Value | null)[];

/** What a {@link GraphCore.constant} may hold. */
export type ConstantData = Float32Array | BigInt64Array | Int32Array;

/** Constants up to this many elements are shared when equal. */
const sharedConstantLimit = 64;

/** Element types of safetensors that a graph can read. */
const storedTypes: Partial<Record<SafetensorsDType, GraphDType>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  U8: "uint8",
  I8: "int8",
  BOOL: "bool",
};

export class GraphCore {
  readonly opset: number;
  readonly attention: AttentionForm;
  readonly #nodes: GraphNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #shared = new Map<string, Value>();
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #weights = new Map<string, GraphWeight>();
  readonly #flops = { conv: 0, linear: 0, attention: 0 };
  #weightFolder: string | null = null;
  #count = 0;

  constructor(options: GraphOptions = {}) {
    this.opset = options.opset ?? defaultOpset;
    this.attention = options.attention ?? "decomposed";
  }

  /** Declares an input of the graph. */
  input(name: string, dtype: GraphDType, shape: readonly Dimension[]): Value {
    const value: Value = { name, dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Declares `value` to be the output called `name`. */
  output(name: string, value: Value): void {
    if (this.#outputs.some((output) => output.name === name)) throw shapeMismatch("output", `"${name}" is declared twice`);
    this.#nodes.push({ type: "Identity", domain: "", inputs: [value.name], outputs: [name], attributes: {} });
    this.#outputs.push({ ...value, name });
  }

  /** A constant inside the model; small equal ones are shared. */
  constant(shape: readonly number[], data: ConstantData): Value {
    const dtype = data instanceof Float32Array ? "float32" : data instanceof BigInt64Array ? "int64" : "int32";
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== data.length) throw shapeMismatch("constant", `${data.length} numbers do not fill ${formatShape(shape)}`);
    const key = data.length <= sharedConstantLimit ? `${dtype}|${shape.join()}|${data.join()}` : null;
    const known = key === null ? undefined : this.#shared.get(key);
    if (known !== undefined) return known;
    const value: Value = { name: this.#unique("constant"), dtype, shape };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    this.#initializers.set(value.name, { name: value.name, dtype, shape, content: { bytes } });
    if (key !== null) this.#shared.set(key, value);
    return value;
  }

  /** A float32 constant of rank 0. */
  scalar(x: number): Value {
    return this.constant([], Float32Array.of(x));
  }

  /** A list of integers, as Reshape, Slice and the like take them. */
  integers(...values: readonly number[]): Value {
    return this.constant([values.length], BigInt64Array.from(values, BigInt));
  }

  /** A tensor of a checkpoint, read by the runtime from the checkpoint's own file; half precision is widened to float32. */
  weight(reference: WeightReference): Value {
    const { entry, shape, file } = reference;
    const isTransposed = entry.isTransposed === true;
    const key = `${entry.file}|${entry.offset}|${shape.join()}|${entry.dtype}|${isTransposed}`;
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    this.#weightFolder ??= dirname(entry.file);
    if (this.#weightFolder !== dirname(entry.file)) {
      const problem = `A graph reads its weights from one folder, but ${entry.file} is not in ${this.#weightFolder}.`;
      throw appError("graph/unsupported-config", problem);
    }
    const dtype = storedTypes[entry.dtype];
    if (dtype === undefined) {
      throw appError("checkpoint/unsupported", `${entry.name} is stored as ${entry.dtype}, which is not supported.`, {
        hint: "Use the float16 or float32 file of the model.",
      });
    }
    const taken = this.#initializers.has(entry.name) || this.#weights.has(entry.name);
    const storedShape = isTransposed ? entry.shape.toReversed() : shape;
    const stored: Value = { name: taken ? this.#unique(entry.name) : entry.name, dtype, shape: storedShape };
    const isWidened = dtype === "float16" || dtype === "bfloat16" || dtype === "float64";
    const widened: Value = isWidened ? { name: this.#unique("Cast"), dtype: "float32", shape: storedShape } : stored;
    this.#weights.set(stored.name, { source: { entry, file }, stored, widened });
    const value = isTransposed ? this.op("Transpose", [widened], { perm: [1, 0] }, { dtype: widened.dtype, shape: entry.shape }) : widened;
    this.#shared.set(key, value);
    return value;
  }

  /** Converts the element type. */
  cast(x: Value, dtype: GraphDType): Value {
    return x.dtype === dtype ? x : this.op("Cast", [x], { to: dataTypeOf(dtype) }, { dtype, shape: x.shape });
  }

  /** Adds one node with one result whose type the caller has inferred. */
  op(type: string, inputs: Operands, attributes: Attributes, result: NodeResult & { readonly domain?: string }): Value {
    const [value] = this.ops(type, inputs, attributes, {
      outputs: [result],
      ...(result.domain === undefined ? {} : { domain: result.domain }),
    });
    if (value === undefined) throw shapeMismatch(type, "has no result");
    return value;
  }

  /** Adds one node with several results. */
  ops(
    type: string,
    inputs: Operands,
    attributes: Attributes,
    options: { readonly outputs: readonly NodeResult[]; readonly domain?: string },
  ): readonly Value[] {
    const values = options.outputs.map((result) => ({ name: this.#unique(type), dtype: result.dtype, shape: result.shape }));
    this.#nodes.push({
      type,
      domain: options.domain ?? "",
      inputs: operandNames(inputs),
      outputs: values.map((value) => value.name),
      attributes,
    });
    return values;
  }

  /** Adds to the stated cost of a run. */
  countFlops(kind: keyof FlopCount, flops: number): void {
    this.#flops[kind] += flops;
  }

  /** Encodes the graph. */
  build(): Graph {
    return this.#encode([...this.#weights.values()]);
  }

  #encode(weights: readonly GraphWeight[]): Graph {
    const files = new Map(weights.map(({ source }) => [source.file.path, source.file]));
    const bytes = encodeModel({
      irVersion: irVersionOf(this.opset),
      opsets: [
        { domain: "", version: this.opset },
        { domain: microsoftDomain, version: 1 },
      ],
      nodes: [...weights.flatMap(widening), ...this.#nodes],
      initializers: [...this.#initializers.values(), ...weights.map(initializerOf)],
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
    const weightFiles = [...files.values()];
    const hash = createHash("sha256").update(bytes);
    for (const file of weightFiles) hash.update(`\n${file.path}|${file.sizeBytes}|${file.modifiedMs}`);
    return {
      bytes,
      id: brandId<GraphId>(hash.digest("hex").slice(0, 32)),
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      weightFolder: weightFiles[0] === undefined ? null : dirname(weightFiles[0].path),
      weightFiles,
      weightBytes: weights.reduce((bytes, { source }) => bytes + source.entry.byteLength, 0),
      weights: weights.map(({ source }) => source.entry),
      flops: { ...this.#flops },
      overCopies: (copyOf) =>
        this.#encode(weights.map(({ source, widened }) => ({ source: copyOf(source.entry), stored: widened, widened }))),
    };
  }

  #unique(prefix: string): string {
    this.#count += 1;
    return `${prefix}_${this.#count}`;
  }
}

/** A Cast where the graph computes in another type than the weight is stored in. */
function widening({ stored, widened }: GraphWeight): readonly GraphNode[] {
  if (stored === widened) return [];
  const attributes = { to: dataTypeOf(widened.dtype) };
  return [{ type: "Cast", domain: "", inputs: [stored.name], outputs: [widened.name], attributes }];
}

function initializerOf({ source: { entry }, stored: { name, dtype, shape } }: GraphWeight): Initializer {
  return {
    name,
    dtype,
    shape: shape as readonly number[],
    content: { location: basename(entry.file), offset: entry.offset, length: entry.byteLength },
  };
}

/** Left-out operands have the empty name; at the end they are not written at all, since some kernels crash on them. */
function operandNames(operands: Operands): string[] {
  const given = operands.findLastIndex((operand) => operand !== null) + 1;
  return operands.slice(0, given).map((operand) => operand?.name ?? "");
}
