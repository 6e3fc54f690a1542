/**
 * @file The VAE encoder and the U-Net of Stable Diffusion against diffusers, each fed with the published code's own intermediate results. Errors do not add up
 * over stages here, so the tolerances are tight enough for a wrong epsilon of a norm, which no score shows.
 */
import { describe, expect, test } from "vitest";
import type { AttentionForm } from "#main/ml/graph/opset";
import { openModel } from "#main/ml/models/model-folder";
import { parseUNet2DConditionConfig } from "#main/ml/models/stable-diffusion/config";
import { openStableDiffusion } from "#main/ml/models/stable-diffusion/stable-diffusion";
import { attentionTaps } from "#main/ml/models/stable-diffusion/tap-collector";
import { diffsimTap, type DiffsimBlock } from "#main/ml/models/stable-diffusion/taps";
import { buildUNet } from "#main/ml/models/stable-diffusion/unet";
import { stagedUNetTaps } from "#main/ml/metrics/diffsim/staged-tensors";
import { tensor, type Float32Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint, type Checkpoint } from "#main/ml/weights/checkpoint";
import { largestDifference } from "../support/compare-tensors";
import { goldenCases, goldenCheckpoint, goldenTensors } from "../support/goldens";
import { runGraph } from "../support/run-graph";

const tolerance = { vae: 5e-5, unet: 1.8e-5 };
const cases = goldenCases("diffsim-s").filter(({ tensors = {} }) => "A.conv_in" in tensors);
const sides = ["A", "B"] as const;

test("no case is lost", () => expect(cases).toHaveLength(6));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const { target_block: block, target_layer: layer, timestep, img_size: size } = golden.parameters;
  const opened = openModel(goldenCheckpoint(golden.checkpoint ?? "")).then(openStableDiffusion);
  const stored = openCheckpoint(goldenTensors(golden));

  test.each(["fused", "decomposed"] satisfies AttentionForm[])("VAE encoder, %s attention", async (attention) => {
    const { vae } = await opened;
    const graph = vae.build({ height: Number(size), width: Number(size), attention });
    for (const side of sides) {
      const { mean, logvar } = await runGraph(graph, { pixel_values: await (await stored).readTensor(`${side}.vae_input`) });
      expect(largestDifference(mean, await (await stored).readTensor(`${side}.vae_mean`))).toBeLessThan(tolerance.vae);
      expect(largestDifference(logvar, await (await stored).readTensor(`${side}.vae_logvar`))).toBeLessThan(tolerance.vae);
    }
  });

  test.each(["fused", "decomposed"] satisfies AttentionForm[])("U-Net, %s attention", async (attention) => {
    const { unet } = await opened;
    const tap = diffsimTap(unet.config, block === "mid_blocks" ? "mid_block" : (block as DiffsimBlock), Number(layer));
    const [query, key, value, output] = attentionTaps(tap);
    const stages = new Map([
      ...stagedUNetTaps(tap, unet.config.blockOutChannels.length),
      ["q", query],
      ["k", key],
      ["v", value],
      ["self_attention", output],
    ]);
    for (const side of sides) {
      const sample = await (await stored).readTensor(`${side}.unet_input`);
      const [, , height = 0, width = 0] = sample.shape;
      const graph = buildUNet(unet.weights, unet.config, { height, width, textTokens: 77, taps: [...stages.values()], attention });
      const text = await guidanceText(await stored);
      const outputs = await runGraph(graph, {
        sample,
        timestep: tensor([2], new Float32Array(2).fill(Number(timestep))),
        encoder_hidden_states: text,
      });
      const wrong: Record<string, number> = {};
      for (const [stage, name] of stages) {
        const difference = largestDifference(outputs[name], await (await stored).readTensor(`${side}.${stage}`));
        if (!(difference < tolerance.unet)) wrong[`${side}.${stage}`] = difference;
      }
      expect(wrong).toEqual({});
    }
  });
});

const xlCases = goldenCases("diffsim-xl").filter(({ id, tensors = {} }) => "conv_in_A" in tensors && !id.includes("/ip-"));

test("no case of SDXL is lost", () => expect(xlCases).toHaveLength(1));

describe.each(xlCases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test.each(["fused", "decomposed"] satisfies AttentionForm[])("U-Net of SDXL, %s attention", async (attention) => {
    const model = await openModel(goldenCheckpoint(golden.checkpoint ?? ""));
    const config = parseUNet2DConditionConfig(model.partConfig("unet"));
    const stored = await openCheckpoint(goldenTensors(golden));
    const modules = Object.keys(golden.tensors ?? {}).flatMap(
      (name) => /^((?:conv|time_emb|add_emb|down|mid|up)\S*)_A$/.exec(name)?.[1] ?? [],
    );
    const [query, key, value] = attentionTaps(String(golden.outputs["module"]));
    const stages = new Map([...modules.map((name) => [name, name] as const), ["q", query], ["k", key], ["v", value]]);
    const sample = await stored.readTensor("unet_input_A");
    const [, , height = 0, width = 0] = sample.shape;
    const graph = buildUNet(model.part("unet").scope(), config, { height, width, textTokens: 77, taps: [...stages.values()], attention });
    const outputs = await runGraph(graph, {
      sample,
      timestep: tensor([2], new Float32Array(2).fill(Number(golden.outputs["timestep"]))),
      encoder_hidden_states: await stored.readTensor("encoder_hidden_states"),
      text_embeds: await stored.readTensor("text_embeds"),
      time_ids: await stored.readTensor("time_ids"),
    });
    const wrong: Record<string, number> = {};
    for (const [stage, name] of stages) {
      const difference = largestDifference(outputs[name], await stored.readTensor(`${stage}_A`));
      if (!(difference < tolerance.unet)) wrong[stage] = difference;
    }
    expect(modules).toHaveLength(11);
    expect(wrong).toEqual({});
  });
});

/** Negative prompt, then prompt: [2, T, C]. */
async function guidanceText(stored: Checkpoint): Promise<Float32Tensor> {
  const [negative, positive] = [await stored.readTensor("text_negative"), await stored.readTensor("text_positive")];
  return tensor([2, ...negative.shape.slice(1)], Float32Array.from([...negative.data, ...positive.data]));
}
