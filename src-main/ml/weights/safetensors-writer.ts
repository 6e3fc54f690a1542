/** @file Writes .safetensors piece by piece, so that a file may be larger than memory. The format is described in `safetensors.ts`. */
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { toDiskError } from "../../platform/disk-error";
import { elementCount } from "../tensor/tensor";
import { bytesPerElement, type SafetensorsDType } from "./safetensors-types";

/** A tensor whose bytes are asked for when their turn has come. */
export interface TensorInParts {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  /** Its bytes in order; together as many as the shape says. */
  parts(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** The header is filled up to a multiple of this, so that mapped numbers begin where wide instructions like them to. */
const alignment = 64;

export interface WriteOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** Waits until the bytes have reached the disk, for files that are mapped: after a power cut one with holes would be read without complaint. */
  readonly isDurable?: boolean;
}

/**
 * Writes a file whole or not at all: into a neighbour first, then renamed over `file`. Wider element types come first, so every tensor is aligned.
 * @throws disk/full, disk/read-only, disk/failed
 */
export async function writeInParts(
  file: string,
  tensors: readonly TensorInParts[],
  { metadata = {}, isDurable = false }: WriteOptions = {},
): Promise<void> {
  const sorted = [...tensors].sort((a, b) => bytesPerElement[b.dtype] - bytesPerElement[a.dtype] || (a.name < b.name ? -1 : 1));
  const draft = `${file}.${process.pid}.part`;
  const handle = await open(draft, "w").catch((error: unknown) => {
    throw toDiskError(error, file);
  });
  try {
    await handle.writeFile(encodeHeader(sorted, metadata));
    for (const tensor of sorted) await writeTensor(handle, tensor);
    if (isDurable) await handle.sync();
    await handle.close();
    await rename(draft, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw toDiskError(error, file);
  }
}

async function writeTensor(handle: FileHandle, { parts }: TensorInParts): Promise<void> {
  for await (const part of parts()) await handle.writeFile(part);
}

function encodeHeader(tensors: readonly TensorInParts[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length === 0 ? [] : [["__metadata__", metadata]];
  let offset = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = offset + bytesPerElement[dtype] * elementCount(shape);
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Math.ceil((8 + json.length) / alignment) * alignment - 8;
  const header = Buffer.alloc(8 + length, " ");
  header.writeBigUInt64LE(BigInt(length));
  json.copy(header, 8);
  return header;
}
