import { expect, test } from "vitest";
import { brandId } from "#shared/lib/branded-id";
import type { Graph, GraphId } from "../graph/graph-core";
import type { createSession } from "./inference-session";
import { createSessionPool } from "./session-pool";

const graph = (id: string, weightBytes = 1): Graph => ({
  bytes: new Uint8Array(),
  id: brandId<GraphId>(id),
  inputs: [],
  outputs: [],
  weightFolder: null,
  weightFiles: [],
  weightBytes,
  weights: [],
  flops: { conv: 0, linear: 0, attention: 0 },
  overCopies: () => graph(id, weightBytes),
});
const cpu = { device: "cpu", threads: 1 } as const;

/** Sessions that note what happens to them; a run lasts until `finishRuns`. */
function fakeSessions() {
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  let fails = false;
  const create: typeof createSession = async (made, options) => {
    log.push(`load ${made.id}`);
    await Promise.resolve();
    if (fails) throw new Error("no memory");
    return {
      graph: made,
      device: options.device,
      run: async () => {
        log.push(`run ${made.id}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return {};
      },
      dispose: async () => void log.push(`free ${made.id}`),
    };
  };
  const finishRuns = () => waiting.splice(0).forEach((finish) => finish());
  return { log, create, finishRuns, fail: (value: boolean) => (fails = value) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("equal graphs share one session, also while it loads; other options do not", async () => {
  const { log, create } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 9, maxWeightBytes: 9 }, create);
  await Promise.all([pool.get(graph("a"), cpu), pool.get(graph("a"), cpu), pool.get(graph("a"), { ...cpu, threads: 2 })]);
  await pool.get(graph("a"), { ...cpu, optimization: "extended" });
  expect(log).toEqual(["load a", "load a"]);
});

test("the longest unused goes when there are too many", async () => {
  const { log, create } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 2, maxWeightBytes: 99 }, create);
  for (const id of ["a", "b", "a", "c"]) await pool.get(graph(id), cpu);
  await settled();
  expect(log).toEqual(["load a", "load b", "free b", "load c"]);
});

test("as many go as the weights need; one that is larger than all room is kept alone", async () => {
  const { log, create } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 9, maxWeightBytes: 10 }, create);
  for (const [id, bytes] of [
    ["a", 4],
    ["b", 4],
    ["c", 7],
    ["d", 99],
  ] as const)
    await pool.get(graph(id, bytes), cpu);
  await settled();
  expect(log).toEqual(["load a", "load b", "free a", "free b", "load c", "free c", "load d"]);
});

test("a running session is freed after its run, and its handle loads it again", async () => {
  const { log, create, finishRuns } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 1, maxWeightBytes: 99 }, create);
  const a = await pool.get(graph("a"), cpu);
  const running = a.run({});
  await settled();
  await pool.get(graph("b"), cpu);
  await settled();
  expect(log).toEqual(["load a", "run a", "load b"]);
  finishRuns();
  await running;
  expect(log.at(-1)).toBe("free a");
  const again = a.run({});
  await settled();
  finishRuns();
  await again;
  expect(log.slice(4).sort()).toEqual(["free b", "load a", "run a"]);
});

test("a session that failed to load is tried anew", async () => {
  const { create, fail } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 1, maxWeightBytes: 99 }, create);
  fail(true);
  await expect(pool.get(graph("a"), cpu)).rejects.toThrow("no memory");
  fail(false);
  await expect(pool.get(graph("a"), cpu)).resolves.toMatchObject({ device: "cpu" });
});

test("disposing frees everything once", async () => {
  const { log, create } = fakeSessions();
  const pool = createSessionPool({ maxSessions: 9, maxWeightBytes: 99 }, create);
  const a = await pool.get(graph("a"), cpu);
  await pool.get(graph("b"), cpu);
  await a.dispose();
  await pool.dispose();
  await pool.dispose();
  expect(log).toEqual(["load a", "load b", "free a", "free b"]);
});
