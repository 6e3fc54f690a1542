/** @file Fields to group pictures by: what is offered, what a picture has in each, and epochs in names. */
import { describe, expect, it } from "vitest";
import type { Generation } from "./asset-metadata";
import { epochName, fieldKey, fieldValue, generationFields } from "./generation-field";

function generated(facts: Partial<Generation>): Generation {
  return {
    generator: "a1111",
    model: null,
    modelHash: null,
    loras: [],
    sampler: null,
    scheduler: null,
    steps: null,
    cfgScale: null,
    seed: null,
    prompt: null,
    negativePrompt: null,
    ...facts,
  };
}

describe("epochName", () => {
  it.each([
    ["mira-000008", "mira", 8],
    ["mira_e12.safetensors", "mira", 12],
    ["chars/mira-epoch-3", "mira", 3],
    ["mira epoch4", "mira", 4],
    ["mira.ep07", "mira", 7],
    ["mira", "mira", null],
    ["mira_v2", "mira_v2", null],
    ["sd_xl_base_1.0", "sd_xl_base_1.0", null],
    ["-000008", "-000008", null],
  ])("%s", (name, stem, epoch) => {
    expect(epochName(name)).toEqual({ stem, epoch });
  });
});

describe("fields", () => {
  const pictures = [
    generated({ loras: [{ name: "mira-000008", weight: 0.7 }], steps: 20, seed: "1", sampler: "Euler", model: "base" }),
    generated({ loras: [{ name: "mira-000012", weight: 0.90000001 }], steps: 20, seed: "2", sampler: "DDIM", model: "base" }),
    generated({ loras: [{ name: "mira-000012", weight: 0.9 }, { name: "grain", weight: 0.2 }], steps: 20, seed: "3", sampler: "DDIM" }), // prettier-ignore
    null,
  ];

  it("are those in which pictures differ; seeds that are all different group nothing", () => {
    expect(generationFields(pictures).map(fieldKey)).toEqual(["lora-weight mira", "epoch mira", "sampler"]);
    expect(generationFields([null, null])).toEqual([]);
  });

  it("have a value of each picture, null where it says nothing", () => {
    const weights = pictures.map((generation) => fieldValue(generation, { kind: "lora-weight", of: "mira" })?.text ?? null);
    expect(weights).toEqual(["0.7", "0.9", "0.9", null]);
    expect(fieldValue(pictures[1] ?? null, { kind: "epoch", of: "mira" })).toEqual({ text: "12", number: 12 });
    expect(fieldValue(pictures[0] ?? null, { kind: "lora-weight", of: "grain" })).toBeNull();
    expect(fieldValue(pictures[0] ?? null, { kind: "seed", of: null })).toEqual({ text: "1", number: null });
    expect(fieldValue(pictures[0] ?? null, { kind: "cfg", of: null })).toBeNull();
    expect(fieldValue(generated({ model: "mira-000002.safetensors" }), { kind: "epoch", of: "mira" })?.number).toBe(2);
  });
});
