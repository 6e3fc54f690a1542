/**
 * @file Sessions over large weights on the processor: the weights stay in their file, which the system maps, instead of being copied into memory.
 * What is stored in half precision is first copied to a float32 file, once.
 */
import { type AppError, toAppError } from "#shared/domain/app-error";
import type { Graph } from "../graph/graph-core";
import { float32Copies, isCopyable } from "../weights/float32-copies";
import { createSession } from "./inference-session";

/** Weights that large are worth a file of their own. */
export const largeWeightBytes = 200e6;

export interface MappedSessionOptions {
  /** Where the copies are kept. */
  readonly folder: string;
  /** Weights of fewer bytes are loaded as they are. */
  readonly minBytes: number;
  /** Told while weights are copied, which happens once for each network. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Told why weights could not be copied; they are loaded as they are. */
  readonly onFailure?: (reason: AppError) => void;
}

/** `createSession` that maps large weights. Copies are made one after the other. */
export function createMappedSessions({ folder, minBytes, onProgress, onFailure }: MappedSessionOptions): typeof createSession {
  let turn: Promise<unknown> = Promise.resolve();

  /** The graph over weights that can be mapped; null when there is no way to have them. */
  async function mappable(graph: Graph): Promise<Graph | null> {
    if (graph.weights.every(({ dtype }) => dtype === "F32")) return graph;
    if (!graph.weights.every(isCopyable)) return null;
    try {
      return graph.overCopies(await float32Copies(folder, graph, (done, total) => onProgress?.(done, total)));
    } catch (error) {
      onFailure?.(toAppError(error));
      return null;
    }
  }

  return async (graph, options) => {
    if (options.device !== "cpu" || graph.weightBytes < minBytes) return createSession(graph, options);
    const mapped = turn.then(() => mappable(graph));
    turn = mapped;
    const found = await mapped;
    return createSession(graph, found === null ? options : { ...options, mapped: found });
  };
}
