/** @file Authors one graph: products, convolutions, normalisations and reductions on top of the simpler operators. */
import { LayoutOperators } from "./layout-operators";
import { matmulShape, normalizeAxis, reduceShape, shapeMismatch, windowShape } from "./shape-inference";
import { countPerItem, formatShape, type Dimension, type Value } from "./value";

export type { Graph, GraphId, GraphOptions } from "./graph-core";

export interface ConvOptions {
  readonly stride?: number | readonly [number, number];
  /** One border for all sides, or `[top, left, bottom, right]`. */
  readonly padding?: number | readonly [number, number, number, number];
  readonly groups?: number;
  readonly dilation?: number;
}

export interface PoolOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
}

/** Every method returns the value of the new node; shapes are checked at once. */
export class GraphBuilder extends LayoutOperators {
  /** `[..., M, K] x [..., K, N]`, batch axes broadcast. `cost` is the kind of work it counts as. */
  matmul(a: Value, b: Value, cost: "linear" | "attention" = "linear"): Value {
    const shape = matmulShape(a.shape, b.shape);
    this.countFlops(cost, 2 * countPerItem(shape) * countPerItem(a.shape.slice(-1)));
    return this.op("MatMul", [a, b], {}, { dtype: a.dtype, shape });
  }

  /** `a x weightᵀ + bias` with `a` [rows, in], `weight` [out, in], `bias` [out]: the layout of a torch Linear. */
  gemm(a: Value, weight: Value, bias: Value | null): Value {
    const [rows, inner] = a.shape;
    const [out, columns] = weight.shape;
    if (a.shape.length !== 2 || weight.shape.length !== 2 || rows === undefined || out === undefined || inner !== columns) {
      throw shapeMismatch("Gemm", `${formatShape(a.shape)} does not fit the weight ${formatShape(weight.shape)}`);
    }
    if (bias !== null && (bias.shape.length !== 1 || bias.shape[0] !== out))
      throw shapeMismatch("Gemm", `bias ${formatShape(bias.shape)} does not fit the weight ${formatShape(weight.shape)}`);
    this.countFlops("linear", 2 * countPerItem([rows, out, ...a.shape.slice(1)]));
    return this.op("Gemm", [a, weight, bias], { transB: 1 }, { dtype: a.dtype, shape: [rows, out] });
  }

  /** 2-d convolution of `x` [B, in, H, W] with `weight` [out, in / groups, kh, kw]. */
  conv(x: Value, weight: Value, bias: Value | null, options: ConvOptions = {}): Value {
    const groups = options.groups ?? 1;
    const [batch, channels, ...spatial] = x.shape;
    const [out, perGroup, ...kernel] = weight.shape as readonly number[];
    if (
      batch === undefined ||
      out === undefined ||
      perGroup === undefined ||
      spatial.length !== 2 ||
      kernel.length !== 2 ||
      channels !== perGroup * groups
    ) {
      throw shapeMismatch("Conv", `${formatShape(x.shape)} does not fit the weight ${formatShape(weight.shape)} in ${groups} groups`);
    }
    const { stride = 1, padding = 0, dilation = 1 } = options;
    const strides = typeof stride === "number" ? [stride, stride] : [...stride];
    const pads = typeof padding === "number" ? [padding, padding, padding, padding] : [...padding];
    const dilations = [dilation, dilation];
    const shape: Dimension[] = [batch, out, ...windowShape("Conv", spatial, { kernel, strides, pads, dilations })];
    this.countFlops("conv", 2 * countPerItem(shape) * countPerItem(weight.shape.slice(1)));
    return this.op("Conv", [x, weight, bias], { kernel_shape: kernel, strides, pads, dilations, group: groups }, { dtype: x.dtype, shape });
  }

  /** Largest number in each window of `x` [B, C, H, W]. */
  maxPool(x: Value, options: PoolOptions): Value {
    return this.#pool("MaxPool", x, options);
  }

