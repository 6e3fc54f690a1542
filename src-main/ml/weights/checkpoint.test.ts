import { appendFileSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../tests/support/goldens";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { float32ToFloat16 } from "../tensor/half";
import { tensor, type Tensor } from "../tensor/tensor";
import { openCheckpoint } from "./checkpoint";
import { writeSafetensors } from "./safetensors";

const root = scratchFolder();
let count = 0;

function freshFolder(): string {
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder);
  return folder;
}

const one = (value: number) => tensor([1], Float32Array.of(value));

async function folderWith(...names: readonly string[]): Promise<string> {
  const folder = freshFolder();
  for (const [i, name] of names.entries()) await writeSafetensors(join(folder, name), new Map([["x", one(i)]]));
  return folder;
}

describe("which file of a folder is opened", () => {
  test.each([
    [
      ["model.fp16.safetensors", "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors"],
      "diffusion_pytorch_model.safetensors",
    ],
    [
      ["diffusion_pytorch_model.non_ema.safetensors", "diffusion_pytorch_model.fp16.safetensors"],
      "diffusion_pytorch_model.fp16.safetensors",
    ],
    [["notes.safetensors", "model.safetensors"], "model.safetensors"],
    [["v1-5-pruned.safetensors"], "v1-5-pruned.safetensors"],
  ])("%j", async (names, chosen) => {
    const folder = await folderWith(...names);
    const checkpoint = await openCheckpoint(folder);
    expect(checkpoint.files.map(({ path }) => path)).toEqual([join(folder, chosen)]);
  });

  test("a choice that is not ours to make", async () => {
    await expect(openCheckpoint(await folderWith("a.safetensors", "b.safetensors"))).rejects.toMatchObject({
      code: "checkpoint/unsupported",
    });
    await expect(openCheckpoint(freshFolder())).rejects.toMatchObject({ code: "checkpoint/not-found" });
    await expect(openCheckpoint(join(root, "absent"))).rejects.toMatchObject({ code: "checkpoint/not-found" });
  });
});

describe("shards", () => {
  async function sharded(weightMap: Readonly<Record<string, string>> | string): Promise<string> {
    const folder = await folderWith("model-00001-of-00002.safetensors");
    await writeSafetensors(join(folder, "model-00002-of-00002.safetensors"), new Map([["y.weight", one(7)]]));
    writeFileSync(
      join(folder, "model.safetensors.index.json"),
      typeof weightMap === "string" ? weightMap : JSON.stringify({ metadata: {}, weight_map: weightMap }),
    );
    return folder;
  }
  const whole = { x: "model-00001-of-00002.safetensors", "y.weight": "model-00002-of-00002.safetensors" };

  test("are one checkpoint, opened by folder or by index", async () => {
    const folder = await sharded(whole);
    for (const path of [folder, join(folder, "model.safetensors.index.json")]) {
      const checkpoint = await openCheckpoint(path);
      expect([...checkpoint.tensors.keys()]).toEqual(["x", "y.weight"]);
      expect((await checkpoint.readTensor("y.weight")).data[0]).toBe(7);
      expect(await checkpoint.sha256()).toMatch(/^[0-9a-f]{64}$/);
    }
  });

  test.each([
    [{ ...whole, z: "model-00003-of-00003.safetensors" }, "checkpoint/incomplete"],
    [{ x: "../1/model.safetensors" }, "weights/malformed"],
    [{ x: ".." }, "weights/malformed"],
    [{}, "weights/malformed"],
    ["no json", "weights/malformed"],
    ["[]", "weights/malformed"],
  ])("%j is refused", async (weightMap, code) => {
    await expect(openCheckpoint(await sharded(weightMap))).rejects.toMatchObject({ code });
  });

  test("a tensor in two shards is refused", async () => {
    const folder = await sharded(whole);
    copyFileSync(join(folder, "model-00001-of-00002.safetensors"), join(folder, "model-00002-of-00002.safetensors"));
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: "weights/malformed" });
  });
});

