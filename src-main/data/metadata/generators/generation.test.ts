import fc from "fast-check";
import { expect, test } from "vitest";
import { generationSchema } from "#shared/domain/asset-metadata";
import { comfyPrompt, infotext } from "../../../../tests/support/metadata-samples";
import { isGeneratorNote, readGeneration } from "./generation";

const read = (texts: Readonly<Record<string, string>>) => readGeneration(new Map(Object.entries(texts)));

test("InvokeAI since version 3", () => {
  const notes = {
    generation_mode: "txt2img",
    positive_prompt: "a fox",
    negative_prompt: "a dog",
    seed: 42,
    steps: 30,
    cfg_scale: 7.5,
    scheduler: "euler_a",
    model: { key: "f0", hash: "blake3:aa", name: "sdxl-base", base: "sdxl" },
    loras: [
      { model: { name: "ink", hash: "x" }, weight: 0.75 },
      { lora: { model_name: "old" }, weight: 0.5 },
    ],
  };
  expect(read({ invokeai_metadata: JSON.stringify(notes), invokeai_graph: "{}" })).toEqual({
    generator: "invokeai",
    model: "sdxl-base",
    modelHash: "blake3:aa",
    loras: [
      { name: "ink", weight: 0.75 },
      { name: "old", weight: 0.5 },
    ],
    sampler: "euler_a",
    scheduler: null,
    steps: 30,
    cfgScale: 7.5,
    seed: "42",
    prompt: "a fox",
    negativePrompt: "a dog",
  });
});

test("InvokeAI before, with the unwanted in brackets, and its first command lines", () => {
  const notes = {
    model: "stable diffusion",
    model_weights: "sd-1.5",
    model_hash: "cc6cb27103",
    image: { prompt: [{ prompt: "a fox [a dog]", weight: 1 }], steps: 50, cfg_scale: 7.5, seed: 3, sampler: "k_lms" },
  };
  const account = {
    generator: "invokeai",
    prompt: "a fox",
    negativePrompt: "a dog",
    steps: 50,
    cfgScale: 7.5,
    seed: "3",
    sampler: "k_lms",
  };
  expect(read({ "sd-metadata": JSON.stringify(notes) })).toMatchObject({ ...account, model: "sd-1.5", modelHash: "cc6cb27103" });
  expect(read({ Dream: '"a fox [a dog]" -s 50 -S 3 -W 512 -H 512 -C 7.5 -A k_lms' })).toMatchObject(account);
});

test("Fooocus in its own scheme, in the other, and as it wrote at first", () => {
  const own = {
    prompt: "a fox",
    negative_prompt: "a dog",
    base_model: "juggernautXL_v8",
    base_model_hash: "aeb7e9e689",
    loras: [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"]],
    sampler: "dpmpp_2m_sde_gpu",
    scheduler: "karras",
    steps: 30,
    guidance_scale: 4,
    seed: "6871018424108498000",
  };
  const account = {
    generator: "fooocus",
    model: "juggernautXL_v8",
    modelHash: "aeb7e9e689",
    steps: 30,
    cfgScale: 4,
    scheduler: "karras",
    seed: "6871018424108498000",
  };
  expect(read({ fooocus_scheme: "fooocus", parameters: JSON.stringify(own) })).toMatchObject({
    ...account,
    loras: [{ name: "sd_xl_offset_example-lora_1.0", weight: 0.1 }],
  });
  const other = `a fox\nNegative prompt: a dog\nSteps: 30, Sampler: DPM++ 2M SDE, Schedule type: karras, CFG scale: 4, Seed: 6871018424108498000, Model: juggernautXL_v8, Model hash: aeb7e9e689, Lora hashes: "offset: 48526861", Lora weights: "offset: 0.1", Version: Fooocus v2.5.0`;
  expect(read({ MakerNote: "a1111", UserComment: other })).toMatchObject({ ...account, loras: [{ name: "offset", weight: 0.1 }] });
  expect(read({ parameters: other })).toMatchObject(account);
  const first = {
    Prompt: "a fox",
    "Base Model": "a.safetensors",
    "LoRA 1": "ink.safetensors : 0.5",
    "Guidance Scale": 4,
    Seed: 5,
    Version: "Fooocus v2.1",
  };
  expect(read({ Comment: JSON.stringify(first) })).toMatchObject({
    generator: "fooocus",
    model: "a",
    loras: [{ name: "ink", weight: 0.5 }],
    seed: "5",
  });
});

test("another program's JSON is taken for what its fields are called", () => {
  const notes = {
    sui_image_params: { prompt: "a fox", negativeprompt: "a dog", model: "a", seed: 5, steps: 20, cfgscale: 7, sampler: "euler" },
  };
  expect(read({ parameters: JSON.stringify(notes) })).toMatchObject({
    generator: "unknown",
    prompt: "a fox",
    negativePrompt: "a dog",
    cfgScale: 7,
  });
  expect(read({ Comment: JSON.stringify({ prompt: "a fox", uc: "a dog", scale: 5, steps: 28, seed: 3 }) })).toMatchObject({
    generator: "unknown",
    negativePrompt: "a dog",
  });
});

test("of two programs' notes the fuller counts, in whatever order they stand", () => {
  expect(read({ prompt: comfyPrompt, parameters: infotext })?.generator).toBe(
    read({ parameters: infotext, prompt: comfyPrompt })?.generator,
  );
  expect(read({ prompt: '{"1": {"class_type": "X", "inputs": {}}}', parameters: infotext })?.generator).toBe("a1111");
});

test("words about a picture are nothing of the kind", () => {
  expect(read({ Comment: "Taken at the lake", Title: "Lake" })).toBeNull();
  for (const words of ["Taken at the lake", "[Untitled]", "{sketch}"]) expect(isGeneratorNote(words)).toBe(false);
  expect(isGeneratorNote(infotext)).toBe(true);
  expect(isGeneratorNote('Workflow:{"nodes": []}')).toBe(true);
});

test("any JSON under any of the names is read without a fault and fits the schema", () => {
  const name = fc.constantFrom(
    "parameters",
    "prompt",
    "workflow",
    "invokeai_metadata",
    "sd-metadata",
    "Dream",
    "Comment",
    "UserComment",
    "fooocus_scheme",
  );
  const field = fc.constantFrom("seed", "steps", "prompt", "model", "loras", "cfg_scale", "image", "scheduler", "negative_prompt");
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    fc.dictionary(field, fc.jsonValue()).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(fc.dictionary(name, text), (texts) => {
      expect(generationSchema.nullable().safeParse(read(texts)).error).toBeUndefined();
    }),
  );
});