  /** Mean of each window of `x` [B, C, H, W], the border not counted. */
  averagePool(x: Value, options: PoolOptions): Value {
    return this.#pool("AveragePool", x, options);
  }

  softmax(x: Value, axis = -1): Value {
    return this.op("Softmax", [x], { axis: normalizeAxis("Softmax", axis, x.shape.length) }, x);
  }

  reduceMean(x: Value, axes: readonly number[], options: { readonly keepDims?: boolean } = {}): Value {
    return this.#reduce("ReduceMean", x, { axes, keepDims: options.keepDims ?? false });
  }

  reduceSum(x: Value, axes: readonly number[], options: { readonly keepDims?: boolean } = {}): Value {
    return this.#reduce("ReduceSum", x, { axes, keepDims: options.keepDims ?? false });
  }

  reduceMax(x: Value, axes: readonly number[], options: { readonly keepDims?: boolean } = {}): Value {
    return this.#reduce("ReduceMax", x, { axes, keepDims: options.keepDims ?? false });
  }

  /** Index of the largest number along `axis`, int64; the axis is dropped. The first wins a tie. */
  argmax(x: Value, axis: number): Value {
    const at = normalizeAxis("ArgMax", axis, x.shape.length);
    return this.op("ArgMax", [x], { axis: at, keepdims: 0 }, { dtype: "int64", shape: reduceShape("ArgMax", x.shape, [at], false) });
  }

  /** Normalises over the last axis, then multiplies by `weight` and adds `bias`, both [C]. */
  layerNormalization(x: Value, weight: Value, options: { readonly bias: Value | null; readonly eps: number }): Value {
    const channels = x.shape.at(-1);
    if (weight.shape.length !== 1 || weight.shape[0] !== channels)
      throw shapeMismatch("LayerNormalization", `weight ${formatShape(weight.shape)} does not fit ${formatShape(x.shape)}`);
    return this.op("LayerNormalization", [x, weight, options.bias], { axis: -1, epsilon: { float: options.eps } }, x);
  }

  /** Normalises every channel of every item of `x` [B, C, ...] over its remaining axes; no affine part. */
  instanceNormalization(x: Value, eps: number): Value {
    const channels = x.shape[1];
    if (typeof channels !== "number" || x.shape.length < 3)
      throw shapeMismatch("InstanceNormalization", `needs [batch, channels, ...], got ${formatShape(x.shape)}`);
    const ones = this.constant([channels], new Float32Array(channels).fill(1));
    const zeros = this.constant([channels], new Float32Array(channels));
    return this.op("InstanceNormalization", [x, ones, zeros], { epsilon: { float: eps } }, x);
  }

  #pool(type: string, x: Value, options: PoolOptions): Value {
    const { kernel, stride, padding = 0 } = options;
    const [batch, channels, ...spatial] = x.shape;
    if (batch === undefined || channels === undefined || spatial.length !== 2)
      throw shapeMismatch(type, `needs [batch, channels, height, width], got ${formatShape(x.shape)}`);
    const geometry = { kernel: [kernel, kernel], strides: [stride, stride], pads: [padding, padding, padding, padding], dilations: [1, 1] };
    const shape = [batch, channels, ...windowShape(type, spatial, geometry)];
    return this.op(type, [x], { kernel_shape: geometry.kernel, strides: geometry.strides, pads: geometry.pads }, { dtype: x.dtype, shape });
  }

  #reduce(type: string, x: Value, options: { readonly axes: readonly number[]; readonly keepDims: boolean }): Value {
    const axes = options.axes.map((axis) => normalizeAxis(type, axis, x.shape.length));
    const shape = reduceShape(type, x.shape, axes, options.keepDims);
    return this.op(type, [x, this.integers(...axes)], { keepdims: options.keepDims ? 1 : 0 }, { dtype: x.dtype, shape });
  }
}
