import { expect, test } from "vitest";
import { randomNumbers } from "../../../tests/support/random-numbers";
import { runGraph } from "../../../tests/support/run-graph";
import { GraphBuilder } from "../graph/graph-builder";
import { attentionFormFor, type AttentionForm } from "../graph/opset";
import { tensor } from "../tensor/tensor";
import { scaledDotProductAttention } from "./attention";

const [heads, tokens, channels] = [4, 96, 32] as const;

async function attended(attention: AttentionForm): Promise<{ readonly y: Float32Array; readonly bytes: number }> {
  const g = new GraphBuilder({ attention });
  const [query, key, value] = ["query", "key", "value"].map((name) => g.input(name, "float32", ["N", tokens, channels]));
  if (query === undefined || key === undefined || value === undefined) throw new Error("three inputs");
  g.output("y", scaledDotProductAttention(g, query, key, value, { heads }));
  const graph = g.build();
  const feed = (seed: number) => tensor([2, tokens, channels], randomNumbers(2 * tokens * channels, seed));
  const { y } = await runGraph(graph, { query: feed(1), key: feed(2), value: feed(3) });
  return { y: y?.data as Float32Array, bytes: graph.bytes.length };
}

test("attention in tiles that fit a device gives what it gives in one piece, on every form", async () => {
  const [whole, fused] = [await attended("decomposed"), await attended("fused")];
  for (const tileBytes of [4 * heads * tokens * 7, 4 * heads * tokens, 1]) {
    const tiled = await attended(attentionFormFor({ device: "webgpu", tileBytes }));
    // More nodes than in one piece: the tiles are really there.
    expect(tiled.bytes).toBeGreaterThan(whole.bytes);
    for (const [i, expected] of whole.y.entries()) {
      expect(Math.abs((tiled.y[i] ?? NaN) - expected)).toBeLessThanOrEqual(1e-6);
      expect(Math.abs((fused.y[i] ?? NaN) - expected)).toBeLessThanOrEqual(1e-5);
    }
  }
});

test("a processor gets the fused form, everything else tiles", () => {
  expect(attentionFormFor({ device: "cpu", tileBytes: 1 })).toBe("fused");
  expect(attentionFormFor({ device: "cuda", tileBytes: 1 })).toEqual({ tileBytes: 1 });
});
