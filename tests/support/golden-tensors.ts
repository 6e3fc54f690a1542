/** @file Reads the safetensors file beside a golden case; small and trusting, because the files are ours. */
import { readFileSync } from "node:fs";
import type { GoldenCase } from "./goldens";
import { goldenTensors } from "./goldens";

type GoldenArray = Float32Array | Uint8Array | BigInt64Array | Int32Array | Float64Array;

export interface GoldenTensor<T extends GoldenArray = GoldenArray> {
  readonly shape: readonly number[];
  readonly data: T;
}

const arrayOf = { F32: Float32Array, U8: Uint8Array, I64: BigInt64Array, I32: Int32Array, F64: Float64Array } as const;

interface StoredTensor {
  readonly dtype: keyof typeof arrayOf;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** All tensors of a case by name. Bytes are copied, so alignment does not matter. */
export function readGoldenTensors(goldenCase: GoldenCase): ReadonlyMap<string, GoldenTensor> {
  const file = readFileSync(goldenTensors(goldenCase));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + headerLength)) as Record<string, StoredTensor>;
  const bytes = new Uint8Array(file).subarray(8 + headerLength);
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== "__metadata__")
      .map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [from, to],
          },
        ]) => [name, { shape, data: new arrayOf[dtype](bytes.slice(from, to).buffer) }],
      ),
  );
}

/** One tensor that must be there and be of the wanted array type. */
export function goldenTensor<T extends GoldenArray>(
  tensors: ReadonlyMap<string, GoldenTensor>,
  name: string,
  type: new (length: number) => T,
): GoldenTensor<T> {
  const found = tensors.get(name);
  if (found === undefined || !(found.data instanceof type)) throw new Error(`The case has no ${type.name} named ${name}`);
  return found as GoldenTensor<T>;
}
