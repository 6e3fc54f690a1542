/** @file Keeps sessions ready: loading weights takes seconds, so the most recently used stay, within a number and a size. */
import type { Graph } from "../graph/graph-core";
import { createSession, type InferenceSession, type SessionOptions } from "./inference-session";

export interface SessionPoolLimits {
  readonly maxSessions: number;
  /** Bound of the weights of all ready sessions, as stored. */
  readonly maxWeightBytes: number;
}

export interface SessionPool {
  /**
   * A handle that is ready to run. Equal graphs on equal options share one session, also while it is being loaded.
   * The handle stays valid for good: when the pool has given the session up, the next run loads it again.
   * Its `dispose` frees the session now instead of when room is needed.
   * @throws as {@link createSession}
   */
  get(graph: Graph, options: SessionOptions): Promise<InferenceSession>;
  /** Frees every session, a running one as soon as its run is over. */
  dispose(): Promise<void>;
}

const defaultLimits: SessionPoolLimits = { maxSessions: 12, maxWeightBytes: 6 * 2 ** 30 };

interface Entry {
  readonly graph: Graph;
  readonly session: Promise<InferenceSession>;
  running: number;
  /** Freed as soon as nothing runs in it. */
  isRetired: boolean;
}

/** An empty pool. `create` makes the sessions. */
export function createSessionPool(limits: SessionPoolLimits = defaultLimits, create: typeof createSession = createSession): SessionPool {
  // In order of use: the first is the longest unused.
  const entries = new Map<string, Entry>();

  function load(key: string, graph: Graph, options: SessionOptions): Entry {
    const known = entries.get(key);
    const entry = known ?? newEntry(graph, options);
    entries.delete(key);
    entries.set(key, entry);
    if (known === undefined) {
      entry.session.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
    }
    return entry;
  }

  /** What has to go is freed before the weights are read, so that both are never in memory together. */
  function newEntry(graph: Graph, options: SessionOptions): Entry {
    const room = makeRoom(graph);
    return { graph, session: room.then(() => create(graph, options)), running: 0, isRetired: false };
  }

  async function makeRoom({ weightBytes }: Graph): Promise<void> {
    const retired: Promise<void>[] = [];
    for (const key of entries.keys()) {
      const bytes = [...entries.values()].reduce((total, { graph }) => total + graph.weightBytes, weightBytes);
      if (entries.size < limits.maxSessions && bytes <= limits.maxWeightBytes) break;
      retired.push(retire(key));
    }
    await Promise.allSettled(retired);
  }

  async function retire(key: string): Promise<void> {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    entry.isRetired = true;
    await freeIfIdle(entry);
  }

  async function freeIfIdle(entry: Entry): Promise<void> {
    if (!entry.isRetired || entry.running > 0) return;
    const session = await entry.session.catch(() => null);
    await session?.dispose();
  }

  return {
    get: async (graph, options) => {
      const key = `${graph.id}|${options.device}|${options.threads}|${options.optimization ?? "extended"}`;
      await load(key, graph, options).session;
      return {
        graph,
        device: options.device,
        run: async (feeds) => {
          const entry = load(key, graph, options);
          entry.running += 1;
          try {
            return await (await entry.session).run(feeds);
          } finally {
            entry.running -= 1;
            await freeIfIdle(entry);
          }
        },
        dispose: () => retire(key),
      };
    },
    dispose: async () => {
      await Promise.all([...entries.keys()].map(retire));
    },
  };
}
