import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { GraphBuilder, type Graph } from "../graph/graph-builder";
import { tensor } from "../tensor/tensor";
import { openCheckpoint } from "../weights/checkpoint";
import { writeSafetensors } from "../weights/safetensors";
import { firstSentence } from "./device-probe";
import { listDevices } from "./execution-provider";
import { createSession } from "./inference-session";
import { selfTestDevice } from "./self-test";

const folder = scratchFolder();
const cpu = { device: "cpu", threads: 1 } as const;

/** y = x * weight + integers, with the weight in a file of its own. */
async function weightedGraph(file: string): Promise<Graph> {
  await writeSafetensors(file, new Map([["weight", tensor([4096], new Float32Array(4096).fill(3))]]));
  const g = new GraphBuilder();
  const x = g.input("x", "float32", ["N", 4096]);
  const steps = g.input("steps", "int64", ["N", 1]);
  g.output("y", g.add(g.mul(x, g.weight((await openCheckpoint(file)).scope().get("weight", [4096]))), g.cast(steps, "float32")));
  g.output("steps_again", steps);
  return g.build();
}

const feeds = {
  x: tensor([2, 4096], new Float32Array(8192).fill(2)),
  steps: { dtype: "int64", shape: [2, 1], data: BigInt64Array.of(1n, -1n) } as const,
};

test("weights are read from their own file, integers pass through", async () => {
  const session = await createSession(await weightedGraph(join(folder, "a.safetensors")), cpu);
  const { y, steps_again } = await session.run(feeds);
  expect([y?.data[0], y?.data[4096], y?.shape]).toEqual([7, 5, [2, 4096]]);
  expect(steps_again).toEqual(feeds.steps);
  await session.dispose();
});

test("one tensor may be seen in two shapes, and two shards of a folder be read by one graph", async () => {
  for (const name of ["s1", "s2"])
    await writeSafetensors(join(folder, `${name}.safetensors`), new Map([["w", tensor([2], Float32Array.of(1, 2))]]));
  const [first, second] = await Promise.all(
    ["s1", "s2"].map(async (name) => (await openCheckpoint(join(folder, `${name}.safetensors`))).scope()),
  );
  const g = new GraphBuilder();
  const column = g.weight(first?.get("w", [2], { as: [2, 1] }) as never);
  const row = g.weight(second?.get("w", [2]) as never);
  g.output("y", g.add(g.mul(column, row), g.input("x", "float32", [])));
  const graph = g.build();
  expect([graph.weightFolder, graph.weightFiles.length, graph.weightBytes]).toEqual([folder, 2, 16]);
  const session = await createSession(graph, cpu);
  expect((await session.run({ x: tensor([], Float32Array.of(0)) }))["y"]?.data).toEqual(Float32Array.of(1, 2, 2, 4));
  await session.dispose();
});

test("weights that are not numbers are noticed at the first result", async () => {
  const file = join(folder, "damaged.safetensors");
  await writeSafetensors(file, new Map([["w", tensor([2], Float32Array.of(1, NaN))]]));
  const g = new GraphBuilder();
  g.output("y", g.add(g.input("x", "float32", [2]), g.weight((await openCheckpoint(file)).scope().get("w", [2]))));
  const session = await createSession(g.build(), cpu);
  await expect(session.run({ x: tensor([2], new Float32Array(2)) })).rejects.toMatchObject({
    code: "weights/not-finite",
    message: expect.stringContaining("damaged.safetensors") as string,
  });
  await session.dispose();
});

