/**
 * @file A checkpoint seen under other names, as files of another layout need it: whole tensors, rows of them, reshaped or transposed.
 * Nothing is copied: every tensor stays where it lies, so that a graph still reads it from the person's file.
 */
import { appError } from "#shared/domain/app-error";
import { elementCount } from "../tensor/tensor";
import { checkpointOf, type Checkpoint } from "./checkpoint";
import type { TensorEntry } from "./safetensors";

/** One tensor of the view. The steps are taken in the order rows, shape, transposed. */
export interface RenamedTensor {
  readonly name: string;
  /** What the source calls it. */
  readonly from: string;
  /** [start, end) of the first axis; everything when left out. */
  readonly rows?: readonly [start: number, end: number];
  /** The shape it is seen in, of equal element count. */
  readonly shape?: readonly number[];
  /** A matrix seen the other way round. */
  readonly transposed?: true;
}

/**
 * The view of `source` that has exactly `tensors`. Its hash is that of the source.
 *
 * @throws weights/missing-tensor, weights/shape-mismatch, weights/malformed when two tensors get one name
 */
export function renameCheckpoint(source: Checkpoint, tensors: readonly RenamedTensor[]): Checkpoint {
  const seen = new Map<string, TensorEntry>();
  for (const tensor of tensors) {
    const entry = source.tensors.get(tensor.from);
    if (entry === undefined)
      throw appError("weights/missing-tensor", `${source.path} has no tensor ${tensor.from}.`, {
        hint: "The file is incomplete, or holds another model.",
      });
    if (seen.has(tensor.name))
      throw appError("weights/malformed", `${source.path} holds the tensor ${tensor.name} twice under different names.`, {
        hint: "The file mixes two layouts; take it from where the model was published.",
      });
    seen.set(tensor.name, { ...seenEntry(entry, tensor), name: tensor.name });
  }
  return checkpointOf({ path: source.path, files: source.files, tensors: seen });
}

function seenEntry(entry: TensorEntry, { rows, shape, transposed }: RenamedTensor): TensorEntry {
  const cut = rows === undefined ? entry : cutRows(entry, rows);
  if (shape !== undefined && elementCount(shape) !== elementCount(cut.shape))
    throw misfit(entry, `cannot be seen as [${shape.join(", ")}]`);
  const reshaped = shape ?? cut.shape;
  if (transposed === undefined) return { ...cut, shape: reshaped };
  if (reshaped.length !== 2) throw misfit(entry, "is no matrix and cannot be transposed");
  return { ...cut, shape: reshaped.toReversed(), isTransposed: true };
}

function cutRows(entry: TensorEntry, [start, end]: readonly [number, number]): TensorEntry {
  const [length = 0, ...rest] = entry.shape;
  if (!(start >= 0 && start < end && end <= length)) throw misfit(entry, `has no rows ${start} to ${end}`);
  const rowBytes = entry.byteLength / length;
  return { ...entry, shape: [end - start, ...rest], offset: entry.offset + start * rowBytes, byteLength: (end - start) * rowBytes };
}

function misfit(entry: TensorEntry, problem: string): Error {
  return appError("weights/shape-mismatch", `${entry.name} is [${entry.shape.join(", ")}] and ${problem}.`, {
    hint: "The file is damaged, or holds another model.",
  });
}
