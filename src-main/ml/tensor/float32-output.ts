/** @file An output of a graph, which the code that authored it knows to be there. */
import { appError } from "#shared/domain/app-error";
import type { Float32Tensor, Tensor } from "./tensor";

/** `output`, when it is there and float32. Throws internal/fault. */
export function float32Output(name: string, output: Tensor | undefined): Float32Tensor {
  if (output?.dtype === "float32") return output;
  throw appError("internal/fault", `The graph has no float32 output ${name}.`);
}
