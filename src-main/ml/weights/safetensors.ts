/**
 * @file Reads and writes .safetensors. The file is a stranger's: nothing in its header is believed before it is checked against the file.
 * Layout: 8 bytes header length (little endian), JSON header, then the tensors without gaps.
 */
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { z } from "zod";
import { appError, toAppError } from "#shared/domain/app-error";
import type { DType, Tensor } from "../tensor/tensor";
import { findDuplicateKey } from "./duplicate-keys";
import { bytesPerElement, type SafetensorsDType } from "./safetensors-types";
import { writeInParts } from "./safetensors-writer";
import type { WeightFile } from "./weight-reference";

export type { SafetensorsDType } from "./safetensors-types";

/** Where one tensor lies. `file` is the absolute real path, `offset` counts from the begin of the file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
  /** The bytes are those of the transposed matrix. */
  readonly isTransposed?: true;
}

export interface SafetensorsFile extends WeightFile {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The longest header the format allows. */
const maxHeaderBytes = 100_000_000;

const size = z.number().refine((value) => Number.isSafeInteger(value) && value >= 0);
const entrySchema = z.strictObject({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });
/** Taken as parsed: a copy would lose a key called `__proto__`. */
const metadataSchema = z.custom<Readonly<Record<string, string>>>(
  (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === "string"),
);

/**
 * Reads and checks the header; tensor bytes are not touched.
 * @throws checkpoint/not-found when there is no such file, weights/malformed with what is wrong otherwise
 */
export async function readSafetensorsHeader(file: string): Promise<SafetensorsFile> {
  const path = await realpath(file).catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `There is no file ${file}.`, { cause, hint: "Choose the .safetensors file again." });
  });
  const stats = await stat(path);
  if (!stats.isFile()) throw malformed(path, "it is not a regular file");
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `${path} cannot be opened.`, { cause, hint: "Check the permissions of the file." });
  });
  try {
    const { text, dataStart } = await readHeaderText(handle, path, stats.size);
    const { tensors, metadata } = parseHeader(text, { path, dataStart, sizeBytes: stats.size });
    return { path, sizeBytes: stats.size, modifiedMs: stats.mtimeMs, tensors, metadata };
  } catch (error) {
    throw toAppError(error);
  } finally {
    await handle.close();
  }
}

function malformed(path: string, what: string, cause?: unknown): Error {
  return appError("weights/malformed", `${basename(dirname(path))}/${basename(path)} is not a valid safetensors file: ${what}.`, {
    hint: "Download or convert the file again.",
    cause,
  });
}

async function readHeaderText(handle: FileHandle, path: string, sizeBytes: number): Promise<{ text: string; dataStart: number }> {
  if (sizeBytes < 8) throw malformed(path, sizeBytes === 0 ? "it is empty" : `it has only ${sizeBytes} bytes`);
  const lengthBytes = Buffer.alloc(8);
  await readFully(handle, { path, buffer: lengthBytes, offset: 0 });
  const length = lengthBytes.readBigUInt64LE();
  if (length > BigInt(maxHeaderBytes)) throw malformed(path, `its header claims ${length} bytes, more than the format allows`);
  const dataStart = 8 + Number(length);
  if (length < 2n || dataStart > sizeBytes) throw malformed(path, `its header claims ${length} bytes, the file has ${sizeBytes}`);
  const header = Buffer.alloc(Number(length));
  await readFully(handle, { path, buffer: header, offset: 8 });
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header), dataStart };
  } catch (cause) {
    throw malformed(path, "its header is not UTF-8 text", cause);
  }
}

async function readFully(
  handle: FileHandle,
  target: { readonly path: string; readonly buffer: Buffer; readonly offset: number },
): Promise<void> {
  const { buffer, offset, path } = target;
  for (let done = 0; done < buffer.length;) {
    const { bytesRead } = await handle.read(buffer, done, buffer.length - done, offset + done);
    if (bytesRead === 0) throw malformed(path, `it ends at byte ${offset + done}`);
    done += bytesRead;
  }
}

interface HeaderPlace {
  readonly path: string;
  readonly dataStart: number;
  readonly sizeBytes: number;
}

