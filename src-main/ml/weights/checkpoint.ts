/** @file The weights of one network: a .safetensors file, or the one a diffusers / transformers folder holds, whole or in shards. */
import { createHash } from "node:crypto";
import { appError } from "#shared/domain/app-error";
import { bfloat16ToFloat32, float16ToFloat32 } from "../tensor/half";
import { tensor, type Float32Tensor } from "../tensor/tensor";
import { fileSha256 } from "./file-hash";
import { readEntryBytes, readSafetensorsHeader, type SafetensorsFile, type TensorEntry } from "./safetensors";
import { findWeightFiles } from "./weight-files";
import { collectScopes, weightScope, type WeightScope, type WeightTree } from "./weight-scope";

export type { WeightScope } from "./weight-scope";

export interface Checkpoint {
  /** As given to {@link openCheckpoint}. */
  readonly path: string;
  readonly files: readonly SafetensorsFile[];
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** The part of the key tree below `prefix`; everything when left out. */
  scope(prefix?: string): WeightScope;
  /** Reads one tensor, widened to float32. Throws weights/missing-tensor. */
  readTensor(name: string): Promise<Float32Tensor>;
  /** Hex SHA-256 of the weight file; of the list of hashes when there are several. Computed once per version of the files. */
  sha256(): Promise<string>;
}

/**
 * Opens a checkpoint by reading headers only.
 * @param path a .safetensors file, or a folder with `diffusion_pytorch_model` / `model` `[.fp16|.non_ema].safetensors` or shards with an index
 * @throws checkpoint/not-found, checkpoint/refused (pickled weights), checkpoint/incomplete (a shard is missing), weights/malformed
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const files = await Promise.all((await findWeightFiles(path)).map(readSafetensorsHeader));
  const tensors = new Map<string, TensorEntry>();
  for (const file of files) {
    for (const [name, entry] of file.tensors) {
      if (tensors.has(name))
        throw appError("weights/malformed", `${path} holds the tensor ${name} in two shards.`, { hint: "Download the folder again." });
      tensors.set(name, entry);
    }
  }
  return checkpointOf({ path, files, tensors });
}

/** A checkpoint over tensors whose entries are known to lie in `files`. */
export function checkpointOf({ path, files, tensors }: Pick<Checkpoint, "path" | "files" | "tensors">): Checkpoint {
  const tree: WeightTree = {
    tensors,
    files: new Map(files.map((file) => [file.path, file])),
    scopes: collectScopes(tensors.keys()),
    label: path,
  };
  return {
    path,
    files,
    tensors,
    scope: (prefix = "") => weightScope(tree, prefix),
    readTensor: async (name) => {
      const entry = tensors.get(name);
      if (entry === undefined)
        throw appError("weights/missing-tensor", `${path} has no tensor ${name}.`, {
          hint: "The file is incomplete, or holds another model.",
        });
      return readFloat32(entry);
    },
    sha256: () => checkpointSha256(files),
  };
}

async function checkpointSha256(files: readonly SafetensorsFile[]): Promise<string> {
  const hashes = await Promise.all(files.map(fileSha256));
  const [only] = hashes;
  return hashes.length === 1 && only !== undefined ? only : createHash("sha256").update(hashes.join("\n")).digest("hex");
}

/** Reads a tensor of any numeric element type as float32. */
async function readFloat32(entry: TensorEntry): Promise<Float32Tensor> {
  const { buffer } = await readEntryBytes(entry);
  const stored = widen(entry, buffer);
  return tensor(entry.shape, entry.isTransposed === true ? transpose(stored, entry.shape) : stored);
}

/** The matrix of `shape` whose columns lie one after the other in `stored`. */
function transpose(stored: Float32Array, [rows = 1, columns = 1]: readonly number[]): Float32Array {
  return Float32Array.from(stored, (_, i) => stored[(i % columns) * rows + Math.floor(i / columns)] ?? 0);
}

function widen(entry: TensorEntry, buffer: ArrayBuffer): Float32Array {
  switch (entry.dtype) {
    case "F32":
      return new Float32Array(buffer);
    case "F64":
      return Float32Array.from(new Float64Array(buffer));
    case "F16":
      return float16ToFloat32(new Uint16Array(buffer));
    case "BF16":
      return bfloat16ToFloat32(new Uint16Array(buffer));
    case "I64":
      return Float32Array.from(new BigInt64Array(buffer), Number);
    case "U64":
      return Float32Array.from(new BigUint64Array(buffer), Number);
    case "I32":
      return Float32Array.from(new Int32Array(buffer));
    case "U32":
      return Float32Array.from(new Uint32Array(buffer));
    case "I16":
      return Float32Array.from(new Int16Array(buffer));
    case "U16":
      return Float32Array.from(new Uint16Array(buffer));
    case "I8":
      return Float32Array.from(new Int8Array(buffer));
    case "U8":
    case "BOOL":
      return Float32Array.from(new Uint8Array(buffer));
    case "F8_E4M3":
    case "F8_E5M2":
      throw appError("checkpoint/unsupported", `${entry.name} is stored in 8-bit floats (${entry.dtype}).`, {
        hint: "Use the float16 or float32 file of the model.",
      });
  }
}
