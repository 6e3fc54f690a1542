import { readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AppError } from "#shared/domain/app-error";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { GraphBuilder, type Graph } from "../graph/graph-builder";
import { float32ToFloat16 } from "../tensor/half";
import { tensor, type Tensor } from "../tensor/tensor";
import { openCheckpoint } from "../weights/checkpoint";
import { listCopiedWeights, setCopyBudget } from "../weights/float32-folder";
import { writeSafetensors } from "../weights/safetensors";
import { renameCheckpoint } from "../weights/renamed-checkpoint";
import { createSession } from "./inference-session";
import { createMappedSessions } from "./mapped-session";

const scratch = scratchFolder();
const cpu = { device: "cpu", threads: 1 } as const;
const size = 4096;
/** Half precision holds them exactly. */
const numbers = Float32Array.from({ length: size }, (_, i) => (i % 2000) - 1000);
const feeds = { x: tensor([size], new Float32Array(size).fill(2)) };
const expected = numbers.map((x) => 2 * x);

const halved: Tensor = { dtype: "float16", shape: [size], data: float32ToFloat16(numbers) };
const whole = tensor([size], numbers);

/** y = x * a tensor of the file, for each of `names`. */
async function graphOf(file: string, names: readonly string[] = ["w"]): Promise<Graph> {
  const weights = (await openCheckpoint(file)).scope();
  const g = new GraphBuilder();
  const x = g.input("x", "float32", [size]);
  for (const name of names) g.output(`y_${name}`, g.mul(x, g.weight(weights.get(name, [size]))));
  return g.build();
}

async function fileOf(name: string, tensors: Readonly<Record<string, Tensor>> = { w: halved }): Promise<string> {
  const file = join(scratch, `${name}.safetensors`);
  await writeSafetensors(file, new Map(Object.entries(tensors)));
  return file;
}

interface Told {
  readonly progress: (readonly [done: number, total: number])[];
  readonly failures: AppError[];
}

function mapping(folder: string) {
  const told: Told = { progress: [], failures: [] };
  const create = createMappedSessions({
    folder,
    minBytes: 0,
    onProgress: (...of) => told.progress.push(of),
    onFailure: (reason) => told.failures.push(reason),
  });
  return { create, told };
}

async function resultOf(graph: Graph, { create }: ReturnType<typeof mapping>): Promise<unknown> {
  const session = await create(graph, cpu);
  const results = await session.run(feeds);
  await session.dispose();
  return results[graph.outputs[0]?.name ?? ""]?.data;
}

const copiesIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith(".safetensors"));

test("copies hold what a network reads, are made once, and complete one another", async () => {
  const folder = join(scratch, "once");
  const file = await fileOf("three", { a: halved, b: halved, c: whole });
  const first = mapping(folder);
  expect(await resultOf(await graphOf(file, ["a"]), first)).toEqual(expected);
  expect(first.told.progress.at(-1)).toEqual([4 * size, 4 * size]);
  const again = mapping(folder);
  await resultOf(await graphOf(file, ["a"]), again);
  expect(again.told.progress).toEqual([]);
  await resultOf(await graphOf(file, ["a", "b", "c"]), again);
  expect(again.told.progress.at(-1)).toEqual([8 * size, 8 * size]);
  expect(copiesIn(folder)).toHaveLength(2);
  expect(again.told.failures).toEqual([]);
});

test("a damaged copy is no copy, and is made again", async () => {
  const folder = join(scratch, "damaged");
  const graph = await graphOf(await fileOf("sound"));
  await resultOf(graph, mapping(folder));
  const [name = ""] = copiesIn(folder);
  truncateSync(join(folder, name), 1000);
  expect(await resultOf(graph, mapping(folder))).toEqual(expected);
  renameSync(join(folder, name), join(folder, name.replace(/-.*/, "-00.safetensors")));
  const { told, create } = mapping(folder);
  expect(await resultOf(graph, { told, create })).toEqual(expected);
  expect(told.progress).not.toEqual([]);
});

