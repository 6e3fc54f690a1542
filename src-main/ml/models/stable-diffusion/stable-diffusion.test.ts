import { beforeAll, describe, expect, test } from "vitest";
import { goldenCheckpoint } from "../../../../tests/support/goldens";
import { openModel, type ModelFolder } from "../model-folder";
import { openStableDiffusion } from "./stable-diffusion";

let xl: ModelFolder;
beforeAll(async () => {
  xl = await openModel(goldenCheckpoint("sdxl-tiny"));
});

/** The model as if fields of one part's configuration were others. */
function changed(part: string, fields: object): ModelFolder {
  return { ...xl, partConfig: (name) => (name === part ? { ...(xl.partConfig(name) as object), ...fields } : xl.partConfig(name)) };
}

test("XL has two text towers, whose tokenizers fill up with other tokens", async () => {
  const { family, textTowers, forceZerosForEmptyPrompt } = await openStableDiffusion(xl);
  expect({ family, forceZerosForEmptyPrompt }).toEqual({ family: "stable-diffusion-xl", forceZerosForEmptyPrompt: true });
  expect(textTowers.map(({ config }) => config.hiddenAct)).toEqual(["quick_gelu", "gelu"]);
  const pads = textTowers.map(({ tokenizer }) => Number(tokenizer.encodeBatch([""]).data.at(-1)));
  expect(pads).toEqual([textTowers[0]?.tokenizer.vocabulary.endId, 0]);
});

test("1.x and 2.x have one, and encode an empty prompt for the negative one", async () => {
  for (const name of ["sd15-tiny", "sd2-tiny"]) {
    const { family, textTowers, forceZerosForEmptyPrompt } = await openStableDiffusion(await openModel(goldenCheckpoint(name)));
    expect({ family, towers: textTowers.length, forceZerosForEmptyPrompt }).toEqual({
      family: "stable-diffusion",
      towers: 1,
      forceZerosForEmptyPrompt: false,
    });
  }
});

test("the pipeline's file says whether zeros stand for no negative prompt", async () => {
  const asksForStates: ModelFolder = { ...xl, readJson: async () => ({ force_zeros_for_empty_prompt: false }) };
  expect((await openStableDiffusion(asksForStates)).forceZerosForEmptyPrompt).toBe(false);
  const withoutFile: ModelFolder = { ...xl, readJson: async () => null };
  expect((await openStableDiffusion(withoutFile)).forceZerosForEmptyPrompt).toBe(true);
});

describe("parts that do not belong together are told by the field", () => {
  test.each([
    ["text_encoder_2", { hidden_size: 80 }, 'unet/config.json: "cross_attention_dim" is 64, but the other parts of the model give 104.'],
    [
      "text_encoder_2",
      { projection_dim: 40 },
      'unet/config.json: "projection_class_embeddings_input_dim" is 96, but the other parts of the model give 88.',
    ],
    ["vae", { latent_channels: 16 }, 'unet/config.json: "in_channels" is 4, but the other parts of the model give 16.'],
  ])("%s %j", async (part, fields, message) => {
    await expect(openStableDiffusion(changed(part, fields))).rejects.toMatchObject({ code: "graph/unsupported-config", message });
  });

  test.each([{ max_position_embeddings: 64 }, { vocab_size: 1000 }])("a tokenizer of another encoder: %j", async (fields) => {
    await expect(openStableDiffusion(changed("text_encoder_2", fields))).rejects.toMatchObject({
      code: "graph/unsupported-config",
      message: "tokenizer_2 is not the one that text_encoder_2 was trained with.",
    });
  });

  test("the file at fault is named", async () => {
    await expect(openStableDiffusion(changed("text_encoder_2", { hidden_act: "relu" }))).rejects.toMatchObject({
      message: expect.stringContaining("text_encoder_2/config.json") as string,
    });
  });
});
