import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { scratchFolder } from "../../../tests/support/scratch-folder";
import { GraphBuilder } from "../graph/graph-builder";
import { createSessionPool } from "../runtime/session-pool";
import { float32ToFloat16 } from "../tensor/half";
import { tensor, type Tensor } from "../tensor/tensor";
import { openCheckpoint, type Checkpoint } from "./checkpoint";
import { renameCheckpoint, type RenamedTensor } from "./renamed-checkpoint";
import { writeSafetensors } from "./safetensors";

const root = scratchFolder();
const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
let source: Checkpoint;
beforeAll(async () => {
  const file = join(root, "source.safetensors");
  const half = { dtype: "float16", shape: [3, 2], data: float32ToFloat16(matrix) } as const;
  await writeSafetensors(
    file,
    new Map<string, Tensor>([
      ["in_proj", tensor([3, 2], matrix)],
      ["half", half],
    ]),
  );
  source = await openCheckpoint(file);
});

describe("a view of a checkpoint", () => {
  const views: readonly (readonly [RenamedTensor, readonly number[], readonly number[]])[] = [
    [{ name: "whole", from: "in_proj" }, [3, 2], [1, 2, 3, 4, 5, 6]],
    [{ name: "rows", from: "in_proj", rows: [1, 3] }, [2, 2], [3, 4, 5, 6]],
    [{ name: "shaped", from: "in_proj", shape: [6, 1, 1, 1] }, [6, 1, 1, 1], [1, 2, 3, 4, 5, 6]],
    [{ name: "transposed", from: "in_proj", transposed: true }, [2, 3], [1, 3, 5, 2, 4, 6]],
    [{ name: "all", from: "half", rows: [1, 2], shape: [1, 2], transposed: true }, [2, 1], [3, 4]],
  ];

  test.each(views)("%j", async (renamed, shape, numbers) => {
    const view = renameCheckpoint(source, [renamed]);
    expect([...view.tensors.keys()]).toEqual([renamed.name]);
    expect(await view.readTensor(renamed.name)).toEqual(tensor(shape, Float32Array.from(numbers)));
    const g = new GraphBuilder();
    const input = g.input("zero", "float32", [1]);
    g.output("sum", g.add(g.weight(view.scope().get(renamed.name, shape)), input));
    const session = await createSessionPool().get(g.build(), { device: "cpu", threads: 1 });
    const { sum } = await session.run({ zero: tensor([1], new Float32Array(1)) });
    expect(sum).toEqual(tensor(shape, Float32Array.from(numbers)));
  });

  test("lies in the file of the source and has its hash", async () => {
    const view = renameCheckpoint(source, [{ name: "a.weight", from: "in_proj", rows: [1, 2] }]);
    const stored = source.tensors.get("in_proj");
    expect(view.tensors.get("a.weight")).toMatchObject({ file: stored?.file, offset: (stored?.offset ?? 0) + 8, byteLength: 8 });
    expect(view.scope().has("a")).toBe(true);
    expect(await view.sha256()).toBe(await source.sha256());
  });

  test.each([
    ["weights/missing-tensor", [{ name: "a", from: "absent" }]],
    ["weights/shape-mismatch", [{ name: "a", from: "in_proj", shape: [5] }]],
    ["weights/shape-mismatch", [{ name: "a", from: "in_proj", rows: [2, 4] }]],
    ["weights/shape-mismatch", [{ name: "a", from: "in_proj", shape: [6], transposed: true }]],
    [
      "weights/malformed",
      [
        { name: "a", from: "in_proj" },
        { name: "a", from: "half" },
      ],
    ],
  ] as const)("%s", (code, renamed) => {
    expect(() => renameCheckpoint(source, renamed)).toThrow(expect.objectContaining({ code }));
  });
});
