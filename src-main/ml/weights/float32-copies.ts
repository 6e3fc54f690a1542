/**
 * @file Float32 copies of weights stored in half precision. The runtime maps a float32 file, so that its numbers take no memory of the program's own;
 * half precision it widens into memory whenever it loads them. Widening is exact.
 *
 * [Note: Copies are never changed] A copy is a .safetensors file with the tensors that a network reads of one weight file and no earlier copy of that file
 * holds, each under its place in the weight file. Its name is made of the hash of the weight file and of those places. It is written once, whole or not at
 * all, and only ever removed: changing a file that is mapped would kill the process that reads it.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { defined } from "#shared/lib/assert";
import { elementCount } from "../tensor/tensor";
import { assertFinite } from "../tensor/finite";
import { bfloat16ToFloat32, float16ToFloat32 } from "../tensor/half";
import { fileSha256 } from "./file-hash";
import { copiesOf, makeRoom, noteUse } from "./float32-folder";
import { readEntryParts, readSafetensorsHeader, type SafetensorsDType, type TensorEntry } from "./safetensors";
import { writeInParts } from "./safetensors-writer";
import type { StoredWeight, WeightFile } from "./weight-reference";

/** Bytes of a weight that are widened at a time. */
const partBytes = 8 * 2 ** 20;

const widen: Partial<Record<SafetensorsDType, (bytes: Uint8Array<ArrayBuffer>) => Float32Array>> = {
  F16: ({ buffer }) => float16ToFloat32(new Uint16Array(buffer)),
  BF16: ({ buffer }) => bfloat16ToFloat32(new Uint16Array(buffer)),
  F32: ({ buffer }) => new Float32Array(buffer),
};

export interface CopiedFrom {
  readonly weights: readonly TensorEntry[];
  /** The files that `weights` lie in. */
  readonly weightFiles: readonly WeightFile[];
}

/** Whether copies can be made: of all floating point types that a float32 holds exactly. */
export function isCopyable(weight: TensorEntry): boolean {
  return widen[weight.dtype] !== undefined;
}

/**
 * The copies in `folder` of all `weights`, which must be copyable; those that are not there are made. `onProgress` is told the bytes that are written of those to write.
 * @throws disk/full where they do not fit, disk/read-only, disk/failed, weights/not-finite, weights/malformed, checkpoint/not-found
 */
export async function float32Copies(
  folder: string,
  { weights, weightFiles }: CopiedFrom,
  onProgress: (doneBytes: number, totalBytes: number) => void,
): Promise<(weight: TensorEntry) => StoredWeight> {
  const copies = new Map<string, StoredWeight>();
  const missing: { readonly source: WeightFile; readonly key: string; readonly tensors: readonly TensorEntry[] }[] = [];
  for (const source of weightFiles) {
    const key = (await fileSha256(source)).slice(0, 32);
    for (const name of await copiesOf(folder, key)) await addCopy(copies, { source, file: join(folder, name) });
    const wanted = weights.filter(({ file }) => file === source.path);
    const tensors = [...new Map(wanted.map((weight) => [placeOf(weight), weight])).values()].filter(
      (weight) => !copies.has(copyId(weight)),
    );
    missing.push({ source, key, tensors });
  }
  const totalBytes = missing.reduce(
    (sum, { tensors }) => sum + tensors.reduce((bytes, { shape }) => bytes + 4 * elementCount(shape), 0),
    0,
  );
  let doneBytes = 0;
  const count = (bytes: number) => onProgress((doneBytes += bytes), totalBytes);
  if (totalBytes > 0) await makeRoom(folder, totalBytes, new Set(missing.map(({ key }) => key)));
  for (const { source, key, tensors } of missing) {
    if (tensors.length > 0) await addCopy(copies, { source, file: await writeCopy(folder, { key, tensors }, count) });
    // It decides only which copies go first.
    await noteUse(folder, key, source.path).catch(() => undefined);
  }
  return (weight) => defined(copies.get(copyId(weight)), "every weight has its copy");
}

/** What tells a tensor from the others of its file, whatever it is called there. */
function placeOf({ dtype, offset, byteLength }: TensorEntry): string {
  return `${dtype} ${offset} ${byteLength}`;
}

function copyId(weight: TensorEntry): string {
  return `${weight.file}|${placeOf(weight)}`;
}

function hashOfPlaces(places: Iterable<string>): string {
  return createHash("sha256")
    .update([...places].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
}

/** Adds the tensors of a copy; a file that is not what its name says is no copy. */
async function addCopy(
  copies: Map<string, StoredWeight>,
  { source, file }: { readonly source: WeightFile; readonly file: string },
): Promise<void> {
  const copy = await readSafetensorsHeader(file).catch(() => null);
  if (copy === null || !file.endsWith(`-${hashOfPlaces(copy.tensors.keys())}.safetensors`)) return;
  for (const [place, entry] of copy.tensors) copies.set(`${source.path}|${place}`, { entry, file: copy });
}

/** Writes the copy of tensors of one file and answers its path. */
async function writeCopy(
  folder: string,
  { key, tensors }: { readonly key: string; readonly tensors: readonly TensorEntry[] },
  count: (bytes: number) => void,
): Promise<string> {
  const file = join(folder, `${key}-${hashOfPlaces(tensors.map(placeOf))}.safetensors`);
  const written = tensors.map((tensor) => ({
    name: placeOf(tensor),
    dtype: "F32" as const,
    shape: [elementCount(tensor.shape)],
    parts: () => widenedParts(tensor, count),
  }));
  await writeInParts(file, written, { isDurable: true });
  return file;
}

async function* widenedParts(tensor: TensorEntry, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const part of readEntryParts(tensor, partBytes)) {
    const numbers = widen[tensor.dtype]?.(part) ?? new Float32Array();
    assertFinite(`${tensor.name} of ${tensor.file}`, numbers);
    yield new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    count(numbers.byteLength);
  }
}
