/** @file Who may use the model next: what a person waits for goes before background work. */
import PQueue from "p-queue";

export type Lane = "interactive" | "background";

export interface Lanes {
  /** Runs `task` when its turn comes; interactive tasks overtake waiting background tasks, never a running one. */
  run<T>(lane: Lane, task: () => Promise<T>): Promise<T>;
}

const priorities: Readonly<Record<Lane, number>> = { interactive: 1, background: 0 };

/** Creates lanes over one resource that serves `width` tasks at a time. */
export function createLanes(width = 1): Lanes {
  const queue = new PQueue({ concurrency: width });
  return { run: (lane, task) => queue.add(task, { priority: priorities[lane] }) };
}
