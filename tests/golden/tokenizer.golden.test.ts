import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { TextCleaning } from "#main/ml/models/clip/text-cleaning";
import { openClipTokenizer } from "#main/ml/models/clip/tokenizer";
import { resourcesPath } from "#main/platform/paths";
import { goldenTensor, readGoldenTensors } from "../support/golden-tensors";
import { goldenCases, goldenCheckpoint } from "../support/goldens";

interface PromptCase {
  readonly prompt: string;
  readonly ids_until_eos: readonly number[];
  readonly ids_without_ftfy?: readonly number[];
  readonly ids_fast_tokenizer?: readonly number[];
}

const cases = goldenCases("clip-text");

test("no case is lost", () => expect(cases).toHaveLength(3));

describe.each(cases.map((goldenCase) => [goldenCase.id, goldenCase] as const))("%s", (_, goldenCase) => {
  // The whole table ships with the program.
  const folder = goldenCase.checkpoint!.startsWith("sd")
    ? goldenCheckpoint(join(goldenCase.checkpoint!, "tokenizer"))
    : join(resourcesPath(), "clip-tokenizer");
  const prompts = goldenCase.outputs["prompts"] as readonly PromptCase[];
  const tokenizers = {
    ftfy: openClipTokenizer({ folder }, "ftfy"),
    basic: openClipTokenizer({ folder }, "basic"),
    fast: openClipTokenizer({ folder }, "fast"),
  };
  const inputIds = goldenTensor(readGoldenTensors(goldenCase), "input_ids", BigInt64Array);

  test("special tokens", async () => {
    const { vocabulary } = await tokenizers.ftfy;
    const { bos_token_id: startId, eos_token_id: endId, pad_token_id: padId, max_length: maxLength } = goldenCase.parameters;
    expect(vocabulary).toMatchObject({ startId, endId, padId, maxLength });
    expect(vocabulary.idOfToken.size).toBe(goldenCase.parameters["vocab_size"]);
  });

  test("every prompt, padded, in one batch", async () => {
    const batch = (await tokenizers.ftfy).encodeBatch(prompts.map(({ prompt }) => prompt));
    expect(batch.shape).toEqual(inputIds.shape);
    expect(batch.data).toEqual(inputIds.data);
  });

  test.each(prompts.map((prompt) => [prompt.prompt.slice(0, 40), prompt] as const))(
    "%j",
    async (_, { prompt, ids_until_eos, ids_without_ftfy, ids_fast_tokenizer }) => {
      const encode = async (cleaning: TextCleaning): Promise<readonly number[]> => (await tokenizers[cleaning]).encode(prompt);
      const padded = async (cleaning: TextCleaning): Promise<readonly number[]> =>
        [...(await tokenizers[cleaning]).encodeBatch([prompt]).data].map(Number);
      // A prompt may name the end-of-text token itself, where the listed ids stop.
      expect((await encode("ftfy")).slice(0, ids_until_eos.length)).toEqual(ids_until_eos);
      if (ids_without_ftfy === undefined) expect(await encode("basic")).toEqual(await encode("ftfy"));
      else expect(await padded("basic")).toEqual(ids_without_ftfy);
      if (ids_fast_tokenizer === undefined) expect(await encode("fast")).toEqual(await encode("ftfy"));
      else expect(await padded("fast")).toEqual(ids_fast_tokenizer);
    },
  );
});

test("CLIP-T's texts", async () => {
  const goldenCase = goldenCases("clip-i", "clip-t.")[0]!;
  const tokenizer = await openClipTokenizer({ folder: goldenCheckpoint(goldenCase.checkpoint!) });
  const expected = goldenCase.outputs["input_ids"] as readonly (readonly number[])[];
  const masks = goldenCase.outputs["attention_mask"] as readonly (readonly number[])[];
  (goldenCase.parameters["texts"] as readonly string[]).forEach((text, row) => {
    expect(tokenizer.encode(text)).toEqual(expected[row]!.filter((_, i) => masks[row]![i] === 1));
  });
});
