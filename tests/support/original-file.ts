/** @file Writes models in both layouts with the same numbers in them: a diffusers folder and a file of the original layout. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { float32ToFloat16 } from "#main/ml/tensor/half";
import { elementCount } from "#main/ml/tensor/tensor";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import type { OriginalEntry } from "./original-architecture";
import { randomNumbers } from "./random-numbers";

export type StoredType = "F32" | "F16" | "BF16";

interface Stored {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of the parts of a diffusers folder: part, then name. */
export type PartTensors = ReadonlyMap<string, ReadonlyMap<string, Stored>>;

/** What attentions of the autoencoder are called in folders of the first generation. */
const formerNames = [
  [".to_q.", ".query."],
  [".to_k.", ".key."],
  [".to_v.", ".value."],
  [".to_out.0.", ".proj_attn."],
] as const;

/** Reads the tensors that a diffusers folder has of those in the list. */
export async function readPartTensors(folder: string, entries: readonly OriginalEntry[]): Promise<PartTensors> {
  const parts = new Map<string, Map<string, Stored>>();
  for (const part of new Set(entries.map((entry) => entry.part).filter((name) => name !== ""))) {
    const checkpoint = await openCheckpoint(join(folder, part));
    const tensors = new Map<string, Stored>();
    for (const name of entries.filter((entry) => entry.part === part).flatMap(({ names }) => names)) {
      const former = formerNames.reduce((all, [now, before]) => all.replace(now, before), name);
      const stored = [name, former].find((candidate) => checkpoint.tensors.has(candidate));
      if (stored !== undefined) tensors.set(name, await checkpoint.readTensor(stored));
    }
    parts.set(part, tensors);
  }
  return parts;
}

/** Numbers for every tensor of the list: norms one, biases zero, the rest normal with variance 1 / inputs. */
export function randomPartTensors(entries: readonly OriginalEntry[]): PartTensors {
  const parts = new Map<string, Map<string, Stored>>();
  for (const [seed, { part, names, diffusersShape: shape }] of entries.entries()) {
    const tensors = parts.get(part) ?? new Map<string, Stored>();
    for (const [i, name] of names.entries()) tensors.set(name, { shape, data: randomTensor(name, shape, 3 * seed + i) });
    if (part !== "") parts.set(part, tensors);
  }
  return parts;
}

function randomTensor(name: string, shape: readonly number[], seed: number): Float32Array {
  const count = elementCount(shape);
  if (shape.length === 1) return new Float32Array(count).fill(name.endsWith("weight") ? 1 : 0);
  const deviation = 1 / Math.sqrt(elementCount(shape.slice(1)));
  return randomNumbers(count, seed + 1).map((x) => x * deviation);
}

/** The same numbers as the original layout holds them; zeros where a diffusers folder has none. */
export function toOriginal(entries: readonly OriginalEntry[], parts: PartTensors): ReadonlyMap<string, Stored> {
  return new Map(
    entries.map(({ original, shape, part, names, isTransposed }) => {
      const data = new Float32Array(elementCount(shape));
      let position = 0;
      for (const name of names) {
        const stored = parts.get(part)?.get(name);
        if (stored !== undefined) data.set(isTransposed ? transposed(stored) : stored.data, position);
        position += data.length / names.length;
      }
      return [original, { shape, data }];
    }),
  );
}

function transposed({ shape: [rows = 0, columns = 0], data }: Stored): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) result[column * rows + row] = data[row * columns + column]!;
  return result;
}

/** Writes a diffusers folder with the JSON and text files of `template`; weights in files of the usual names. */
export function writeDiffusersFolder(folder: string, parts: PartTensors, { template, type }: { template: string; type: StoredType }): void {
  cpSync(template, folder, { recursive: true, filter: (path) => !path.endsWith(".safetensors") });
  for (const [part, tensors] of parts)
    writeTensors(
      join(folder, part, part.startsWith("text_encoder") ? "model.safetensors" : "diffusion_pytorch_model.safetensors"),
      tensors,
      type,
    );
}

/** Writes a .safetensors file; positions of tokens are whole numbers, as in published files. */
export function writeTensors(file: string, tensors: ReadonlyMap<string, Stored>, type: StoredType): void {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const isWhole = name.endsWith("position_ids");
    const bytes = isWhole ? bytesOf(BigInt64Array.from(data, (_, i) => BigInt(i))) : bytesOf(encode[type](data));
    header[name] = { dtype: isWhole ? "I64" : type, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
    parts.push(bytes);
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, " ")]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([length, padded, ...parts]));
}

/** bfloat16 by cutting off, which is enough here: every layout is written by it. */
const encode: Readonly<Record<StoredType, (data: Float32Array) => Float32Array | Uint16Array>> = {
  F32: (data) => data,
  F16: float32ToFloat16,
  BF16: (data) => Uint16Array.from(new Uint32Array(data.buffer, data.byteOffset, data.length), (bits) => bits >>> 16),
};

function bytesOf(data: Float32Array | Uint16Array | BigInt64Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
