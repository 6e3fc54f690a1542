/** @file How much memory a run may take on a device, and how it is recognised that it took too much. */
import type { Device } from "#shared/domain/device";
import { defaultTileBytes } from "../graph/opset";

/** Scores, their softmax and the runtime's copies of both are there at once, beside weights and activations. */
const shareOfMemory = 1 / 32;
/** The largest binding every WebGPU adapter takes (WebGPU specification, maxStorageBufferBindingSize). */
const webgpuBindingBytes = 128 * 2 ** 20;
const smallestTileBytes = 8 * 2 ** 20;

/** How large the scores of one tile of attention may be on a device. */
export function tileBytesFor({ id, memoryBytes }: Pick<Device, "id" | "memoryBytes">): number {
  const most = id === "webgpu" ? webgpuBindingBytes : 2 * defaultTileBytes;
  const share = memoryBytes === null ? webgpuBindingBytes : memoryBytes * shareOfMemory;
  return Math.max(smallestTileBytes, Math.min(most, share));
}

/** The next smaller tile to try after memory ran out; null when it is not the tiles that are too large. */
export function smallerTile(tileBytes: number): number | null {
  return tileBytes > smallestTileBytes ? Math.max(smallestTileBytes, tileBytes / 4) : null;
}

/** Whether a runtime's complaint means that the device has too little memory. Sources: CUDA, Direct3D 12, Dawn and the C++ library. */
export function saysOutOfMemory(message: string): boolean {
  return /out[ _]?of[ _]?(?:device[ _]?|host[ _]?)?memory|bad_alloc|bad allocation|failed to allocate|not enough memory/i.test(message);
}
