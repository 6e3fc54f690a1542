/**
 * @file The VAE encoder and the U-Net of Stable Diffusion against diffusers, each fed with the published code's own intermediate results. Errors do not add up
 * over stages here, so the tolerances are tight enough for a wrong epsilon of a norm, which no score shows.
 */
import { describe, expect, test } from "vitest";
import { openModel } from "#main/ml/models/model-folder";
import { buildImageAttention, openIpAdapter } from "#main/ml/models/ip-adapter/ip-adapter";
import { parseUNet2DConditionConfig, type UNet2DConditionConfig } from "#main/ml/models/stable-diffusion/config";
import { openStableDiffusion } from "#main/ml/models/stable-diffusion/stable-diffusion";
import { attentionTaps, imageAttentionTaps } from "#main/ml/models/stable-diffusion/tap-collector";
import { diffsimTap, type DiffsimBlock } from "#main/ml/models/stable-diffusion/taps";
import { buildUNet } from "#main/ml/models/stable-diffusion/unet";
import { stagedUNetTaps } from "#main/ml/metrics/diffsim/staged-tensors";
import { stackRows } from "#main/ml/tensor/stack-rows";
import { tensor, type Float32Tensor, type Tensor } from "#main/ml/tensor/tensor";
import { openCheckpoint, type Checkpoint } from "#main/ml/weights/checkpoint";
import { goldenAdapterPaths } from "../support/golden-adapter";
import { largestDifference } from "../support/compare-tensors";
import { goldenCases, goldenCheckpoint, goldenTensors, type GoldenCase } from "../support/goldens";
import { runGraph } from "../support/run-graph";

const tolerance = { vae: 5e-5, unet: 1.8e-5 };
const forms = ["fused", "decomposed"] as const;
const sides = ["A", "B"] as const;

const cases = goldenCases("diffsim-s").filter(({ tensors = {} }) => "A.conv_in" in tensors);
const adapterCases = goldenCases("diffsim-c").filter(({ tensors = {} }) => "A.conv_in" in tensors);
const xlCases = goldenCases("diffsim-xl").filter(({ id, tensors = {} }) => "conv_in_A" in tensors && !id.includes("/ip-"));

test("no case is lost", () => expect([cases, adapterCases, xlCases].map(({ length }) => length)).toEqual([6, 2, 1]));

describe.each(cases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  const opened = openModel(goldenCheckpoint(golden.checkpoint ?? "")).then(openStableDiffusion);
  const opening = openCheckpoint(goldenTensors(golden));

  test.each(forms)("VAE encoder, %s attention", async (attention) => {
    const { vae } = await opened;
    const stored = await opening;
    const size = Number(golden.parameters["img_size"]);
    const graph = vae.build({ height: size, width: size, attention });
    for (const side of sides) {
      const { mean, logvar } = await runGraph(graph, { pixel_values: await stored.readTensor(`${side}.vae_input`) });
      expect(largestDifference(mean, await stored.readTensor(`${side}.vae_mean`))).toBeLessThan(tolerance.vae);
      expect(largestDifference(logvar, await stored.readTensor(`${side}.vae_logvar`))).toBeLessThan(tolerance.vae);
    }
  });

  test.each(forms)("U-Net, %s attention", async (attention) => {
    const { unet } = await opened;
    const stored = await opening;
    const tap = tapOf(golden, unet.config);
    const stages = new Map([...stagedUNetTaps(tap, unet.config.blockOutChannels.length), ...attentionStages(attentionTaps(tap))]);
    for (const side of sides) {
      const feeds = await guidanceFeeds(golden, stored, side);
      const graph = buildUNet(unet.weights, unet.config, {
        ...sizeOf(feeds.sample),
        textTokens: 77,
        taps: [...stages.values()],
        attention,
      });
      expect(await wrongStages(await runGraph(graph, feeds), stages, (stage) => stored.readTensor(`${side}.${stage}`))).toEqual({});
    }
  });
});

