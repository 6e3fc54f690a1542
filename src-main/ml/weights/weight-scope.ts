/** @file A place in the key tree of a checkpoint, such as `down_blocks.0.resnets.1`, and the only way to a weight. */
import { appError } from "#shared/domain/app-error";
import { elementCount } from "../tensor/tensor";
import type { TensorEntry } from "./safetensors";
import type { WeightFile, WeightReference } from "./weight-reference";

export interface WeightOptions {
  /** The shape the graph sees, of equal element count. */
  readonly as?: readonly number[];
  /** Other names of the tensor in older files, tried in order; relative to the same scope. */
  readonly aliases?: readonly string[];
}

export interface WeightScope {
  /** Dotted path of the scope; empty for the root. */
  readonly path: string;
  /** The part below `name`, or below the first alias that exists (older files name some modules otherwise). */
  scope(name: string, ...aliases: readonly string[]): WeightScope;
  /** Whether a tensor or a sub scope of that name exists. */
  has(name: string): boolean;
  /** Shape of a tensor as stored; `null` when there is none. */
  shapeOf(name: string): readonly number[] | null;
  /**
   * The tensor `name`, which must have exactly `shape`.
   * @throws weights/missing-tensor, weights/shape-mismatch
   */
  get(name: string, shape: readonly number[], options?: WeightOptions): WeightReference;
}

/** The tensors of a checkpoint with the files they lie in. */
export interface WeightTree {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly files: ReadonlyMap<string, WeightFile>;
  /** Every dotted prefix of a tensor name. */
  readonly scopes: ReadonlySet<string>;
  /** How error messages name the checkpoint. */
  readonly label: string;
}

/** All dotted prefixes of the names: `a.b.weight` gives `a` and `a.b`. */
export function collectScopes(names: Iterable<string>): Set<string> {
  const scopes = new Set<string>();
  for (const name of names) {
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) scopes.add(name.slice(0, dot));
  }
  return scopes;
}

/** The scope `path` of a tree; `""` is the root. It need not exist: only reading a tensor demands that. */
export function weightScope(tree: WeightTree, path: string): WeightScope {
  const full = (name: string) => (path === "" ? name : name === "" ? path : `${path}.${name}`);
  const exists = (name: string) => tree.tensors.has(full(name)) || tree.scopes.has(full(name));
  return {
    path,
    scope: (name, ...aliases) => weightScope(tree, full([name, ...aliases].find(exists) ?? name)),
    has: exists,
    shapeOf: (name) => tree.tensors.get(full(name))?.shape ?? null,
    get: (name, shape, options = {}) => {
      const stored = [name, ...(options.aliases ?? [])].map(full).find((candidate) => tree.tensors.has(candidate));
      const entry = stored === undefined ? undefined : tree.tensors.get(stored);
      const file = entry === undefined ? undefined : tree.files.get(entry.file);
      if (entry === undefined || file === undefined) {
        throw appError("weights/missing-tensor", `${tree.label} has no tensor ${full(name)}.`, {
          hint: "The file is incomplete, or its configuration describes another model.",
        });
      }
      return { entry, shape: checkedShape(entry, shape, options.as), file };
    },
  };
}

function checkedShape(entry: TensorEntry, shape: readonly number[], as: readonly number[] | undefined): readonly number[] {
  if (entry.shape.length !== shape.length || entry.shape.some((size, i) => size !== shape[i])) {
    throw appError("weights/shape-mismatch", `${entry.name} is [${entry.shape.join(", ")}], expected [${shape.join(", ")}].`, {
      hint: "The file is damaged, or its configuration describes another model.",
    });
  }
  if (as !== undefined && elementCount(as) !== elementCount(shape)) {
    throw appError("weights/shape-mismatch", `${entry.name} [${entry.shape.join(", ")}] cannot be seen as [${as.join(", ")}].`);
  }
  return as ?? shape;
}
