/** @file Runs a graph once on the CPU. */
import type { Graph } from "#main/ml/graph/graph-core";
import { createSession } from "#main/ml/runtime/inference-session";
import type { Tensor } from "#main/ml/tensor/tensor";

export async function runGraph(graph: Graph, feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  const session = await createSession(graph, { device: "cpu", threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}
