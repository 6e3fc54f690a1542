/** @file Operators that move numbers without changing them: shape, order, parts, copies, resampling. */
import { ElementwiseOperators } from "./elementwise-operators";
import type { Attributes } from "./onnx-writer";
import { broadcast, concatShape, normalizeAxis, reshapeShape, shapeMismatch } from "./shape-inference";
import { formatShape, knownSize, type Dimension, type Value } from "./value";

export interface SliceRange {
  readonly axis: number;
  readonly start: number;
  /** Exclusive; negative counts from the end, left out means to the end. */
  readonly end?: number;
}

/** How Resize maps and mixes. The defaults are those of PyTorch's `interpolate(align_corners=False)`. */
export interface ResizeOptions {
  readonly mode: "nearest" | "linear" | "cubic";
  readonly coordinates?: "half_pixel" | "pytorch_half_pixel" | "align_corners" | "asymmetric";
  readonly cubicCoefficient?: number;
  /** Not on WebGPU. */
  readonly antialias?: boolean;
  readonly excludeOutside?: boolean;
}

/** Target of a Resize: new sizes or factors of the last axes. */
export type ResizeTarget = { readonly sizes: readonly number[] } | { readonly scales: readonly number[] };

export class LayoutOperators extends ElementwiseOperators {
  /** New shape for the same numbers. One size may be -1; a symbol must be a symbol of `x`. */
  reshape(x: Value, shape: readonly Dimension[]): Value {
    const result = reshapeShape(x.shape, shape);
    if (result.length === x.shape.length && result.every((size, i) => size === x.shape[i])) return x;
    // A symbolic size is written as 0 ("as in the input") where it keeps its place, otherwise as the one -1.
    const target = shape.map((size, i) => (typeof size === "number" ? size : size === x.shape[i] ? 0 : -1));
    if (target.filter((size) => size === -1).length > 1)
      throw shapeMismatch("Reshape", `${formatShape(shape)} has more than one unknown size`);
    return this.op("Reshape", [x, this.integers(...target)], {}, { dtype: x.dtype, shape: result });
  }

  /** Reorders the axes: axis `i` of the result is axis `order[i]` of `x`. */
  transpose(x: Value, order: readonly number[]): Value {
    if (order.length !== x.shape.length || new Set(order).size !== order.length)
      throw shapeMismatch("Transpose", `order ${formatShape(order)} does not fit ${formatShape(x.shape)}`);
    const shape = order.map((axis) => x.shape[normalizeAxis("Transpose", axis, order.length)] ?? 0);
    return this.op("Transpose", [x], { perm: order }, { dtype: x.dtype, shape });
  }

  /** Inserts axes of size 1; `axes` are places in the result. */
  unsqueeze(x: Value, axes: readonly number[]): Value {
    const rank = x.shape.length + axes.length;
    const inserted = new Set(axes.map((axis) => normalizeAxis("Unsqueeze", axis, rank)));
    const rest = [...x.shape];
    const shape = Array.from({ length: rank }, (_, i) => (inserted.has(i) ? 1 : (rest.shift() ?? 1)));
    return this.op("Unsqueeze", [x, this.integers(...inserted)], {}, { dtype: x.dtype, shape });
  }

  /** Removes axes of size 1. */
  squeeze(x: Value, axes: readonly number[]): Value {
    const removed = new Set(axes.map((axis) => normalizeAxis("Squeeze", axis, x.shape.length)));
    if (x.shape.some((size, i) => removed.has(i) && size !== 1))
      throw shapeMismatch("Squeeze", `axes ${formatShape(axes)} of ${formatShape(x.shape)} are not all 1`);
    return this.op("Squeeze", [x, this.integers(...removed)], {}, { dtype: x.dtype, shape: x.shape.filter((_, i) => !removed.has(i)) });
  }

  /** Joins values along an axis. */
  concat(values: readonly Value[], axis: number): Value {
    const shape = concatShape(
      values.map((value) => value.shape),
      axis,
    );
    const [first] = values;
    if (first === undefined || values.some((value) => value.dtype !== first.dtype)) throw shapeMismatch("Concat", "element types differ");
    return values.length === 1 ? first : this.op("Concat", values, { axis }, { dtype: first.dtype, shape });
  }