test("rows, other shapes and transposed matrices of a file are copied as they are seen", async () => {
  const folder = join(scratch, "views");
  const stored: Tensor = { dtype: "float16", shape: [4, 3], data: float32ToFloat16(Float32Array.from({ length: 12 }, (_, i) => i)) };
  const file = await openCheckpoint(await fileOf("views", { m: stored }));
  const views = renameCheckpoint(file, [
    { name: "rows", from: "m", rows: [1, 3] },
    { name: "turned", from: "m", transposed: true },
    { name: "column", from: "m", shape: [12, 1] },
  ]).scope();
  const g = new GraphBuilder();
  const zero = g.input("x", "float32", []);
  for (const [name, shape] of [
    ["rows", [2, 3]],
    ["turned", [3, 4]],
    ["column", [12, 1]],
  ] as const)
    g.output(`y_${name}`, g.add(g.weight(views.get(name, shape)), zero));
  const graph = g.build();
  const results = [];
  for (const create of [createSession, mapping(folder).create]) {
    const session = await create(graph, cpu);
    results.push(await session.run({ x: tensor([], Float32Array.of(0)) }));
    await session.dispose();
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[1]?.["y_turned"]?.data.slice(0, 4)).toEqual(Float32Array.of(0, 3, 6, 9));
});

test("float32 weights need no copy", async () => {
  const folder = join(scratch, "none");
  expect(await resultOf(await graphOf(await fileOf("float32", { w: whole })), mapping(folder))).toEqual(expected);
  expect(() => readdirSync(folder)).toThrow("ENOENT");
});

describe("where there is no room", () => {
  test("weights are loaded as they are, and it is said why", async () => {
    const folder = join(scratch, "budget");
    await setCopyBudget(folder, 100);
    const { told, create } = mapping(folder);
    expect(await resultOf(await graphOf(await fileOf("large")), { told, create })).toEqual(expected);
    expect(told.failures).toEqual([expect.objectContaining({ code: "disk/full", message: expect.stringContaining(folder) as string })]);
  });

  test("the copies that were not used for longest go, those of the model itself stay", async () => {
    const folder = join(scratch, "oldest");
    const names = ["one", "two", "three", "four"];
    await setCopyBudget(folder, 2.5 * 4 * size + 3000);
    for (const [i, name] of names.entries())
      await resultOf(
        await graphOf(
          await fileOf(name, {
            w: tensor(
              [size],
              numbers.map((x) => x + i),
            ),
            v: halved,
          }),
          ["v"],
        ),
        mapping(folder),
      );
    expect((await listCopiedWeights(folder)).map(({ path }) => path)).toEqual([
      join(scratch, "four.safetensors"),
      join(scratch, "three.safetensors"),
    ]);
  });

  test("a folder that cannot be written is no reason to fail", async () => {
    const folder = join(scratch, "file-in-the-way");
    writeFileSync(folder, "");
    const { told, create } = mapping(folder);
    expect(await resultOf(await graphOf(await fileOf("plain")), { told, create })).toEqual(expected);
    expect(told.failures.map(({ code }) => code)).toEqual(["disk/failed"]);
  });
});

test("weights that are not numbers are noticed, and no half copy is left", async () => {
  const folder = join(scratch, "not-finite");
  const data = float32ToFloat16(numbers);
  data[7] = 0x7e00;
  const { told, create } = mapping(folder);
  const session = await create(await graphOf(await fileOf("nan", { w: { ...halved, data } })), cpu);
  await expect(session.run(feeds)).rejects.toMatchObject({ code: "weights/not-finite" });
  await session.dispose();
  expect(told.failures.map(({ code }) => code)).toEqual(["weights/not-finite"]);
  expect(readdirSync(folder)).toEqual([]);
});

describe("weights that are mapped", () => {
  test("and cut short are an error instead of a crash", async () => {
    const file = await fileOf("cut", { w: whole });
    const session = await mapping(scratch).create(await graphOf(file), cpu);
    truncateSync(file, 100);
    await expect(session.run(feeds)).rejects.toMatchObject({ code: "weights/malformed", message: expect.stringContaining(file) as string });
    await session.dispose();
  });

  test("stay whole when their file is removed, or another takes its place", async () => {
    const file = await fileOf("moved", { w: whole });
    const session = await mapping(scratch).create(await graphOf(file), cpu);
    rmSync(file);
    expect((await session.run(feeds))["y_w"]?.data).toEqual(expected);
    await fileOf("moved");
    expect((await session.run(feeds))["y_w"]?.data).toEqual(expected);
    await session.dispose();
  });
});
