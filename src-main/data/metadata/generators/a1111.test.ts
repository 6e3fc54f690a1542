import fc from "fast-check";
import { expect, test } from "vitest";
import { infotext } from "../../../../tests/support/metadata-samples";
import { parseInfotext, parseSettings } from "./a1111";

test("the text of a web UI, with everything that makes it hard to read", () => {
  expect(parseInfotext(infotext)).toEqual({
    generator: "a1111",
    model: "sd_xl_base_1.0",
    modelHash: "31e35c80fc",
    loras: [
      { name: "ink_style", weight: 0.8 },
      { name: "detail", weight: null },
    ],
    sampler: "DPM++ 2M",
    scheduler: "Karras",
    steps: 28,
    cfgScale: 6.5,
    seed: "18446744073709551615",
    prompt: 'a fox, <lora:ink_style:0.8>, "quoted, with commas"\nBREAK Steps: are no settings here',
    negativePrompt: "blurry, lowres\nsecond line of it",
  });
});

test("the schedule in the sampler's name, as it was written before it had a field", () => {
  expect(parseInfotext("cat\nSteps: 20, Sampler: DPM++ 2M SDE Karras, CFG scale: 7, Seed: 5, Model: anything")).toMatchObject({
    sampler: "DPM++ 2M SDE",
    scheduler: "Karras",
    negativePrompt: null,
  });
});

test("a picture without a prompt, settings in another order, lines that end as on Windows", () => {
  expect(parseInfotext("Steps: 4, Sampler: Euler, Seed: 1")).toMatchObject({ prompt: null, steps: 4, seed: "1" });
  expect(parseInfotext("cat\r\nNegative prompt: dog\r\nSampler: LCM, Steps: 8, Seed: 2")).toMatchObject({
    prompt: "cat",
    negativePrompt: "dog",
    sampler: "LCM",
    steps: 8,
  });
});

test("values that hold commas, quotes and brackets do not run into the next", () => {
  const settings = parseSettings(
    'Steps: 20, Hires prompt: "one, \\"two\\": 3", Civitai resources: [{"type":"lora","weight":0.5}], Seed: 7, Tiled: "{\'a\': 1}"',
  );
  expect(Object.fromEntries(settings)).toEqual({
    Steps: "20",
    "Hires prompt": 'one, "two": 3',
    "Civitai resources": '[{"type":"lora","weight":0.5}]',
    Seed: "7",
    Tiled: "{'a': 1}",
  });
});

test("adaptations called with several weights, folders and endings", () => {
  const text = "<lora:styles/ink.safetensors:0.5:0.9> <lyco:old:te=0.2:unet=0.4> <lora:bare>\nSteps: 1, Seed: 1";
  expect(parseInfotext(text)?.loras).toEqual([
    { name: "ink", weight: 0.5 },
    { name: "old", weight: 0.4 },
    { name: "bare", weight: null },
  ]);
});

test("words about a picture are no settings", () => {
  expect(parseInfotext("Seven steps: to heaven")).toBeNull();
  expect(parseInfotext("")).toBeNull();
});

test("any text is read without a fault, in time in proportion to its length", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (prompt, settings) => {
      parseInfotext(prompt);
      expect(parseInfotext(`${prompt}\nSteps: 3, ${settings}`)?.steps).toBe(3);
    }),
  );
  expect(parseInfotext(`${"<lora:".repeat(5_000)}\nSteps: 3, ${'a: "[{'.repeat(5_000)}`)?.steps).toBe(3);
});

test("what is written as pairs is read as pairs", () => {
  const name = fc.stringMatching(/^[A-Z][a-z]{1,8}$/);
  const value = fc.stringMatching(/^[a-z0-9][a-z0-9 .]{0,8}[a-z0-9]$/);
  fc.assert(
    fc.property(fc.dictionary(name, value), (pairs) => {
      const text = Object.entries(pairs)
        .map(([key, each]) => `${key}: ${each}`)
        .join(", ");
      expect(Object.fromEntries(parseSettings(text))).toEqual({ ...pairs });
    }),
  );
});