test("bfloat16 weights are widened", async () => {
  const file = join(folder, "bf16.safetensors");
  const header = Buffer.from('{"w":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(file, Buffer.concat([length, header, Buffer.from("c03f00c1", "hex")]));
  const g = new GraphBuilder();
  g.output("y", g.add(g.input("x", "float32", [2]), g.weight((await openCheckpoint(file)).scope().get("w", [2]))));
  const session = await createSession(g.build(), cpu);
  expect((await session.run({ x: tensor([2], Float32Array.of(1, 1)) }))["y"]?.data).toEqual(Float32Array.of(2.5, -7));
  await session.dispose();
});

describe("a weight file that changed since it was opened", () => {
  test("cut short: an error instead of a crash", async () => {
    const file = join(folder, "cut.safetensors");
    const graph = await weightedGraph(file);
    truncateSync(file, 5000);
    await expect(createSession(graph, cpu)).rejects.toMatchObject({
      code: "weights/malformed",
      message: expect.stringContaining(file) as string,
    });
  });

  test("gone", async () => {
    const file = join(folder, "gone.safetensors");
    const graph = await weightedGraph(file);
    rmSync(file);
    await expect(createSession(graph, cpu)).rejects.toMatchObject({ code: "checkpoint/not-found" });
  });
});

describe("feeds that do not fit", () => {
  test.each([
    ["none", {}, /Input x was not given/],
    ["another rank", { ...feeds, x: tensor([4096], new Float32Array(4096)) }, /x is float32 \[4096\], expected float32 \[N, 4096\]/],
    ["another type", { ...feeds, steps: tensor([2, 1], new Float32Array(2)) }, /steps is float32 .* expected int64/],
    [
      "two sizes of N",
      { ...feeds, steps: { dtype: "int64", shape: [1, 1], data: BigInt64Array.of(1n) } as const },
      /steps is int64 \[1, 1\]/,
    ],
  ])("%s", async (_name, wrong, complaint) => {
    const session = await createSession(await weightedGraph(join(folder, "feeds.safetensors")), cpu);
    await expect(session.run(wrong)).rejects.toMatchObject({
      code: "graph/shape-mismatch",
      message: expect.stringMatching(complaint) as string,
    });
    await session.dispose();
  });
});

test("what the runtime cannot prepare is an error of the device", async () => {
  const g = new GraphBuilder();
  g.output("y", g.op("NoSuchOperator", [g.input("x", "float32", [1])], {}, { dtype: "float32", shape: [1] }));
  await expect(createSession(g.build(), cpu)).rejects.toMatchObject({
    code: "device/failed",
    message: expect.stringContaining("NoSuchOperator") as string,
  });
});

test("every device is listed once, the CPU can be used, and one that cannot is refused with the reason", async () => {
  const devices = await listDevices();
  expect(devices.map(({ id }) => id)).toEqual(["cpu", "webgpu", "cuda", "directml", "coreml"]);
  expect(devices[0]).toMatchObject({ available: true, detail: null });
  const absent = devices.find(({ available }) => !available);
  if (absent === undefined) throw new Error("No machine has every device");
  expect(absent.detail).not.toMatch(/\.cc:|\n/);
  const g = new GraphBuilder();
  g.output("y", g.relu(g.input("x", "float32", [1])));
  await expect(createSession(g.build(), { device: absent.id, threads: 1 })).rejects.toMatchObject({
    code: "device/unavailable",
    message: expect.stringContaining(absent.name) as string,
  });
  expect(await selfTestDevice(absent.id)).toEqual({ ok: false, imagesPerSecond: null, parity: null, message: absent.detail });
});

test("the self-test compares the fused attention of the CPU with the decomposed one", async () => {
  const result = await selfTestDevice("cpu");
  expect(result).toMatchObject({ ok: true, message: null });
  expect(result.parity).toBeLessThan(1e-5);
  expect(result.imagesPerSecond).toBeGreaterThan(0);
});

test("messages of the runtime are cut to what a person can read", () => {
  expect(
    firstSentence(
      new Error(
        "/src/webgpu_context.cc:136 Context::Initialize(Config&) adapter.status == Status::Success was false. Failed to get a WebGPU adapter\n  at x",
      ),
    ),
  ).toBe("Failed to get a WebGPU adapter");
  expect(firstSentence(new Error("[ONNXRuntimeError] : 1 : FAIL : Load model failed"))).toBe("Load model failed");
  expect(firstSentence("plain")).toBe("plain");
});
