import fc from "fast-check";
import { expect, test } from "vitest";
import { comfyGeneration, comfyPrompt } from "../../../../tests/support/metadata-samples";
import { readComfyUi } from "./comfyui";

type Node = readonly [type: string, inputs: Readonly<Record<string, unknown>>];

/** The account of a graph that was run. */
function readGraph(nodes: Readonly<Record<string, Node>>) {
  const prompt = Object.fromEntries(Object.entries(nodes).map(([id, [class_type, inputs]]) => [id, { class_type, inputs }]));
  return readComfyUi(new Map([["prompt", JSON.stringify(prompt)]]));
}

test("two passes: the one nearest to the output counts, with a seed from another node", () => {
  expect(readComfyUi(new Map([["prompt", comfyPrompt]]))).toEqual(comfyGeneration);
});

test("a sampler in parts, guided by the conditioning, as Flux is run", () => {
  const account = readGraph({
    1: ["UNETLoader", { unet_name: "flux1-dev.safetensors", weight_dtype: "default" }],
    2: ["CLIPTextEncodeFlux", { clip_l: "a fox", t5xxl: "a fox made of glass", guidance: 3.5, clip: ["9", 0] }],
    3: ["BasicGuider", { model: ["1", 0], conditioning: ["2", 0] }],
    4: ["RandomNoise", { noise_seed: 77 }],
    5: ["KSamplerSelect", { sampler_name: "euler" }],
    6: ["BasicScheduler", { scheduler: "simple", steps: 20, denoise: 1, model: ["1", 0] }],
    7: ["SamplerCustomAdvanced", { noise: ["4", 0], guider: ["3", 0], sampler: ["5", 0], sigmas: ["6", 0], latent_image: ["8", 0] }],
    8: ["EmptySD3LatentImage", { width: 64, height: 64 }],
    9: ["DualCLIPLoader", { clip_name1: "t5.safetensors", clip_name2: "clip_l.safetensors" }],
    10: ["VAEDecode", { samples: ["7", 0], vae: ["11", 0] }],
    12: ["SaveImage", { images: ["10", 0] }],
  });
  expect(account).toMatchObject({
    model: "flux1-dev",
    sampler: "euler",
    scheduler: "simple",
    steps: 20,
    cfgScale: 3.5,
    seed: "77",
    prompt: "a fox\na fox made of glass",
    negativePrompt: null,
  });
});

test("loaders that hold the texts, and stacks of adaptations", () => {
  const account = readGraph({
    1: [
      "Efficient Loader",
      { ckpt_name: "base.ckpt", lora_name: "None", positive: "a fox", negative: "a dog", lora_stack: ["2", 0], empty_latent_width: 8 },
    ],
    2: ["LoRA Stacker", { lora_name_1: "one.safetensors", model_str_1: 0.5, lora_name_2: "None", model_str_2: 1 }],
    3: [
      "Power Lora Loader (rgthree)",
      { lora_1: { on: true, lora: "two.safetensors", strength: 0.3 }, lora_2: { on: false, lora: "off", strength: 1 }, model: ["1", 0] },
    ],
    4: [
      "KSampler (Efficient)",
      {
        seed: 5,
        steps: 9,
        cfg: 4,
        sampler_name: "lcm",
        scheduler: "exponential",
        model: ["3", 0],
        positive: ["1", 1],
        negative: ["1", 2],
        latent_image: ["1", 3],
      },
    ],
    5: ["Image Save", { images: ["4", 5] }],
  });
  expect(account).toMatchObject({ model: "base", prompt: "a fox", negativePrompt: "a dog", steps: 9, sampler: "lcm" });
  expect(account?.loras).toEqual([
    { name: "one", weight: 0.5 },
    { name: "two", weight: 0.3 },
  ]);
});

