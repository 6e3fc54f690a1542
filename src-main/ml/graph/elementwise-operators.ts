/** @file Operators that work number by number. */
import { GraphCore } from "./graph-core";
import { broadcast, shapeMismatch } from "./shape-inference";
import type { Value } from "./value";

export class ElementwiseOperators extends GraphCore {
  add(a: Value, b: Value): Value {
    return this.#binary("Add", a, b);
  }

  sub(a: Value, b: Value): Value {
    return this.#binary("Sub", a, b);
  }

  mul(a: Value, b: Value): Value {
    return this.#binary("Mul", a, b);
  }

  div(a: Value, b: Value): Value {
    return this.#binary("Div", a, b);
  }

  pow(a: Value, b: Value): Value {
    return this.#binary("Pow", a, b);
  }

  minimum(a: Value, b: Value): Value {
    return this.#binary("Min", a, b);
  }

  maximum(a: Value, b: Value): Value {
    return this.#binary("Max", a, b);
  }

  /** Multiplies every number by `factor`. */
  scale(x: Value, factor: number): Value {
    return factor === 1 ? x : this.mul(x, this.scalar(factor));
  }

  /** `condition ? a : b`, number by number. */
  where(condition: Value, a: Value, b: Value): Value {
    if (condition.dtype !== "bool" || a.dtype !== b.dtype)
      throw shapeMismatch("Where", `cannot choose between ${a.dtype} and ${b.dtype} by ${condition.dtype}`);
    const shape = broadcast("Where", condition.shape, broadcast("Where", a.shape, b.shape));
    return this.op("Where", [condition, a, b], {}, { dtype: a.dtype, shape });
  }

  sigmoid(x: Value): Value {
    return this.#unary("Sigmoid", x);
  }

  tanh(x: Value): Value {
    return this.#unary("Tanh", x);
  }

  relu(x: Value): Value {
    return this.#unary("Relu", x);
  }

  erf(x: Value): Value {
    return this.#unary("Erf", x);
  }

  sqrt(x: Value): Value {
    return this.#unary("Sqrt", x);
  }

  exp(x: Value): Value {
    return this.#unary("Exp", x);
  }

  log(x: Value): Value {
    return this.#unary("Log", x);
  }

  cos(x: Value): Value {
    return this.#unary("Cos", x);
  }

  sin(x: Value): Value {
    return this.#unary("Sin", x);
  }

  floor(x: Value): Value {
    return this.#unary("Floor", x);
  }

  neg(x: Value): Value {
    return this.#unary("Neg", x);
  }

  abs(x: Value): Value {
    return this.#unary("Abs", x);
  }

  reciprocal(x: Value): Value {
    return this.#unary("Reciprocal", x);
  }

  /** GELU by the error function (`exact`) or its tanh approximation. */
  gelu(x: Value, approximation: "exact" | "tanh" = "exact"): Value {
    return this.op("Gelu", [x], { approximate: approximation === "exact" ? "none" : "tanh" }, x);
  }

  /** Limits every number to `[minimum, maximum]`; `null` leaves a side open. */
  clip(x: Value, minimum: number | null, maximum: number | null): Value {
    const bounds = [minimum, maximum].map((bound) => (bound === null ? null : this.scalar(bound)));
    return this.op("Clip", [x, ...bounds], {}, x);
  }

  #unary(type: string, x: Value): Value {
    return this.op(type, [x], {}, { dtype: x.dtype, shape: x.shape });
  }

  #binary(type: string, a: Value, b: Value): Value {
    if (a.dtype !== b.dtype) throw shapeMismatch(type, `cannot combine ${a.dtype} with ${b.dtype}`);
    return this.op(type, [a, b], {}, { dtype: a.dtype, shape: broadcast(type, a.shape, b.shape) });
  }
}
