import { expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { GraphBuilder } from "../../graph/graph-builder";
import { openCheckpoint } from "../../weights/checkpoint";
import { emitVgg, vggDepth } from "./vgg";

const pixelsOf = (g: GraphBuilder) => g.input("pixel_values", "float32", [1, 3, 64, 40]);

test.each([
  { name: "vgg16-tiny", depth: 16 as const, modules: 31 },
  { name: "vgg19-tiny", depth: 19 as const, modules: 37 },
])("$name: every module is numbered as torchvision numbers it, and every weight is used", async ({ name, depth, modules }) => {
  const checkpoint = await openCheckpoint(`${goldenCheckpoint(name)}/vgg.safetensors`);
  expect(vggDepth(checkpoint.tensors)).toBe(depth);
  const g = new GraphBuilder();
  const wanted = Array.from({ length: modules }, (_, index) => index);
  const outputs = emitVgg(g, pixelsOf(g), checkpoint.scope(), { depth, modules: wanted });
  expect(outputs.size).toBe(modules);
  expect(outputs.get(modules - 1)?.shape).toEqual([1, 24, 2, 1]);
  g.output("last", outputs.get(modules - 1) ?? pixelsOf(g));
  expect(g.build().weightBytes).toBe([...checkpoint.tensors.values()].reduce((total, { byteLength }) => total + byteLength, 0));
});

test("what lies behind the deepest wanted module is not emitted", async () => {
  const checkpoint = await openCheckpoint(`${goldenCheckpoint("vgg16-tiny")}/vgg.safetensors`);
  const g = new GraphBuilder();
  expect([...emitVgg(g, pixelsOf(g), checkpoint.scope(), { depth: 16, modules: [3] }).keys()]).toEqual([3]);
  expect(g.build().weightBytes).toBe(4 * (8 * 27 + 8 + 8 * 72 + 8));
});

test("a layer of another shape is named", async () => {
  const checkpoint = await openCheckpoint(`${goldenCheckpoint("vgg16-tiny")}/vgg.safetensors`);
  const g = new GraphBuilder();
  expect(() => emitVgg(g, g.input("pixel_values", "float32", [1, 4, 64, 40]), checkpoint.scope(), { depth: 16, modules: [0] })).toThrow(
    expect.objectContaining({ code: "weights/shape-mismatch", message: expect.stringContaining("features.0.weight") as string }) as Error,
  );
});
