/** @file Which operators a graph may use: standard versions, and which form of attention is right on which device. */
import type { DeviceId } from "#shared/domain/device";

/** Opset of a graph unless its author asks for another: the first with int4-free, stable Gelu and GroupNormalization kernels everywhere. */
export const defaultOpset = 21;

/** Domain of the fused operators of ONNX Runtime. */
export const microsoftDomain = "com.microsoft";

/**
 * `fused`: com.microsoft.MultiHeadAttention; `decomposed`: MatMul, Softmax, MatMul, with `tileBytes` over as many query tokens at once as
 * have scores of that size.
 */
export type AttentionForm = "fused" | "decomposed" | { readonly tileBytes: number };

/** Scores of one tile of decomposed attention where nobody says how much memory there is. */
export const defaultTileBytes = 256 * 2 ** 20;

/** Where a graph is to run. */
export interface GraphPlace {
  readonly device: DeviceId;
  /** How large the scores of one tile of attention may be there. */
  readonly tileBytes?: number;
}

/** IR version that belongs to an opset (onnx/docs/Versioning.md). */
export function irVersionOf(opset: number): number {
  if (opset >= 23) return 11;
  if (opset >= 21) return 10;
  return 8;
}

/**
 * The form of attention to author for a device. The fused operator is the fastest on the CPU and needs no memory for the scores,
 * but gives wrong numbers without an error on WebGPU, so everything else gets the decomposed one.
 */
export function attentionFormFor({ device, tileBytes = defaultTileBytes }: GraphPlace): AttentionForm {
  return device === "cpu" ? "fused" : { tileBytes };
}
