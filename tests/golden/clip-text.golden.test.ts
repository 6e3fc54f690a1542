/** @file CLIP's text tower against transformers: the states of Stable Diffusion 1.x and 2.x, those of SDXL's two towers, and the pooled vectors. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildClipText, type ClipTextOutput } from "#main/ml/models/clip/text";
import { parseClipTextConfig } from "#main/ml/models/clip/text-config";
import { createSession, type InferenceSession } from "#main/ml/runtime/inference-session";
import { cosine } from "#main/ml/tensor/linear-algebra";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { readEntryBytes, readSafetensorsHeader } from "#main/ml/weights/safetensors";
import { largestDifference } from "../support/compare-tensors";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { goldenCase, goldenCases, goldenCheckpoint, goldenTensors, type GoldenCase } from "../support/goldens";

const cases = goldenCases("clip-text").filter(({ checkpoint }) => checkpoint !== "clip-tokenizer");
const sessions: InferenceSession[] = [];
afterAll(() => Promise.all(sessions.map((session) => session.dispose())));

describe("last_hidden_state of every prompt", () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
    const session = await openTextTower(join(golden.checkpoint ?? "", "text_encoder"), ["last_hidden_state"]);
    const expected = await openCheckpoint(goldenTensors(golden));
    const ids = await readIds(golden);
    const [prompts = 0, tokens = 0] = ids.shape;
    for (let i = 0; i < prompts; i++) {
      const row = ids.data.slice(i * tokens, (i + 1) * tokens);
      const { last_hidden_state: actual } = await session.run({ input_ids: { dtype: "int64", shape: [1, tokens], data: row } });
      const reference = await expected.readTensor(`${String(i).padStart(2, "0")}.last_hidden_state`);
      expect(largestDifference(actual, reference), `prompt ${i}`).toBeLessThan(golden.tolerance["tensors"] ?? 0);
    }
  });
});

describe("the towers of SDXL", () => {
  const golden = goldenCase("diffsim-xl", "up0-0-5-s900-staged");
  const tensors = readGoldenTensors(golden);

  test.each([
    ["text_encoder", "text_1_ids", { penultimate_hidden_state: "text_1_penultimate" }],
    ["text_encoder_2", "text_2_ids", { penultimate_hidden_state: "text_2_penultimate", text_embeds: "pooled" }],
  ] as const)("%s", async (part, idsName, expected) => {
    const session = await openTextTower(join("sdxl-tiny", part), Object.keys(expected) as ClipTextOutput[]);
    const { shape, data } = goldenTensor(tensors, idsName, Int32Array);
    const outputs = await session.run({ input_ids: { dtype: "int64", shape, data: BigInt64Array.from(data, BigInt) } });
    for (const [output, name] of Object.entries(expected)) {
      const reference = goldenTensor(tensors, name, Float32Array);
      expect(largestDifference(outputs[output], { dtype: "float32", ...reference })).toBeLessThan(1e-5);
    }
  });
});

test("the pooled vector is that of the first end token, where the configuration names it", async () => {
  const golden = goldenCase("clip-i", "clip-t");
  const session = await openTextTower("clip-vit-tiny", ["text_embeds"]);
  const texts = golden.outputs["input_ids"] as readonly (readonly number[])[];
  const endId = 527;
  const rows = texts.map((ids) => BigInt64Array.from({ length: 77 }, (_, i) => BigInt(ids[i] ?? endId)));
  const data = BigInt64Array.from(rows.flatMap((row) => [...row]));
  const { text_embeds: pooled } = await session.run({ input_ids: { dtype: "int64", shape: [rows.length, 77], data } });
  const reference = goldenTensor(readGoldenTensors(golden), "text_embeddings", Float32Array);
  const width = reference.shape[1] ?? 0;
  for (let i = 0; i < rows.length; i++) {
    const row = (values: ArrayLike<number>) => Float32Array.from(values).subarray(i * width, (i + 1) * width);
    expect(cosine(row(pooled?.data as Float32Array), row(reference.data))).toBeCloseTo(1, 6);
  }
});

async function openTextTower(checkpoint: string, outputs: readonly ClipTextOutput[]): Promise<InferenceSession> {
  const folder = goldenCheckpoint(checkpoint);
  const config = parseClipTextConfig(JSON.parse(await readFile(join(folder, "config.json"), "utf8")));
  const graph = buildClipText((await openCheckpoint(folder)).scope(), config, { attention: "fused", outputs });
  const session = await createSession(graph, { device: "cpu", threads: 1 });
  sessions.push(session);
  return session;
}

async function readIds(golden: GoldenCase) {
  const entry = (await readSafetensorsHeader(goldenTensors(golden))).tensors.get("input_ids");
  if (entry === undefined) throw new Error("the case has no input_ids");
  return { shape: entry.shape, data: new BigInt64Array((await readEntryBytes(entry)).buffer) };
}
