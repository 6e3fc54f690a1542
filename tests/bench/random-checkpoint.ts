/** @file Writes a checkpoint of true size with random float16 weights, whatever the network: the graph itself is asked which tensors it reads. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { float32ToFloat16 } from "#main/ml/tensor/half";
import { elementCount } from "#main/ml/tensor/tensor";
import type { WeightScope } from "#main/ml/weights/weight-scope";
import { randomNumbers } from "../support/random-numbers";

type Shapes = Map<string, readonly number[]>;

/** Length of the block of normal numbers that all weights are cut from; a prime, so that rows of a matrix do not repeat. */
const poolLength = 65_521;
const writeBytes = 8 * 2 ** 20;

/** Names and shapes of all tensors that `build` asks its scope for. Sizes that a graph reads from the file are told by `known`. */
export function tensorsOf(
  build: (weights: WeightScope) => unknown,
  known: (path: string, shapes: ReadonlyMap<string, readonly number[]>) => readonly number[] | null,
): Shapes {
  const shapes: Shapes = new Map();
  build(recordingScope(shapes, "", known));
  return shapes;
}

function recordingScope(shapes: Shapes, path: string, known: Parameters<typeof tensorsOf>[1]): WeightScope {
  const full = (name: string) => (path === "" ? name : `${path}.${name}`);
  return {
    path,
    scope: (name) => recordingScope(shapes, full(name), known),
    // A residual block has a shortcut exactly when it changes the number of channels.
    has: (name) => name === "conv_shortcut" && shapes.get(full("conv1.weight"))?.[0] !== shapes.get(full("conv1.weight"))?.[1],
    shapeOf: () => known(path, shapes),
    get: (name, shape, options = {}) => {
      shapes.set(full(name), shape);
      const entry = {
        name: full(name),
        dtype: "F16" as const,
        shape,
        file: "/recording.safetensors",
        offset: shapes.size,
        byteLength: 2 * elementCount(shape),
      };
      return { entry, dtype: "float16", shape: options.as ?? shape, file: { path: entry.file, sizeBytes: 0, modifiedMs: 0 } };
    },
  };
}

/** Writes the tensors: matrices and kernels normal with variance 1 / inputs, norms one, biases zero. Returns the size of the file. */
export async function writeRandomCheckpoint(file: string, shapes: ReadonlyMap<string, readonly number[]>): Promise<number> {
  let offset = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of shapes) {
    const end = offset + 2 * elementCount(shape);
    header[name] = { dtype: "F16", shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  const stream = createWriteStream(file, { highWaterMark: writeBytes });
  stream.write(prefix);
  stream.write(json);
  const pool = randomNumbers(poolLength, 1);
  for (const [index, [name, shape]] of [...shapes].entries()) {
    for (const part of randomBytes(name, shape, turned(pool, index))) if (!stream.write(part)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  return 8 + json.length + offset;
}

/** The pool from another place on: the runtime keeps weights that are equal once, and true ones are not. */
function turned(pool: Float32Array, by: number): Float32Array {
  const start = (by * 101) % pool.length;
  const result = new Float32Array(pool.length);
  result.set(pool.subarray(start));
  result.set(pool.subarray(0, start), pool.length - start);
  return result;
}

function* randomBytes(name: string, shape: readonly number[], pool: Float32Array): Generator<Uint8Array> {
  const count = elementCount(shape);
  if (shape.length === 1) {
    yield bytesOf(float32ToFloat16(new Float32Array(count).fill(name.endsWith("weight") ? 1 : 0)));
    return;
  }
  const deviation = 1 / Math.sqrt(elementCount(shape.slice(1)));
  const block = float32ToFloat16(pool.map((x) => x * deviation));
  for (let start = 0; start < count; start += block.length) yield bytesOf(block.slice(0, Math.min(block.length, count - start)));
}

function bytesOf(bits: Uint16Array): Uint8Array {
  return new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
}
