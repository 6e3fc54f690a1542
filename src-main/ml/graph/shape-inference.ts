/** @file Shapes of results, computed while a graph is authored, so that a wrong layer fails at its own line and not inside the runtime. */
import { appError } from "#shared/domain/app-error";
import { formatShape, type Dimension } from "./value";

type Shape = readonly Dimension[];

/** The error of an operator whose operands do not fit. */
export function shapeMismatch(operator: string, detail: string): Error {
  return appError("graph/shape-mismatch", `${operator}: ${detail}.`, {
    hint: "The model's config does not fit its weights, or the model is of a kind that is not supported.",
  });
}

/** Turns a possibly negative axis into 0..rank-1. */
export function normalizeAxis(operator: string, axis: number, rank: number): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank)
    throw shapeMismatch(operator, `axis ${axis} does not exist in a tensor of rank ${rank}`);
  return normalized;
}

/** Multidirectional broadcasting, as NumPy's. A symbolic size matches itself and 1. */
export function broadcast(operator: string, a: Shape, b: Shape): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw shapeMismatch(operator, `${formatShape(a)} and ${formatShape(b)} do not broadcast`);
  });
}

/** `[..., M, K] x [..., K, N]`. */
export function matmulShape(a: Shape, b: Shape): Dimension[] {
  const rows = a.at(-2);
  const columns = b.at(-1);
  if (rows === undefined || columns === undefined || b.length < 2)
    throw shapeMismatch("MatMul", `needs two matrices, got ${formatShape(a)} and ${formatShape(b)}`);
  if (a.at(-1) !== b.at(-2)) throw shapeMismatch("MatMul", `${formatShape(a)} times ${formatShape(b)}: inner sizes differ`);
  return [...broadcast("MatMul", a.slice(0, -2), b.slice(0, -2)), rows, columns];
}

export interface WindowGeometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  /** Begin of every spatial axis, then end of every spatial axis. */
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
}

/** Spatial sizes after a convolution or pooling window. A symbol stays where the window keeps every size, else it becomes another symbol. */
export function windowShape(operator: string, spatial: Shape, geometry: WindowGeometry): Dimension[] {
  return spatial.map((size, i) => {
    const border = (geometry.pads[i] ?? 0) + (geometry.pads[i + spatial.length] ?? 0);
    const reach = (geometry.dilations[i] ?? 1) * ((geometry.kernel[i] ?? 1) - 1) + 1;
    const stride = geometry.strides[i] ?? 1;
    if (typeof size !== "number") return stride === 1 && border === reach - 1 ? size : `(${size}+${border - reach})/${stride}+1`;
    if (size + border < reach) throw shapeMismatch(operator, `a window of ${reach} does not fit into ${size + border}`);
    return Math.floor((size + border - reach) / stride) + 1;
  });
}

/** Sizes along `axis` add up, all others are equal. */
export function concatShape(shapes: readonly Shape[], axis: number): Dimension[] {
  const [first, ...rest] = shapes;
  if (first === undefined) throw shapeMismatch("Concat", "nothing to concatenate");
  const at = normalizeAxis("Concat", axis, first.length);
  return rest.reduce<Dimension[]>(
    (joined, shape) => {
      if (shape.length !== joined.length || shape.some((size, i) => i !== at && size !== joined[i])) {
        throw shapeMismatch("Concat", `${formatShape(joined)} and ${formatShape(shape)} differ beside axis ${at}`);
      }
      return joined.map((size, i) => (i === at ? addSizes(size, shape[i] ?? 0) : size));
    },
    [...first],
  );
}

function addSizes(a: Dimension, b: Dimension): Dimension {
  return typeof a === "number" && typeof b === "number" ? a + b : `${a}+${b}`;
}

/** Elements of a list of sizes: the product of the known ones and the symbols that remain, in order. */
function product(shape: Shape): { readonly known: number; readonly symbols: readonly string[] } {
  const symbols: string[] = [];
  let known = 1;
  for (const size of shape) {
    if (typeof size === "number") {
      known *= size;
      continue;
    }
    for (const factor of size.split("*")) {
      const value = Number(factor);
      if (Number.isInteger(value)) known *= value;
      else symbols.push(factor);
    }
  }
  return { known, symbols: symbols.sort() };
}

/** Fills the one -1 of a reshape and checks that no element is lost. Symbolic products read `N*256`. */
export function reshapeShape(from: Shape, to: Shape): Dimension[] {
  const wildcard = to.indexOf(-1);
  const given = product(to.filter((size) => size !== -1));
  const whole = product(from);
  const symbols = [...whole.symbols];
  const lost = given.symbols.some((symbol) => {
    const at = symbols.indexOf(symbol);
    if (at >= 0) symbols.splice(at, 1);
    return at < 0;
  });
  const quotient = whole.known / given.known;
  const fits = !lost && Number.isInteger(quotient) && (wildcard >= 0 || (quotient === 1 && symbols.length === 0));
  if (!fits || to.indexOf(-1, wildcard + 1) > wildcard)
    throw shapeMismatch("Reshape", `${formatShape(from)} cannot become ${formatShape(to)}`);
  if (wildcard < 0) return [...to];
  const filled: Dimension = symbols.length === 0 ? quotient : quotient === 1 ? symbols.join("*") : [...symbols, quotient].join("*");
  return to.map((size, i) => (i === wildcard ? filled : size));
}

/** Drops or keeps (as 1) the reduced axes. */
export function reduceShape(operator: string, shape: Shape, axes: readonly number[], keepDims: boolean): Dimension[] {
  const reduced = new Set(axes.map((axis) => normalizeAxis(operator, axis, shape.length)));
  return shape.flatMap((size, i) => (reduced.has(i) ? (keepDims ? [1] : []) : [size]));
}