describe.each(adapterCases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test.each(forms)("Resampler, and U-Net with an image beside the text, %s attention", async (attention) => {
    const { unet } = await openStableDiffusion(await openModel(goldenCheckpoint(golden.checkpoint ?? "")));
    const { ipAdapter } = goldenAdapterPaths(String(golden.parameters["ip_checkpoint"]));
    const adapter = openIpAdapter(await openCheckpoint(ipAdapter), unet.config);
    const stored = await openCheckpoint(goldenTensors(golden));
    const tap = tapOf(golden, unet.config).replace(/attn1$/, "attn2");
    const stages = new Map([...stagedUNetTaps(tap, unet.config.blockOutChannels.length), ...attentionStages(imageAttentionTaps(tap))]);
    for (const side of sides) {
      const states = stackRows([await stored.readTensor(`${side}.ip_hidden_zero`), await stored.readTensor(`${side}.ip_hidden`)]);
      const shown = await runGraph(buildImageAttention(adapter, { imageTokens: 257, attention }), { image_hidden_states: states });
      const feeds = await guidanceFeeds(golden, stored, side);
      const image = { tokens: 16, scale: Number(golden.parameters["ip_adapter_scale"]) };
      const options = { ...sizeOf(feeds.sample), textTokens: 77, taps: [...stages.values()], attention, image };
      const outputs = await runGraph(buildUNet(unet.weights, unet.config, options), { ...feeds, ...shown });
      expect(await wrongStages(outputs, stages, (stage) => stored.readTensor(`${side}.${stage}`))).toEqual({});
    }
  });
});

describe.each(xlCases.map((golden) => [golden.id, golden] as const))("%s", (_id, golden) => {
  test.each(forms)("U-Net of SDXL, %s attention", async (attention) => {
    const model = await openModel(goldenCheckpoint(golden.checkpoint ?? ""));
    const config = parseUNet2DConditionConfig(model.partConfig("unet"));
    const stored = await openCheckpoint(goldenTensors(golden));
    const modules = Object.keys(golden.tensors ?? {}).flatMap(
      (name) => /^((?:conv|time_emb|add_emb|down|mid|up)\S*)_A$/.exec(name)?.[1] ?? [],
    );
    expect(modules).toHaveLength(11);
    const [query, key, value] = attentionTaps(String(golden.outputs["module"]));
    const stages = new Map([...modules.map((name) => [name, name] as const), ["q", query], ["k", key], ["v", value]]);
    const sample = await stored.readTensor("unet_input_A");
    const options = { ...sizeOf(sample), textTokens: 77, taps: [...stages.values()], attention };
    const outputs = await runGraph(buildUNet(model.part("unet").scope(), config, options), {
      sample,
      timestep: twice(Number(golden.outputs["timestep"])),
      encoder_hidden_states: await stored.readTensor("encoder_hidden_states"),
      text_embeds: await stored.readTensor("text_embeds"),
      time_ids: await stored.readTensor("time_ids"),
    });
    expect(await wrongStages(outputs, stages, (stage) => stored.readTensor(`${stage}_A`))).toEqual({});
  });
});

/** Path of the self-attention the case taps. */
function tapOf({ parameters }: GoldenCase, config: UNet2DConditionConfig): string {
  const block = parameters["target_block"] === "mid_blocks" ? "mid_block" : (parameters["target_block"] as DiffsimBlock);
  return diffsimTap(config, block, Number(parameters["target_layer"]));
}

function attentionStages([query, key, value, output]: ReturnType<typeof attentionTaps>): ReadonlyMap<string, string> {
  return new Map([
    ["q", query],
    ["k", key],
    ["v", value],
    ["self_attention", output],
  ]);
}

/** What the published code fed its U-Net with; rows are the negative prompt, then the prompt. */
async function guidanceFeeds(
  { parameters }: GoldenCase,
  stored: Checkpoint,
  side: string,
): Promise<{ readonly sample: Float32Tensor } & Record<string, Tensor>> {
  return {
    sample: await stored.readTensor(`${side}.unet_input`),
    timestep: twice(Number(parameters["timestep"])),
    encoder_hidden_states: stackRows([await stored.readTensor("text_negative"), await stored.readTensor("text_positive")]),
  };
}

function twice(timestep: number): Float32Tensor {
  return tensor([2], Float32Array.of(timestep, timestep));
}

function sizeOf({ shape }: Float32Tensor): { readonly height: number; readonly width: number } {
  const [, , height = 0, width = 0] = shape;
  return { height, width };
}

/** The stages that are not what the published code has there, and how far off they are. */
async function wrongStages(
  outputs: Readonly<Record<string, Tensor>>,
  stages: ReadonlyMap<string, string>,
  expected: (stage: string) => Promise<Float32Tensor>,
): Promise<Readonly<Record<string, number>>> {
  const wrong: Record<string, number> = {};
  for (const [stage, name] of stages) {
    const difference = largestDifference(outputs[name], await expected(stage));
    if (!(difference < tolerance.unet)) wrong[stage] = difference;
  }
  return wrong;
}