  /** Cuts a value into parts of the given sizes along an axis. */
  split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
    const at = normalizeAxis("Split", axis, x.shape.length);
    if (knownSize(x, at) !== sizes.reduce((total, size) => total + size, 0))
      throw shapeMismatch("Split", `parts ${formatShape(sizes)} do not add up to axis ${at} of ${formatShape(x.shape)}`);
    const outputs = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.map((whole, i) => (i === at ? size : whole)) }));
    return this.ops("Split", [x, this.integers(...sizes)], { axis: at }, { outputs });
  }

  /** A range along one axis of known size. */
  slice(x: Value, range: SliceRange): Value {
    const axis = normalizeAxis("Slice", range.axis, x.shape.length);
    const size = knownSize(x, axis);
    if (size === undefined) throw shapeMismatch("Slice", `axis ${axis} of ${formatShape(x.shape)} has no known size`);
    const absolute = (index: number) => (index < 0 ? index + size : index);
    const start = absolute(range.start);
    const end = absolute(range.end ?? size);
    if (start < 0 || end > size || start >= end)
      throw shapeMismatch("Slice", `${range.start}..${range.end ?? "end"} is not inside axis ${axis} of ${formatShape(x.shape)}`);
    if (start === 0 && end === size) return x;
    const shape = x.shape.map((whole, i) => (i === axis ? end - start : whole));
    return this.op("Slice", [x, this.integers(start), this.integers(end), this.integers(axis)], {}, { dtype: x.dtype, shape });
  }

  /** Entries of `x` along `axis` at int64 `indices`. */
  gather(x: Value, indices: Value, axis = 0): Value {
    const at = normalizeAxis("Gather", axis, x.shape.length);
    if (indices.dtype !== "int64" && indices.dtype !== "int32") throw shapeMismatch("Gather", `indices are ${indices.dtype}`);
    const shape = [...x.shape.slice(0, at), ...indices.shape, ...x.shape.slice(at + 1)];
    return this.op("Gather", [x, indices], { axis: at }, { dtype: x.dtype, shape });
  }

  /** Repeats size-1 axes up to `shape`. Symbolic sizes are taken at run time from `like`, which has an axis of that name. */
  expand(x: Value, shape: readonly Dimension[], like?: Value): Value {
    const result = broadcast("Expand", x.shape, shape);
    const sizes = shape.map((size) => {
      if (typeof size === "number") return this.integers(size);
      const axis = like?.shape.indexOf(size) ?? -1;
      if (like === undefined || axis < 0) throw shapeMismatch("Expand", `nothing tells the size of ${size}`);
      const whole = this.op("Shape", [like], {}, { dtype: "int64", shape: [like.shape.length] });
      return this.gather(whole, this.integers(axis));
    });
    const target = sizes.every((_, i) => typeof shape[i] === "number")
      ? this.integers(...shape.filter((size) => typeof size === "number"))
      : this.concat(sizes, 0);
    return this.op("Expand", [x, target], {}, { dtype: x.dtype, shape: result });
  }

  /** Adds a border. `pads` holds the begin of every axis, then the end of every axis. */
  pad(
    x: Value,
    pads: readonly number[],
    options: { readonly mode?: "constant" | "reflect" | "edge"; readonly value?: number } = {},
  ): Value {
    const rank = x.shape.length;
    if (pads.length !== 2 * rank) throw shapeMismatch("Pad", `${pads.length} borders for rank ${rank}`);
    const shape = x.shape.map((size, i) => {
      const border = (pads[i] ?? 0) + (pads[i + rank] ?? 0);
      if (border !== 0 && typeof size === "string") throw shapeMismatch("Pad", `axis ${i} of ${formatShape(x.shape)} has no known size`);
      return typeof size === "number" ? size + border : size;
    });
    return this.op(
      "Pad",
      [x, this.integers(...pads), this.scalar(options.value ?? 0)],
      { mode: options.mode ?? "constant" },
      { dtype: x.dtype, shape },
    );
  }

  /** Resamples the last axes (as many as the target names). */
  resize(x: Value, target: ResizeTarget, options: ResizeOptions): Value {
    const numbers = "sizes" in target ? target.sizes : target.scales;
    const first = x.shape.length - numbers.length;
    const shape = x.shape.map((size, i) => {
      if (i < first) return size;
      const wanted = numbers[i - first] ?? 1;
      if (typeof size !== "number") throw shapeMismatch("Resize", `axis ${i} of ${formatShape(x.shape)} has no known size`);
      return "sizes" in target ? wanted : Math.floor(size * wanted);
    });
    const axes = numbers.map((_, i) => first + i);
    const operands =
      "sizes" in target
        ? [x, null, null, this.integers(...numbers)]
        : [x, null, this.constant([numbers.length], Float32Array.from(numbers))];
    return this.op("Resize", operands, resizeAttributes(axes, options), { dtype: x.dtype, shape });
  }
}

function resizeAttributes(axes: readonly number[], options: ResizeOptions): Attributes {
  const nearest = options.mode === "nearest";
  return {
    axes,
    mode: options.mode,
    coordinate_transformation_mode: options.coordinates ?? (nearest ? "asymmetric" : "half_pixel"),
    ...(nearest ? { nearest_mode: "floor" } : {}),
    ...(options.mode === "cubic" ? { cubic_coeff_a: { float: options.cubicCoefficient ?? -0.75 } } : {}),
    ...(options.antialias === true ? { antialias: 1 } : {}),
    ...(options.excludeOutside === true ? { exclude_outside: 1 } : {}),
  };
}
