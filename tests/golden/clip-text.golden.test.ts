/** @file CLIP's text tower of Stable Diffusion 1.x and 2.x against transformers' CLIPTextModel. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildClipText } from "#main/ml/models/clip/text";
import { parseClipTextConfig } from "#main/ml/models/clip/text-config";
import { createSession, type InferenceSession } from "#main/ml/runtime/inference-session";
import { openCheckpoint } from "#main/ml/weights/checkpoint";
import { readEntryBytes, readSafetensorsHeader } from "#main/ml/weights/safetensors";
import { largestDifference } from "../support/compare-tensors";
import { goldenCases, goldenCheckpoint, goldenTensors, type GoldenCase } from "../support/goldens";

const cases = goldenCases("clip-text").filter(({ checkpoint }) => checkpoint !== "clip-tokenizer");
const sessions: InferenceSession[] = [];
afterAll(() => Promise.all(sessions.map((session) => session.dispose())));

describe("last_hidden_state of every prompt", () => {
  test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_id, golden) => {
    const session = await openTextTower(golden);
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

async function openTextTower(golden: GoldenCase): Promise<InferenceSession> {
  const folder = join(goldenCheckpoint(golden.checkpoint ?? ""), "text_encoder");
  const config = parseClipTextConfig(JSON.parse(await readFile(join(folder, "config.json"), "utf8")));
  const graph = buildClipText((await openCheckpoint(folder)).scope(), config, { attention: "fused" });
  const session = await createSession(graph, { device: "cpu", threads: 1 });
  sessions.push(session);
  return session;
}

async function readIds(golden: GoldenCase) {
  const entry = (await readSafetensorsHeader(goldenTensors(golden))).tensors.get("input_ids");
  if (entry === undefined) throw new Error("the case has no input_ids");
  return { shape: entry.shape, data: new BigInt64Array((await readEntryBytes(entry)).buffer) };
}