test("an emptied negative conditioning says nothing", () => {
  const account = readGraph({
    1: ["CheckpointLoaderSimple", { ckpt_name: "a.safetensors" }],
    2: ["CLIPTextEncode", { text: "a fox", clip: ["1", 1] }],
    3: ["ConditioningZeroOut", { conditioning: ["2", 0] }],
    4: ["KSampler", { seed: 1, sampler_name: "euler", positive: ["2", 0], negative: ["3", 0], model: ["1", 0], latent_image: ["9", 0] }],
    5: ["PreviewImage", { images: ["4", 0] }],
  });
  expect(account).toMatchObject({ prompt: "a fox", negativePrompt: null });
});

test("the graph that was drawn, when that which was run is not there", () => {
  const workflow = {
    nodes: [
      { id: 1, type: "CheckpointLoaderSimple", widgets_values: ["a.safetensors"] },
      { id: 2, type: "CLIPTextEncode", inputs: [{ name: "clip", link: 1 }], widgets_values: ["a fox"] },
      { id: 3, type: "CLIPTextEncode", inputs: [{ name: "clip", link: 2 }], widgets_values: ["a dog"] },
      { id: 8, type: "LoraLoaderModelOnly", mode: 4, inputs: [{ name: "model", link: 3 }], widgets_values: ["off.safetensors", 1] },
      {
        id: 4,
        type: "KSampler",
        inputs: [
          { name: "model", link: 8 },
          { name: "positive", link: 4 },
          { name: "negative", link: 5 },
          { name: "latent_image", link: 6 },
        ],
        widgets_values: [99, "randomize", 20, 8, "euler", "normal", 1],
      },
      { id: 6, type: "SaveImage", inputs: [{ name: "images", link: 7 }], widgets_values: ["fox"] },
      { id: 7, type: "Note", widgets_values: ["nobody takes this"] },
    ],
    links: [
      [1, 1, 1, 2, 0, "CLIP"],
      [2, 1, 1, 3, 0, "CLIP"],
      [3, 1, 0, 8, 0, "MODEL"],
      [8, 8, 0, 4, 0, "MODEL"],
      [4, 2, 0, 4, 1, "CONDITIONING"],
      [5, 3, 0, 4, 2, "CONDITIONING"],
      [7, 4, 0, 6, 0, "IMAGE"],
    ],
  };
  expect(readComfyUi(new Map([["workflow", JSON.stringify(workflow)]]))).toMatchObject({
    model: "a",
    loras: [],
    seed: "99",
    steps: 20,
    cfgScale: 8,
    sampler: "euler",
    scheduler: "normal",
    prompt: "a fox",
    negativePrompt: "a dog",
  });
});

test("a graph that goes in circles ends, and one without a sampler is still ComfyUI's", () => {
  const sampler = { sampler_name: "euler", steps: 3, latent_image: ["2", 0], model: ["1", 0], positive: ["1", 0] };
  expect(readGraph({ 1: ["Loop", { model: ["2", 0], text: "round", conditioning: ["1", 0] }], 2: ["KSampler", sampler] })).toMatchObject({
    steps: 3,
    prompt: "round",
  });
  expect(readGraph({ 1: ["LoadImage", { image: "a.png" }] })).toMatchObject({ generator: "comfyui", prompt: null });
  expect(readComfyUi(new Map([["prompt", "a fox"]]))).toBeNull();
});

test("any graph of any nodes is read without a fault", () => {
  const name = fc.constantFrom(
    "seed",
    "model",
    "positive",
    "negative",
    "text",
    "sampler_name",
    "lora_name",
    "latent_image",
    "steps",
    "cfg",
    "guider",
  );
  const value = fc.oneof(fc.tuple(fc.constantFrom("0", "1", "2", "3"), fc.nat(2)), fc.jsonValue());
  const node = fc.oneof(
    fc.record({ class_type: fc.constantFrom("KSampler", "SaveImage", "X"), inputs: fc.dictionary(name, value) }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("0", "1", "2", "3"), node), fc.jsonValue(), (prompt, workflow) => {
      expect(
        readComfyUi(
          new Map([
            ["prompt", JSON.stringify(prompt)],
            ["workflow", JSON.stringify({ nodes: workflow, links: workflow })],
          ]),
        ),
      ).toMatchObject({
        generator: "comfyui",
      });
    }),
  );
});
