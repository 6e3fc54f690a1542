/** @file The most a machine gives in float32: one large product of matrices, measured beside whatever is compared with it. */
import { GraphBuilder } from "#main/ml/graph/graph-builder";
import { createSession } from "#main/ml/runtime/inference-session";
import { tensor } from "#main/ml/tensor/tensor";
import { randomNumbers } from "../support/random-numbers";
import { median, time } from "./bench";

const size = 2048;

/** Measures the ceiling when called; the median of all calls' runs is the ceiling. */
export interface MatMulCeiling {
  measure(): Promise<void>;
  /** Floating point operations per second. */
  flopsPerSecond(): number;
  dispose(): Promise<void>;
}

export async function createMatMulCeiling(threads: number): Promise<MatMulCeiling> {
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [size, size]);
  g.output("y", g.matmul(x, x));
  const session = await createSession(g.build(), { device: "cpu", threads });
  const feeds = { x: tensor([size, size], randomNumbers(size * size, 1)) };
  const milliseconds: number[] = [];
  return {
    measure: async () => void milliseconds.push(...(await time(5, () => session.run(feeds)))),
    flopsPerSecond: () => (2 * size ** 3 * 1000) / median(milliseconds),
    dispose: () => session.dispose(),
  };
}