function parseHeader(text: string, place: HeaderPlace): Pick<SafetensorsFile, "tensors" | "metadata"> {
  const { path } = place;
  const header = parseJson(text, path);
  if (!text.startsWith("{") || header === null || typeof header !== "object" || Array.isArray(header))
    throw malformed(path, "its header is not a JSON object");
  const duplicate = findDuplicateKey(text);
  if (duplicate !== null) throw malformed(path, `its header names ${JSON.stringify(duplicate)} twice`);
  const tensors = new Map<string, TensorEntry>();
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") {
      const parsed = metadataSchema.safeParse(value);
      if (!parsed.success) throw malformed(path, "its __metadata__ is not a map of texts");
      metadata = parsed.data;
    } else tensors.set(name, parseEntry(name, value, place));
  }
  checkLayout([...tensors.values()], place);
  return { tensors, metadata };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(path, "its header is not JSON", cause);
  }
}

function parseEntry(name: string, value: unknown, place: HeaderPlace): TensorEntry {
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success)
    throw malformed(
      place.path,
      `the entry of ${JSON.stringify(name)} is not {dtype, shape, data_offsets} with sizes that are whole numbers`,
    );
  const { dtype, shape } = parsed.data;
  const [begin, end] = parsed.data.data_offsets;
  if (!Object.hasOwn(bytesPerElement, dtype)) throw malformed(place.path, `${name} has the unknown element type ${JSON.stringify(dtype)}`);
  const known = dtype as SafetensorsDType;
  const wanted = shape.reduce((product, length) => product * length, bytesPerElement[known]);
  if (end < begin) throw malformed(place.path, `${name} ends before it begins`);
  if (!Number.isSafeInteger(wanted) || end - begin !== wanted)
    throw malformed(place.path, `${name} is ${known} [${shape.join(", ")}], ${wanted} bytes, but ${end - begin} bytes are given`);
  if (place.dataStart + end > place.sizeBytes)
    throw malformed(
      place.path,
      `${name} ends at byte ${place.dataStart + end}, but the file has only ${place.sizeBytes} (an incomplete download?)`,
    );
  return { name, dtype: known, shape, file: place.path, offset: place.dataStart + begin, byteLength: wanted };
}

/** The tensors must fill the file from the header to its end: no overlap, no hole, nothing behind. */
function checkLayout(entries: TensorEntry[], place: HeaderPlace): void {
  let position = place.dataStart;
  let before = "the header";
  for (const entry of entries.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)) {
    if (entry.offset < position) throw malformed(place.path, `${entry.name} overlaps ${before}`);
    if (entry.offset > position)
      throw malformed(place.path, `${entry.offset - position} bytes between ${before} and ${entry.name} belong to no tensor`);
    position = entry.offset + entry.byteLength;
    before = entry.name;
  }
  if (position !== place.sizeBytes) throw malformed(place.path, `${place.sizeBytes - position} bytes after ${before} belong to no tensor`);
}

/** Raw bytes of one tensor. */
export async function readEntryBytes(entry: TensorEntry): Promise<Uint8Array<ArrayBuffer>> {
  for await (const bytes of readEntryParts(entry, entry.byteLength)) return bytes;
  return new Uint8Array();
}

/** The same piece by piece, each of `partBytes` but the last. */
export async function* readEntryParts(
  { file, offset, byteLength }: TensorEntry,
  partBytes: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw appError("checkpoint/not-found", `${file} is gone.`, { cause, hint: "Choose the checkpoint again." });
  });
  try {
    for (let done = 0; done < byteLength; done += partBytes) {
      const buffer = Buffer.from(new ArrayBuffer(Math.min(partBytes, byteLength - done)));
      await readFully(handle, { path: file, buffer, offset: offset + done });
      yield new Uint8Array(buffer.buffer);
    }
  } finally {
    await handle.close();
  }
}

const safetensorsDType: Readonly<Record<DType, SafetensorsDType>> = {
  float32: "F32",
  float16: "F16",
  int64: "I64",
  int32: "I32",
  uint8: "U8",
  int8: "I8",
};

/** Writes a file whole or not at all. @throws disk/full, disk/read-only, disk/failed */
export async function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const written = [...tensors].map(([name, { dtype, shape, data }]) => ({
    name,
    dtype: safetensorsDType[dtype],
    shape,
    parts: () => [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  }));
  await writeInParts(file, written, { metadata });
}