describe("pickled files are refused with the reason and a way out", () => {
  test.each(["model.ckpt", "pytorch_model.bin", "model.PT", "model.pth"])("%s", async (name) => {
    const folder = freshFolder();
    writeFileSync(join(folder, name), Buffer.from("80027d", "hex"));
    for (const path of [join(folder, name), folder]) {
      await expect(openCheckpoint(path)).rejects.toMatchObject({
        code: "checkpoint/refused",
        message: expect.stringMatching(/can run any program/) as string,
        hint: expect.stringMatching(/safetensors/) as string,
      });
    }
  });

  test("also under another name", async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, "model.safetensors"), Buffer.from("504b030414000000", "hex"));
    writeFileSync(join(folder, "weights"), Buffer.from("80027d71", "hex"));
    await expect(openCheckpoint(join(folder, "model.safetensors"))).rejects.toMatchObject({ code: "checkpoint/refused" });
    await expect(openCheckpoint(join(folder, "weights"))).rejects.toMatchObject({ code: "checkpoint/refused" });
  });
});

describe("the way to a weight", () => {
  const build = async () => {
    const file = join(freshFolder(), "model.safetensors");
    const tensors = new Map<string, Tensor>([
      ["down.0.norm.weight", one(1)],
      ["down.0.query.weight", tensor([2, 1], Float32Array.of(2, 3))],
      ["half", { dtype: "float16", shape: [2], data: float32ToFloat16(Float32Array.of(0.5, -4)) }],
      ["ids", { dtype: "int64", shape: [2], data: BigInt64Array.of(5n, -6n) }],
    ]);
    await writeSafetensors(file, tensors);
    return openCheckpoint(file);
  };

  test("scopes, aliases and seen shapes", async () => {
    const down = (await build()).scope("down").scope("0");
    expect([down.path, down.has("norm"), down.has("norm.weight"), down.has("nor"), down.has("to_q")]).toEqual([
      "down.0",
      true,
      true,
      false,
      false,
    ]);
    expect(down.scope("to_q", "query").get("weight", [2, 1], { as: [1, 2] })).toMatchObject({
      shape: [1, 2],
      entry: { name: "down.0.query.weight", shape: [2, 1] },
    });
    expect(down.get("to_q.weight", [2, 1], { aliases: ["q.weight", "query.weight"] }).entry.name).toBe("down.0.query.weight");
    expect([down.shapeOf("query.weight"), down.shapeOf("query")]).toEqual([[2, 1], null]);
  });

  test("what is missing or of another shape is named", async () => {
    const all = (await build()).scope();
    expect(() => all.get("down.1.norm.weight", [1])).toThrow(
      expect.objectContaining({ code: "weights/missing-tensor", message: expect.stringContaining("down.1.norm.weight") as string }),
    );
    expect(() => all.scope("down.0.query").get("weight", [2, 2])).toThrow(
      expect.objectContaining({ code: "weights/shape-mismatch", message: "down.0.query.weight is [2, 1], expected [2, 2]." }),
    );
    expect(() => all.get("half", [2], { as: [3] })).toThrow(expect.objectContaining({ code: "weights/shape-mismatch" }));
  });

  test("reading widens to float32", async () => {
    const checkpoint = await build();
    expect((await checkpoint.readTensor("half")).data).toEqual(Float32Array.of(0.5, -4));
    expect((await checkpoint.readTensor("ids")).data).toEqual(Float32Array.of(5, -6));
    await expect(checkpoint.readTensor("absent")).rejects.toMatchObject({ code: "weights/missing-tensor" });
  });
});

test("the hash is that of the file, and follows a change", async () => {
  const path = goldenCheckpoint("clip-vit-tiny/model.safetensors");
  expect(await (await openCheckpoint(path)).sha256()).toBe(createHash("sha256").update(readFileSync(path)).digest("hex"));
  const folder = await folderWith("model.safetensors");
  const before = await (await openCheckpoint(folder)).sha256();
  await writeSafetensors(
    join(folder, "model.safetensors"),
    new Map([
      ["x", one(1)],
      ["y", one(2)],
    ]),
  );
  expect(await (await openCheckpoint(folder)).sha256()).not.toBe(before);
});

test("a snapshot of links, as download caches keep them, opens where the links lead", async () => {
  const [blobs, snapshot] = [freshFolder(), freshFolder()];
  await writeSafetensors(join(blobs, "0a1b"), new Map([["x", one(3)]]));
  symlinkSync(join(blobs, "0a1b"), join(snapshot, "model.safetensors"));
  const checkpoint = await openCheckpoint(snapshot);
  expect(checkpoint.tensors.get("x")?.file).toBe(join(blobs, "0a1b"));
  appendFileSync(join(blobs, "0a1b"), "more");
  await expect(openCheckpoint(snapshot)).rejects.toMatchObject({ code: "weights/malformed" });
});
