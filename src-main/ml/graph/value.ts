/** @file What flows along the edges of a graph: a name, an element type and a shape known while authoring. */

/** A size, or the name of one that is known only when the graph runs (`"N"`). */
export type Dimension = number | string;

export type GraphDType = "float32" | "float16" | "bfloat16" | "float64" | "int64" | "int32" | "uint8" | "int8" | "bool";

/** The result of a node, an input, a constant or a weight. */
export interface Value {
  readonly name: string;
  readonly dtype: GraphDType;
  readonly shape: readonly Dimension[];
}

/** `[N, 256, 160]`, as error messages print shapes. */
export function formatShape(shape: readonly Dimension[]): string {
  return `[${shape.join(", ")}]`;
}

/** The size of axis `axis` (negative counts from the end) when it must be known now; `undefined` when symbolic or absent. */
export function knownSize(value: Value, axis: number): number | undefined {
  const size = value.shape.at(axis);
  return typeof size === "number" ? size : undefined;
}

/** Number of elements with every symbol counted as one (`N*256` counts 256): what costs are stated for. */
export function countPerItem(shape: readonly Dimension[]): number {
  return shape.reduce<number>((product, size) => product * (typeof size === "number" ? size : knownFactor(size)), 1);
}

function knownFactor(size: string): number {
  return size.split("*").reduce((product, factor) => product * (/^\d+$/.test(factor) ? Number(factor) : 1), 1);
}
