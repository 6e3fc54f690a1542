/** @file Messages between the engine and its inference worker, and which buffers move instead of being copied. */
import type { AppErrorShape } from "#shared/domain/app-error";
import type { InferenceMethod, InferenceNews } from "./inference-service";

export interface InferenceCall {
  readonly call: number;
  readonly method: InferenceMethod;
  readonly args: readonly unknown[];
}

export type InferenceAnswer =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: AppErrorShape; readonly stack: string | undefined };

/** What the worker says unasked. */
export interface NewsMessage {
  readonly news: InferenceNews;
}

/** Every distinct buffer under a typed array in `value`; each may be transferred once. Features of one answer may share arrays. */
export function transferableBuffers(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  collect(value, buffers);
  return [...buffers];
}

function collect(value: unknown, buffers: Set<ArrayBuffer>): void {
  if (value === null || typeof value !== "object") return;
  if (ArrayBuffer.isView(value)) {
    // A view on part of a pooled buffer (node's small Buffers) belongs to others too and is copied.
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) buffers.add(value.buffer);
    return;
  }
  for (const field of Array.isArray(value) ? value : Object.values(value)) collect(field, buffers);
}
